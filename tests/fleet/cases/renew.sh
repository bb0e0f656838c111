# SPDX-License-Identifier: MIT
# One token endpoint, many machines: a refresh token is spent once.
TOKEN_PATH=/api/connect/token

short_lived()	# SECONDS: sign in with a token of that life; later ones live an hour
{
	no_faults
	platform_settings "{\"accessTokenLifetime\":$1}"
	new_browser renewer
	yes "signing in with a token of $1 s" sign_in ada
	platform_settings '{"accessTokenLifetime":3600}'
	forget_calls
}

# Over.
short_lived 2
sleep 2.2
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":9,\"delayMs\":2500}"
everywhere 15 GET /api/plan
is "$MANY" 200x15 'an expired token asked for fifteen times at once, on all machines, by a slow platform'
is "$(token_calls)" 1 'is refreshed once'
no_faults
answer_of_each GET /api/plan
is "$EACH" '200 200 200' 'which serves on each of them'
is "$(token_calls)" 1 'without another'

# Due, not over: nobody waits for who refreshes it.
short_lived 61
sleep 1.3
everywhere 15 GET /api/plan
is "$MANY" 200x15 'a token that is due, asked for fifteen times at once'
is "$(token_calls)" 1 'is refreshed once'
