#!/bin/bash
# SPDX-License-Identifier: MIT
# The commands of doc/curl.md, run as they stand there against the suite and a sandbox.
set -uo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
SOURCE=$(cd "$HERE/.." && pwd)
BUILD=$(cd "${builddir:-$PWD}" && pwd)

for program in curl lighttpd perl; do
	if ! PATH=$PATH:/usr/sbin command -v "$program" >/dev/null; then
		echo "1..0 # SKIP $program is not installed"
		exit 0
	fi
done

for part in page e2e/hosts e2e/sandbox; do
	# shellcheck source=/dev/null
	. "$HERE/$part.sh"
done

finish()
{
	host_cleanup
	sandbox_stop
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

host_prepare "$BUILD" "$SOURCE" || exit 1
sandbox_start || exit 1
sandbox_settings
setting CLIENT_NAME 'doc/curl.md'
start_host lighttpd-fcgi || exit 1

# As it is, only sooner.
curl -s -o /dev/null -X PATCH --json '{"healthDelayMs":600,"jobDelayMs":600,"buildDelayMs":600,"solutionStepMs":100}' \
    "$SANDBOX_APP/sandbox/settings" || exit 1

page_prepare "$SOURCE/doc/curl.md" "$SCRATCH/steps" || exit 1
SITE=$BASE SANDBOX=$SANDBOX_APP timeout 240 bash -euo pipefail "$SCRATCH/steps/script"
page_report "$SCRATCH/steps"
echo "1..$page_tests"
