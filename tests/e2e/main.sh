#!/bin/bash
# SPDX-License-Identifier: MIT
#
# main.sh - the end-to-end tests under one web server
#
#	main.sh HOST [CASES...]		TAP; exit status 0 when all is well
#
# E2E_BUILD and E2E_SOURCE are the build and the source directory.  CASES are
# files of cases/ without ".sh", in the order given here by default.  The logs
# of a run that failed are kept and named.

set -uo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
E2E_BUILD=${E2E_BUILD:-$PWD}
E2E_SOURCE=${E2E_SOURCE:-$HERE/../..}

[ $# -ge 1 ] || { echo "usage: main.sh HOST [CASES...]" >&2; exit 2; }
host=$1
shift
if [ $# -eq 0 ]; then
	case $host in
	# What depends on the store, and nothing that the same server showed already.
	*-redis) set -- signin callback refresh signout operations metrics processes leaks ;;
	*) set -- wire metadata pages signin callback refresh signout check guard services instances operate jobs secrets \
	    apps solutions suspended operations intercom convert hostile visitors \
	    requests https metrics processes upkeep leaks ;;
	esac
fi
TAP_PREFIX="$host: "

for part in hosts sandbox store tap client load; do
	# shellcheck source=/dev/null
	. "$HERE/$part.sh"
done

finish()
{
	host_cleanup
	sandbox_stop
	store_stop
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

host_prepare "$E2E_BUILD" "$E2E_SOURCE" || exit 1
client_prepare
sandbox_start || exit 1
sandbox_settings

# Endpoints by which the faults are named.
TOKEN_PATH=/api/connect/token
REGISTER_PATH=/api/connect/register
REVOKE_PATH=/api/connect/revoke

setting CLIENT_NAME "end to end"
setting ALLOWED_HOSTS "127.0.0.1,localhost,app.example.org"
setting UPSTREAM_TIMEOUT 3
setting LOG_LEVEL debug
case $host in
*-redis)
	store_start || exit 1
	store_settings ;;
esac
start_host "$host" || exit 1

for cases; do
	diag "$host: $cases"
	TAP_PREFIX="$host/$cases: "
	# shellcheck source=/dev/null
	. "$HERE/cases/$cases.sh"
done

TAP_PREFIX="$host: "
if [ -s "$BREACHES" ]; then
	fail 'every answer has what every answer must have' "$(sort "$BREACHES" | uniq -c | sort -rn | head -n 20)"
else
	pass 'every answer has what every answer must have'
fi
yes 'every process ends on SIGTERM' stop_host

tap_end
status=$?
if [ "$status" -ne 0 ]; then
	keep=${E2E_KEEP:-$E2E_BUILD/e2e-logs}/$host
	rm -rf "$keep"
	mkdir -p "$keep" && cp "$LOG_DIR"/*.log "$SCRATCH"/sandbox.err "$SCRATCH"/store.log "$SCRATCH"/conf/* "$ANSWERS" "$keep" 2>/dev/null
	diag "$host: $TAP_FAILED failed; logs in $keep"
fi
exit "$status"
