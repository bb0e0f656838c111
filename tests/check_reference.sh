#!/bin/bash
# SPDX-License-Identifier: MIT
# The reference of a request: the same in the error page or document, in the log, and at the platform.
set -uo pipefail

# shellcheck source=tests/served.sh
. "$(dirname "$0")/served.sh"
served_begin lighttpd
sandbox_start || exit 1
sandbox_settings
start_host lighttpd-fcgi || exit 1

# Lines of the programs' log that have all of these.
logged()	# WORD...
{
	local lines word

	lines=$(cat "$LOG_DIR/oscgi.log")
	for word; do
		lines=$(grep -F -e "$word" <<<"$lines")
	done
	[ -n "$lines" ]
}

asked_with()	# PATH: the reference with which the platform was asked there last
{
	platform GET /sandbox/requests
	gojq -r --arg path "$1" '[.[] | select(.path | endswith($path))] | last | .headers["x-request-id"]' <<<"$PLATFORM"
}

platform_settings '{"faults":[{"role":"app","path":"/api/connect/token","status":500,"times":1}]}'
sign_in ada
page=$(sed -n 's/.*Reference: \([A-Za-z0-9_-]*\).*/\1/p' <<<"$BODY")
is "$STATUS" 502 'a sign-in fails'
like "$page" '^[A-Za-z0-9_-]{16}$' 'its page has a reference'
yes 'the log line of the request has it' logged event=request "id=$page " status=502 program=callback
is "$(asked_with /connect/token)" "$page" 'and the platform got it'

yes 'signing in' sign_in ada
req GET /auth/status
platform_settings '{"faults":[{"role":"catalog","drop":true,"times":2}]}'
req GET /api/services -H "X-Request-Id: from-outside"
document=$(json .instance)
is "$STATUS" 502 'a call fails'
like "$document" '^[A-Za-z0-9_-]{16}$' 'its document has a reference'
isnt "$document" "$page" 'of its own'
yes 'the log line of the request has it' logged event=request "id=$document " status=502 program=services
yes 'and that of the call to the platform' logged event=upstream_failed "request_id=$document "
is "$(asked_with /mysubscriptions)" "$document" 'and the platform got it'
no_outside=$(grep -c from-outside "$LOG_DIR/oscgi.log")
is "$no_outside" 0 'what a visitor calls a request counts for nothing'
platform_settings '{"faults":[]}'
req GET /api/services
is "$STATUS" 200 'a call that succeeds'
yes 'has one too' logged event=request program=services "id=$(asked_with /mysubscriptions) " status=200
tap_end
