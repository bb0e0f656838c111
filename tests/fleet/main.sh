#!/bin/bash
# SPDX-License-Identifier: MIT
#
# main.sh - the machines, and what is tried on them.  Run by run.

set -uo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- visitors renew trouble tunnel
TAP_PREFIX='fleet: '

for part in e2e/hosts e2e/sandbox e2e/store e2e/tap e2e/client fleet/net fleet/relay fleet/fleet; do
	# shellcheck source=/dev/null
	. "$HERE/../$part.sh"
done

finish()
{
	fleet_stop
	store_stop
	relay_stop
	sandbox_stop
	net_stop
	host_cleanup
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

BEGAN=$SECONDS
net_start || exit 1
host_prepare "$E2E_BUILD" "$E2E_SOURCE" || exit 1
client_prepare
sandbox_start || exit 1
sandbox_settings
fleet_start || exit 1

for cases; do
	diag "$cases (at $((SECONDS - BEGAN)) s)"
	TAP_PREFIX="fleet/$cases: "
	# shellcheck source=/dev/null
	. "$HERE/cases/$cases.sh"
done

TAP_PREFIX='fleet: '
if [ -s "$BREACHES" ]; then
	fail 'every answer has what every answer must have' "$(sort "$BREACHES" | uniq -c | sort -rn | head -n 20)"
else
	pass 'every answer has what every answer must have'
fi
yes 'every process ends on SIGTERM' fleet_stop

tap_end
status=$?
if [ "$status" -ne 0 ]; then
	keep=${E2E_KEEP:-$E2E_BUILD/e2e-logs}/fleet
	rm -rf "$keep"
	mkdir -p "$keep" && cp -r "$SHARED"/logs "$SCRATCH"/sandbox.err "$SCRATCH"/store.log "$ANSWERS" "$keep" 2>/dev/null
	diag "$TAP_FAILED failed; logs in $keep"
fi
exit "$status"
