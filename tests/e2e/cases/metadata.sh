# SPDX-License-Identifier: MIT
# Discovery and registration, each from the first day on.

register_calls()
{
	calls '.method == "POST" and (.path | test("register"))'
}

for discovery in missing not-json wrong-issuer http-endpoints; do
	platform_settings "{\"discovery\":\"$discovery\"}"
	fresh_host
	new_browser one
	yes "with metadata $discovery the documented endpoints are used" sign_in ada
done
platform_settings '{"discovery":"ok"}'

fresh_host
new_browser one
forget_calls
many 16 GET /auth/signin
is "$MANY" 303x16 'sixteen sign-ins at the same instant'
is "$(register_calls)" 1 'make one registration'
platform GET /sandbox/requests
yes 'signing in after it' sign_in ada
forget_calls
restart_host
yes 'signing in after a restart' sign_in ada
is "$(register_calls)" 0 'uses the registration that was kept'

fresh_host
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$REGISTER_PATH\",\"times\":9,\"status\":500,\"body\":\"no\"}"
new_browser one
expect GET /auth/signin 502 'a registration that fails is 502'
like "$(header Content-Type)" '^text/html' 'on a page'
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$REGISTER_PATH\",\"times\":9,\"delayMs\":5000}"
expect GET /auth/signin 504 'one that is too slow is 504'
no_faults
yes 'and the next is made' sign_in ada

# Of its own accord: a client that the platform has forgotten.
new_browser one
