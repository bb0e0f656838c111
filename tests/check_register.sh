#!/bin/bash
# SPDX-License-Identifier: MIT
# oscgi register: once, kept, what it prints; and the next sign-in uses it.
set -uo pipefail

# shellcheck source=tests/served.sh
. "$(dirname "$0")/served.sh"
served_begin lighttpd
sandbox_start || exit 1
sandbox_settings

register()
{
	host_write_settings
	OUT=$("${AS_SUITE[@]}" "$SCRATCH/bin/oscgi" register "$@" 2>&1)
	RC=$?
	LAST="oscgi register $*: $OUT"
}

registrations()
{
	curl -s "$SANDBOX_APP/sandbox/requests" |
	    gojq '[(if type == "array" then . else .requests end)[] | select(.path | endswith("/connect/register"))] | length'
}

register --help
is $RC 0 'help is told'
like "$OUT" '^Usage: oscgi register' 'and how to use it'
register --nonsense
is $RC 2 'wrong usage is refused'
register
is $RC 1 'without PUBLIC_URL nobody knows where visitors come back to'
like "$OUT" 'PUBLIC_URL' 'which is said'
is "$(registrations)" 0 'and nothing is registered'

port=$(host_free_port)
setting PUBLIC_URL "http://127.0.0.1:$port"
register
is $RC 0 'the site is registered'
client=$(sed -n 's/^  client id  *//p' <<<"$OUT")
isnt "$client" '' 'the client id is printed'
like "$OUT" "redirect URI  http://127.0.0.1:$port/auth/callback" 'and the redirect URI'
unlike "$OUT" 'osc_secret' 'never the secret'
is "$(registrations)" 1 'once'
register
is "$RC $(sed -n 's/^  client id  *//p' <<<"$OUT")" "0 $client" 'a second time changes nothing'
is "$(registrations)" 1 'and asks nobody'

start_host lighttpd-fcgi "$port" || exit 1
if [ "$PORT" = "$port" ]; then
	LAST=$(curl -s -o /dev/null -w '%{redirect_url}' "$BASE/auth/signin")
	like "$LAST" "client_id=$client(&|$)" 'the first sign-in uses it'
	is "$(registrations)" 1 'and registers nothing more'
fi

register --cgi-bin
like "$OUT" "redirect URI  http://127.0.0.1:$port/cgi-bin/callback" 'below /cgi-bin/ it is another address'
is "$RC $(registrations)" '0 2' 'with a registration of its own'

setting CLIENT_ID by-hand
register
is $RC 0 'with CLIENT_ID there is nothing to register'
like "$OUT" 'client id     by-hand' 'it tells whose'
like "$OUT" "redirect URI  http://127.0.0.1:$port/auth/callback" 'redirect URI must be what'
is "$(registrations)" 2 'and asks nobody'
setting CLIENT_ID

setting PUBLIC_URL https://other.example
stop_host
sandbox_stop
register
is $RC 1 'a platform that does not answer registers nobody'
tap_end
