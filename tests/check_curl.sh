#!/bin/bash
# SPDX-License-Identifier: MIT
# The commands of doc/curl.md, run as they stand there against the suite and a sandbox.
# Its sh blocks are one script; a text block is what the sh block before it prints,
# with "..." for anything.
set -uo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
SOURCE=$(cd "$HERE/.." && pwd)
BUILD=$(cd "${builddir:-$PWD}" && pwd)
PAGE=$SOURCE/doc/curl.md

for program in curl lighttpd perl; do
	if ! PATH=$PATH:/usr/sbin command -v "$program" >/dev/null; then
		echo "1..0 # SKIP $program is not installed"
		exit 0
	fi
done

for part in e2e/hosts e2e/sandbox; do
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

# One script of all sh blocks; N.want of each text block, N being the sh block before.
STEPS=$SCRATCH/steps
mkdir "$STEPS"
awk -v dir="$STEPS" '
	/^```sh$/   { n++; in_sh = 1; print "exec >" dir "/" n ".out 2>" dir "/" n ".err"; next }
	/^```text$/ { in_text = 1; next }
	/^```$/     { if (in_sh) print "exec >/dev/null; : >" dir "/" n ".done"; in_sh = in_text = 0; next }
	in_sh       { print; line[n] = line[n] == "" ? $0 : line[n] }
	in_text     { print >(dir "/" n ".want") }
	/^## /      { title = substr($0, 4) }
	in_sh && !(n in named) { named[n] = 1; print title >(dir "/" n ".title") }
	END         { print n >(dir "/count") }
' "$PAGE" >"$STEPS/script"
SITE=$BASE SANDBOX=$SANDBOX_APP timeout 240 bash -euo pipefail "$STEPS/script"

count=$(cat "$STEPS/count")
tests=0
verdict()	# SENTENCE COMMAND...
{
	local sentence=$1

	tests=$((tests + 1))
	shift
	if "$@"; then echo "ok $tests - $sentence"; return 0; fi
	echo "not ok $tests - $sentence"
	return 1
}

matches()	# FILE FILE: what was printed, what is shown
{
	local got want pattern=

	# Empty lines at the end count for nothing.
	got=$(cat "$1")
	want=$(cat "$2")
	while [[ $want == *...* ]]; do
		pattern+=$(printf '%q' "${want%%...*}")'*'
		want=${want#*...}
	done
	pattern+=$(printf '%q' "$want")
	# shellcheck disable=SC2053 # a pattern
	eval "[[ \$got == $pattern ]]"
}

verdict 'the page has commands' test "${count:-0}" -gt 10
for ((n = 1; n <= count; n++)); do
	title=$(cat "$STEPS/$n.title")
	if ! verdict "step $n, $title: its commands succeed" test -e "$STEPS/$n.done"; then
		sed 's/^/# /' "$STEPS/$n.out" "$STEPS/$n.err" 2>/dev/null | head -n 20
	fi
	[ -e "$STEPS/$n.want" ] || continue
	if ! verdict "step $n, $title: they print what the page shows" matches "$STEPS/$n.out" "$STEPS/$n.want"; then
		sed 's/^/# /' "$STEPS/$n.out" 2>/dev/null | cut -c 1-300 | head -n 20
	fi
done
echo "1..$tests"
