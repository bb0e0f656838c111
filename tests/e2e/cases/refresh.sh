# SPDX-License-Identifier: MIT
# Staying signed in past the token's hour.

short_lived()	# SECONDS: sign in with a token of that life; later ones live an hour
{
	no_faults
	platform_settings "{\"accessTokenLifetime\":$1}"
	new_browser one
	yes "signing in with a token of $1 s" sign_in ada
	platform_settings '{"accessTokenLifetime":3600}'
	forget_calls
}

new_browser nobody
expect POST /auth/refresh 401 'refresh without a session is 401'
like "$(header Content-Type)" 'json' 'in JSON'

short_lived 3600
expect POST /auth/refresh 200 'refresh when nothing is due'
is "$(json .signedIn)" true 'is done all the same'
yes 'and says until when' test "$(json .expiresAt)" -gt "$(date +%s)"
is "$(token_calls)" 1 'by one call'
req POST /auth/refresh
is "$STATUS$(token_calls)" 2002 'again: the refresh token was replaced too'
# Slow enough that the ten meet; where they are started so slowly that they did not, once more.
for slow in 1000 2500; do
	fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":99,\"delayMs\":$slow}"
	forget_calls
	many 10 POST /auth/refresh
	{ [ "$HOST" != apache-fcgid ] && [ "$(token_calls)" -gt 1 ]; } || break
done
is "$MANY" 200x10 'ten at once are answered'
case $HOST in
# This one starts processes as it sees fit, and keeps back those who find none.
apache-fcgid) yes 'by less than ten calls' test "$(token_calls)" -lt 10 ;;
*) is "$(token_calls)" 1 'by one call' ;;
esac
req POST /auth/refresh
is "$STATUS" 200 'who asks afterwards'
yes 'is one of its own' test "$(token_calls)" -gt 1
no_faults
yes 'and the session lives' signed_in

# Due: 60 s before the end.
short_lived 61
sleep 1.3
many 20 GET /api/plan
is "$MANY" 200x20 'twenty requests that find the token due'
is "$(token_calls)" 1 'make one refresh'
many 5 GET /api/plan
is "$(token_calls)" 1 'which is good for the next ones'

# Over: unnoticed by the visitor.
short_lived 2
sleep 2.3
req GET /auth/status
is "$(json '(.signedIn|tostring) + (.canRefresh|tostring)')" truetrue 'an expired token with a refresh token counts as signed in'
many 20 GET /api/plan
is "$MANY" 200x20 'twenty requests after expiry wait for the new one'
is "$(token_calls)" 1 'and make one refresh'

# The platform is ill.
short_lived 30
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":99,\"status\":503}"
sleep 0.5
expect GET /api/plan 200 'the token still lives'
short_lived 61
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":99,\"status\":503}"
sleep 1.3
expect GET /api/plan 200 'due, and the refresh fails: the old token is good'
is "$(token_calls)" 1 'and it was tried'
short_lived 2
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":99,\"status\":503}"
sleep 2.3
expect GET /api/plan 502 'over, and the refresh fails: 502'
expect GET /auth/check 502 'also for the check'
expect POST /auth/refresh 502 'also when asked for'
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":99,\"delayMs\":5000}"
expect GET /api/plan 504 'over, and the refresh is too slow: 504'
no_faults
# That call may have spent the refresh token: what is kept is tried.
short_lived 2
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":1,\"drop\":true}"
sleep 2.3
req GET /api/plan
like "$STATUS" '^50[24]$' 'a connection that breaks'
expect GET /api/plan 200 'the tokens were kept'

# The platform refuses.
short_lived 2
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":1,\"status\":400,\"contentType\":\"application/json\",\"body\":\"{\\\"error\\\":\\\"invalid_grant\\\"}\"}"
sleep 2.3
expect GET /api/plan 401 'invalid_grant is 401'
no_faults
req GET /auth/status
is "$BODY" '{"signedIn":false}' 'the tokens are gone'
forget_calls
expect POST /auth/refresh 401 'there is nothing to refresh with'
is "$(token_calls)" 0 'and nobody is asked'

# A token that the platform refuses before its time.
short_lived 3600
req GET /auth/check
tenant=$(header X-OSC-Tenant)
platform POST /sandbox/revoke "{\"tenant\":\"$tenant\",\"kind\":\"access\"}"
forget_calls
expect GET /api/plan 200 'an access token refused early'
is "$(token_calls)" 1 'is refreshed once'
platform POST /sandbox/revoke "{\"tenant\":\"$tenant\",\"kind\":\"all\"}"
req GET /api/plan
is "$STATUS" 401 'with the refresh token refused too it is 401'

# Without a refresh token the end is the end.
platform_settings '{"omitRefreshToken":true}'
short_lived 2
platform_settings '{"omitRefreshToken":false}'
sleep 2.3
req GET /auth/status
is "$BODY" '{"signedIn":false}' 'expired without a refresh token is signed out'
expect GET /api/plan 401 'and 401'
browser one
