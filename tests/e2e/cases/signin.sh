# SPDX-License-Identifier: MIT
# Signing in, as it should go.

new_browser one
req GET /auth/status
is "$STATUS" 200 'status answers a stranger'
is "$BODY" '{"signedIn":false}' 'who is not signed in'

begin /
is "$STATUS" 303 'signin redirects'
like "$AUTHORIZE" "^$SANDBOX_APP/" 'to the platform'
is "$(query_value "$AUTHORIZE" response_type)" code 'asks for a code'
is "$(query_value "$AUTHORIZE" code_challenge_method)" S256 'with PKCE S256'
like "$(query_value "$AUTHORIZE" code_challenge)" '^[A-Za-z0-9_-]{43}$' 'and a challenge of 43 characters'
like "$STATE" '^[A-Za-z0-9._~-]{22,}$' 'with a state'
like "$(query_value "$AUTHORIZE" client_id)" '.' 'with a client id'
is "$(query_value "$AUTHORIZE" redirect_uri | sed 's/%3A/:/gi; s/%2F/\//gi')" "$BASE/auth/callback" 'and the redirect URI of the address at which it was reached'
unlike "$AUTHORIZE" 'secret|verifier' 'nothing secret is in that URL'
set_cookie=$(header Set-Cookie)
like "$set_cookie" '^oscgi=[A-Za-z0-9_-]{43,}(;|$)' 'a cookie of 256 bits is set'
like "$set_cookie" '; *HttpOnly' 'which scripts cannot read'
like "$set_cookie" '; *SameSite=Lax' 'which other sites do not send along'
like "$set_cookie" '; *Path=/(;|$)' 'for the whole site'
unlike "$set_cookie" 'Secure|Domain' 'over http it is not Secure; it has no domain'
before=$(cookie_value)

consent ada
like "$CALLBACK" '[?&]code=' 'the platform sends back a code'
come_back
is "$STATUS" 303 'callback redirects'
like "$(header Location)" "^($BASE)?/\$" 'to the first page'
is "$(header Referrer-Policy)" no-referrer 'and its URL is passed on to nobody'
after=$(cookie_value)
isnt "$after" "$before" 'a new session id is issued'

req GET /auth/status
is "$(json 'keys | join(",")')" canRefresh,expiresAt,signedIn,signedInAt 'status says four things'
is "$(json .signedIn)" true 'signed in'
is "$(json .canRefresh)" true 'with a refresh token'
now=$(date +%s)
yes 'since now' test "$(json .signedInAt)" -ge $((now - 20)) -a "$(json .signedInAt)" -le "$now"
yes 'for an hour' test "$(json .expiresAt)" -ge $((now + 3500)) -a "$(json .expiresAt)" -le $((now + 3610))
forget_calls
req GET /auth/status
is "$(calls true)" 0 'status makes no upstream call'

expect GET "${CALLBACK#"$BASE"}" 400 'the same callback again is refused'
like "$BODY" 'Invalid state parameter' 'which says why'
yes 'and changes nothing' signed_in

bare GET /auth/status -H "Cookie: oscgi=$before"
is "$BODY" '{"signedIn":false}' 'the cookie of before names nothing'

# A second sign-in ends the first session.
yes 'signing in again' sign_in ada
isnt "$(cookie_value)" "$after" 'issues another id'
bare GET /auth/status -H "Cookie: oscgi=$after"
is "$BODY" '{"signedIn":false}' 'the session of before is deleted'

# An id that somebody planted is not taken over.
new_browser planted
planted=$(printf 'A%.0s' {1..43})
begin / -H "Cookie: oscgi=$planted"
consent ada
come_back
isnt "$(cookie_value)" "$planted" 'a planted id is not taken over'
bare GET /auth/status -H "Cookie: oscgi=$planted"
is "$BODY" '{"signedIn":false}' 'and signs nobody in'

# A prefetch starts nothing.
new_browser prefetch
req GET /auth/signin -H 'Sec-Purpose: prefetch'
is "$STATUS" 204 'a prefetch is 204'
unlike "$HEAD" '[Ss]et-[Cc]ookie' 'sets no cookie'
is "$(header Location)" '' 'and leads nowhere'
req GET /auth/signin -H 'Sec-Purpose: prefetch;prerender'
is "$STATUS" 204 'a prerender too'

# Where one wanted to go.
goes_to()
{
	new_browser wanderer
	begin "$1"
	if [ "$STATUS" != 303 ]; then
		fail "return_to=${1:0:60}: signin goes on" "status $STATUS"
		return
	fi
	consent ada
	come_back
	local place
	place=$(header Location)
	is "${place#"$BASE"}" "$2" "return_to=${1:0:60} leads to ${2:0:60}"
}
goes_to /dashboard.html /dashboard.html
goes_to '/a/b%3Fx%3D//y' '/a/b?x=//y'
goes_to '/a%3Fx%3D/../y%26z%3D1' '/a?x=/../y&z=1'
goes_to '/na%C3%AFve%20page%3Fq%3D%22a%5C%3E%25%26r%3D%2541' '/na%C3%AFve%20page?q=%22a%5C%3E%25&r=%41'
for bad in '//evil.example/' 'https://evil.example/' '/%5Cevil.example' '%5C%5Cevil.example' '/a//b' '/a/../b' \
    '/./a' '/a%0d%0aSet-Cookie:x=1' '/%09/evil.example' '/a%00b' 'dashboard.html' '' '/%2Fevil.example' '/a%5Cb' \
    "/$(printf 'x%.0s' {1..2100})" 'javascript:alert(1)'; do
	goes_to "$bad" /
done
new_browser wanderer
begin '/a&return_to=//evil.example/'
if [ "$STATUS" = 303 ]; then
	consent ada
	come_back
	unlike "$(header Location)" evil 'return_to given twice does not lead away'
else
	is "$STATUS" 400 'return_to given twice is refused'
fi

# Several tabs of one browser at once.
new_browser tabs
begin /one;   url_one=$AUTHORIZE
begin /two;   url_two=$AUTHORIZE
begin /three; url_three=$AUTHORIZE
begin /four;  url_four=$AUTHORIZE
req GET '/auth/callback?code=x&state=nonsense'
is "$STATUS" 400 'a refused callback among several tabs'
for tab in two three one; do
	url=url_$tab
	AUTHORIZE=${!url}
	consent ada
	come_back
	is "$STATUS" 303 "tab $tab succeeds"
	like "$(header Location)" "/$tab\$" 'and ends where it wanted to go'
	yes 'signed in' signed_in
done
AUTHORIZE=$url_four
consent ada deny
come_back
is "$STATUS" 403 'the last tab is denied'
yes 'and the others stay signed in' signed_in
browser one

# Plain http off the loopback, as browsers reach it: what the proxy beside us asks for is not what counts.
begin_as()	# VARIABLE=VALUE...
{
	"${AS_SUITE[@]}" env OSCGI_CONFIG="$OSCGI_CONFIG" REQUEST_METHOD=GET SCRIPT_NAME=/auth/signin REMOTE_ADDR=127.0.0.1 \
	    HTTP_HOST=localhost "$@" "$SCRATCH/cgi-bin/signin" </dev/null 2>/dev/null
}
refused=$(begin_as PUBLIC_URL=http://app.example.org)
like "$refused" '^Status: 400' 'no sign-in at an http address of PUBLIC_URL'
like "$refused" 'ALLOW_HTTP' 'and it says why'
like "$(begin_as PUBLIC_URL=http://app.example.org ALLOW_HTTP=1)" '^Status: 303' 'unless that is allowed'
like "$(begin_as PUBLIC_URL=https://app.example.org HTTP_HOST=app.example.org)" '^Status: 303' 'at an https one'
