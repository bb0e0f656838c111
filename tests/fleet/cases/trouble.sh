# SPDX-License-Identifier: MIT
# The store's troubles, with visitors who are signed in.  Whatever happens: 503 with Retry-After,
# no cookie is touched, nothing that was answered is lost, and all goes on by itself.

TOKEN_PATH=/api/connect/token

# One visitor with a token for an hour, and for each trouble one whose token is over.
no_faults
new_browser steady
yes 'a visitor is signed in' sign_in ada
platform_settings '{"accessTokenLifetime":2}'
for trouble in gone asked cable slow narrow full; do
	new_browser "$trouble"
	yes 'and one with a token that is soon over' sign_in ben
done
platform_settings '{"accessTokenLifetime":3600}'
sleep 2.1

# The visitor of that name has a token that is over.
trouble()
{
	diag "$2 (at $((SECONDS - BEGAN)) s)"
	OVER=$1
	forget_calls
}

# METHOD PATH of the visitor, on each machine: 503, and nothing is done.
refused()
{
	local name before what="$* on each machine:"

	before=$(cookie_value)
	for name in "${MACHINES[@]}"; do
		on "$name"
		req "$@"
		is "$STATUS,$(header Retry-After | grep -cE '^[0-9]+$'),$(header Set-Cookie),$(cookie_value)" "503,1,,$before" \
		    "$what 503, Retry-After, the cookie stays ($name)"
	done
}

# As it was before, on the same processes.
well_again()
{
	browser steady
	answer_of_each GET /api/plan
	is "$EACH" '200 200 200' 'all is well by itself'
	forget_calls
	browser "$OVER"
	everywhere 6 GET /api/plan
	is "$MANY" 200x6 'also for the token that is over'
	is "$(token_calls)" 1 'which is refreshed once, now'
	answer_of_each GET /healthz
	is "$EACH" '200 200 200' 'healthz says so'
	is "$(processes)" "$PROCESSES" 'by the same processes'
}

browser steady
answer_of_each GET /api/plan
is "$EACH" '200 200 200' 'all is well'
PROCESSES=$(processes)
isnt "$PROCESSES" '' 'by processes that stay'

trouble gone 'gone'
new_browser traveller
on three
begin /
consent cleo
forget_calls
store_kill
browser steady
refused GET /auth/status
refused GET /api/plan
refused POST /auth/signout
refused GET /auth/check
refused GET /healthz
browser "$OVER"
refused GET /api/plan
refused POST /auth/refresh
browser traveller
on one
req GET "${CALLBACK#"$BASE"}"
is "$STATUS,$(header Set-Cookie)" 503, 'who comes back to sign in is told the same'
is "$(calls 'true')" 0 'and the platform is asked for nothing'
store_again
on two
come_back
is "$STATUS" 303 'the same callback signs in once the store is back'
well_again

# The refresh token is spent when the server goes, and what came for it cannot be stored.
trouble asked 'gone while the platform is asked, for five seconds'
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$TOKEN_PATH\",\"times\":9,\"delayMs\":2500}"
browser "$OVER"
everywhere 6 GET /api/plan &
asked=$!
for wait in {1..200}; do
	[ "$(calls ".path == \"$TOKEN_PATH\" and .status == 0")" = 0 ] || break
	sleep 0.05
done
store_kill
sleep 5
store_again
wait "$asked"
no_faults
everywhere 6 GET /api/plan
is "$MANY" 200x6 'who asked is signed in'
is "$(token_calls)" 1 'and was refreshed once'

trouble cable 'its cable is pulled'
cable store down
browser steady
everywhere 6 GET /auth/status
is "$MANY" 503x6 'six at once are told 503'
browser "$OVER"
everywhere 6 GET /api/plan
is "$MANY" 503x6 'six with the token that is over too'
is "$(token_calls)" 0 'which is not spent'
cable store up
well_again

trouble slow 'slow'
store_cli CLIENT PAUSE 1500 ALL >/dev/null
browser steady
everywhere 6 GET /auth/status
is "$MANY" 200x6 'a second and a half is waited for'
kill -STOP "$STORE_PID"
began=$SECONDS
everywhere 6 GET /auth/status
is "$MANY" 503x6 'more than three seconds are not'
yes 'and not much more' test $((SECONDS - began)) -le 9
kill -CONT "$STORE_PID"
well_again

trouble narrow 'behind a line that is too narrow'
if narrow_possible; then
	for rate in 6kbit 12kbit 24kbit; do
		narrow store "$rate"
		browser steady
		everywhere 20 GET /auth/status
		like "$MANY" '^(200x[0-9]+ ?)?(503x[0-9]+)?$' "$rate: twenty at once are served or told 503 ($MANY)"
		browser "$OVER"
		everywhere 20 GET /api/plan
		like "$MANY" '^(200x[0-9]+ ?)?(503x[0-9]+)?$' "$rate: twenty with the token that is over too ($MANY)"
	done
	like "$(token_calls)" '^[01]$' 'which is not refreshed twice'
	wide store
	browser "$OVER"
	everywhere 6 GET /api/plan
	is "$MANY" 200x6 'all is well by itself'
	is "$(token_calls)" 1 'and it is refreshed once in all'
	browser steady
	answer_of_each GET /api/plan
	is "$EACH" '200 200 200' 'nobody is signed out'
	is "$(processes)" "$PROCESSES" 'by the same processes'
else
	pass 'a narrow line # SKIP this kernel makes none'
fi

trouble full 'full'
new_browser traveller
begin /
consent cleo
forget_calls
store_cli CONFIG SET maxmemory 1 >/dev/null
browser steady
answer_of_each GET /api/plan
is "$EACH" '200 200 200' 'what only reads goes on'
refused GET /healthz
browser "$OVER"
refused GET /api/plan
browser traveller
on one
req GET "${CALLBACK#"$BASE"}"
is "$STATUS,$(header Set-Cookie)" 503, 'nobody can sign in'
is "$(token_calls)" 0 'neither refresh token nor code is spent'
browser steady
cp "$JAR" "$JAR.before"
expect POST /auth/signout 204 'signing out works'
bare GET /auth/status -H "Cookie: oscgi=$(JAR=$JAR.before cookie_value)"
is "$BODY" '{"signedIn":false}' 'and ends the session'
store_cli CONFIG SET maxmemory 0 >/dev/null
browser traveller
on three
come_back
is "$STATUS" 303 'with room again, the same callback signs in'
cp "$JAR" "$CLIENT_DIR/steady.jar"	# who left has come back
well_again

diag 'a password that is changed, and changed back'
browser steady
store_cli ACL SETUSER oscgi '>another' "<$STORE_PASSWORD" >/dev/null
store_cli CLIENT KILL USER oscgi >/dev/null
refused GET /auth/status
yes 'the log says why' grep -q WRONGPASS "${CGI[one]%/cgi-bin}/log/oscgi.log"
store_cli ACL SETUSER oscgi ">$STORE_PASSWORD" '<another' >/dev/null
answer_of_each GET /auth/status
is "$EACH" '200 200 200' 'all is well by itself'

diag 'killed while visitors sign in'
for number in 1 2 3 4 5 6; do
	new_browser "late$number"
	on "${MACHINES[number % 3]}"
	[ "$number" -ne 4 ] || { store_kill; store_again; }
	yes "visitor $number signs in" sign_in dora
done
store_kill
store_again
for number in 1 2 3 4 5 6; do
	browser "late$number"
	yes "and is signed in after another restart" signed_in
done
