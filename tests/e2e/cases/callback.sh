# SPDX-License-Identifier: MIT
# Every way in which the way back can go wrong.

state_error()	# WHAT, after a request
{
	is "$STATUS" 400 "$1"
	like "$BODY" 'Invalid state parameter' 'says: Invalid state parameter'
	like "$(header Content-Type)" '^text/html' 'on a page'
}

still_out()
{
	req GET /auth/status
	is "$BODY" '{"signedIn":false}' 'nobody is signed in'
}

new_browser lost
req GET /auth/callback
is "$STATUS" 400 'a callback with nothing'
req GET '/auth/callback?code=abc&state=abc'
state_error 'a callback without any sign-in'
begin /
req GET '/auth/callback?code=abc'
state_error 'a callback without state'
req GET '/auth/callback?code=abc&state='
state_error 'an empty state'
req GET "/auth/callback?code=abc&state=${STATE}x"
state_error 'a longer state'
req GET "/auth/callback?code=abc&state=${STATE%?}"
state_error 'a shorter state'
req GET "/auth/callback?code=abc&state=$(printf 'y%.0s' {1..5000})"
state_error 'a state of 5000 characters'
for odd in '%00' '%ff%fe' '%0d%0aX-Evil:%201' '%zz'; do
	req GET "/auth/callback?code=abc&state=$odd"
	state_error "the state $odd"
done
still_out

# Another browser's state.
begin /; stolen=$STATE
consent ada; stolen_callback=$CALLBACK
new_browser thief
req GET "${stolen_callback#"$BASE"}"
state_error "another browser's callback, without a cookie"
begin /
req GET "${stolen_callback#"$BASE"}"
state_error "another browser's callback, with a sign-in of its own"
still_out
browser lost
req GET "${stolen_callback#"$BASE"}"
is "$STATUS" 303 'the browser that began it still can'
req POST /auth/signout

# Codes.
new_browser lost
begin /
req GET "/auth/callback?state=$STATE"
is "$STATUS" 400 'no code'
begin /
req GET "/auth/callback?code=&state=$STATE"
is "$STATUS" 400 'an empty code'
forget_calls
for twice in "code=a&code=b&state=STATE" "code=a&state=STATE&state=STATE" "code=a&state=STATE&iss=x&iss=x" \
    "state=STATE&error=access_denied&error=access_denied"; do
	begin /
	req GET "/auth/callback?${twice//STATE/$STATE}"
	is "$STATUS" 400 "given twice: ${twice%%=*} ..."
done
is "$(token_calls)" 0 'none of them reached the token endpoint'
begin /
req GET "/auth/callback?code=$(printf 'c%.0s' {1..6000})&state=$STATE"
like "$STATUS" '^4(00|14)$' 'a code of 6000 characters'
still_out

# The platform says no.
begin /; url=$AUTHORIZE
consent ada deny
like "$CALLBACK" 'error=access_denied' 'the platform says that the visitor said no'
come_back
is "$STATUS" 403 'access denied is 403'
like "$(header Content-Type)" '^text/html' 'a page'
like "$BODY" '[Nn]ot granted|[Dd]enied' 'which says that access was not granted'
like "$BODY" 'href="?[^" >]*/?signin' 'with a link to try again'
state=$(query_value "$CALLBACK" state)
req GET "/auth/callback?code=x&state=$state"
state_error 'its state is used up'
still_out
begin /
req GET "/auth/callback?error=server_error&state=$STATE"
is "$STATUS" 400 'an error without the issuer that is announced is refused'
begin /
issuer=$(gojq -rn --arg issuer "$SANDBOX_APP" '$issuer | @uri')
req GET "/auth/callback?error=server_error&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state=$STATE&iss=$issuer"
is "$STATUS" 502 'another error is 502'
unlike "$BODY" '<script' 'and its text is not markup'
req GET "/auth/callback?code=x&state=$STATE"
state_error 'its state is used up too'
req GET '/auth/callback?error=access_denied&state=forged'
state_error 'an error with a forged state'

# The issuer.
platform_settings '{"iss":"wrong"}'
begin /
consent ada
forget_calls
come_back
is "$STATUS" 400 'another issuer is refused'
is "$(token_calls)" 0 'before the code is sent anywhere'
platform_settings '{"iss":"absent"}'
begin /
consent ada
come_back
is "$STATUS" 400 'an issuer that is announced and absent is refused'
platform_settings '{"iss":"right"}'
still_out

# The token endpoint.
token_fault()	# FAULT STATUS WHAT
{
	new_browser lost
	begin /
	consent ada
	fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":9,$1}"
	come_back
	is "$STATUS" "$2" "$3"
	no_faults
	still_out
	req GET "${CALLBACK#"$BASE"}"
	is "$STATUS" 400 'its state is used up'
}
token_fault '"status":400,"body":"{\"error\":\"invalid_grant\"}","contentType":"application/json"' 502 'a token endpoint that refuses'
token_fault '"status":500,"body":"oops"' 502 'one that fails'
token_fault '"status":200,"body":"<html>hello</html>","contentType":"text/html"' 502 'one that talks nonsense'
token_fault '"status":200,"body":"{\"token_type\":\"Bearer\"}","contentType":"application/json"' 502 'one that gives no token'
token_fault '"status":200,"body":"[1,2","contentType":"application/json"' 502 'one whose JSON is broken'
token_fault '"drop":true' 502 'one that hangs up'
token_fault '"status":302,"headers":{"Location":"http://127.0.0.1:1/"}' 502 'one that redirects'
token_fault '"delayMs":5000' 504 'one that is too slow'
if [ "$host" = lighttpd-fcgi ]; then
	token_fault '"status":200,"contentType":"application/json","bodyHuge":100000000' 502 'one that gives 100 MB'
	token_fault '"status":200,"contentType":"application/json","bodyDeep":10000' 502 'one that gives ten thousand levels'
	token_fault '"dripMs":1000' 504 'one that gives a byte every second'
	token_fault '"cutAfter":20' 502 'one that is cut off'
	token_fault '"status":200,"contentType":"application/json","bodyBase64":"eyJhY2Nlc3NfdG9rZW4iOiL//iJ9"' 502 'one that is no UTF-8'
	token_fault '"status":200,"contentType":"application/json","body":"{\"access_token\":\"a\\r\\nX: b\",\"token_type\":\"Bearer\"}"' \
	    502 'one whose token has a line break in it'
	token_fault '"status":200,"contentType":"application/json","body":"{\"access_token\":7,\"token_type\":\"Bearer\"}"' \
	    502 'one whose token is a number'
fi

# What a token reply may leave out.
new_browser poor
platform_settings '{"omitRefreshToken":true}'
yes 'a reply without refresh_token signs in' sign_in ada
req GET /auth/status
is "$(json .canRefresh)" false 'status tells that it cannot be refreshed'
platform_settings '{"omitRefreshToken":false,"omitExpiresIn":true}'
new_browser poor
yes 'a reply without expires_in signs in' sign_in ada
req GET /auth/status
now=$(date +%s)
yes 'for 3600 seconds' test "$(json .expiresAt)" -ge $((now + 3500)) -a "$(json .expiresAt)" -le $((now + 3610))
platform_settings '{"omitExpiresIn":false}'
browser one
