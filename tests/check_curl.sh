#!/bin/bash
# SPDX-License-Identifier: MIT
# The commands of doc/curl.md, run as they stand there against the suite and a sandbox.
set -uo pipefail

# shellcheck source=tests/served.sh
. "$(dirname "$0")/served.sh"
# shellcheck source=tests/page.sh
. "$SOURCE/tests/page.sh"
served_begin lighttpd
sandbox_start || exit 1
sandbox_settings
setting CLIENT_NAME 'doc/curl.md'
start_host lighttpd-fcgi || exit 1

# As it is, only sooner.
curl -s -o /dev/null -X PATCH --json '{"healthDelayMs":600,"jobDelayMs":600,"buildDelayMs":600,"solutionStepMs":100}' \
    "$SANDBOX_APP/sandbox/settings" || exit 1

page_prepare "$SOURCE/doc/curl.md" "$SCRATCH/steps" || exit 1
SITE=$BASE SANDBOX=$SANDBOX_APP timeout 1200 bash -euo pipefail "$SCRATCH/steps/script"
page_report "$SCRATCH/steps"
tap_end
