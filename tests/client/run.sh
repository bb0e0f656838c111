#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The platform's official JavaScript client on the sandbox:
#
#	run.sh SANDBOX-PROGRAM CACHE-DIRECTORY
#
# prints TAP.  What npm installs goes to the cache directory, once for each
# lock file, and nothing into the source tree.

set -euo pipefail

if [ $# -ne 2 ]; then
	echo "usage: $0 SANDBOX-PROGRAM CACHE-DIRECTORY" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
sandbox=$1
cache=$2
pid=

for tool in node npm; do
	command -v "$tool" >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done

lock=$(sha256sum <"$here/package-lock.json" | cut -c1-16)
modules=$cache/$lock
if [ ! -d "$modules/node_modules" ]; then
	mkdir -p "$cache"
	fresh=$(mktemp -d "$cache/new.XXXXXX")
	cp "$here/package.json" "$here/package-lock.json" "$fresh"
	(cd "$fresh" && npm ci --ignore-scripts --no-audit --no-fund >&2)
	mv -T "$fresh" "$modules" 2>/dev/null || rm -rf "$fresh"
fi

# Node looks for modules beside the file that wants them.
work=$(mktemp -d)
finish()
{
	[ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || :
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
cp "$here"/*.cjs "$here/package.json" "$work"
ln -s "$(cd "$modules" && pwd)/node_modules" "$work/node_modules"

"$sandbox" >"$work/sandbox.out" 2>"$work/sandbox.err" &
pid=$!
for _ in {1..600}; do
	! grep -qx READY "$work/sandbox.out" || break
	kill -0 "$pid" 2>/dev/null || break
	sleep 0.05
done
if ! grep -qx READY "$work/sandbox.out"; then
	echo "Bail out! the sandbox did not come up"
	cat "$work/sandbox.err" >&2
	exit 1
fi

set -a
# shellcheck source=/dev/null
. <(grep -E '^OSC_[A-Z]+_URL=http://127\.0\.0\.1:[0-9]+$' "$work/sandbox.out")
set +a
node --require "$work/preload.cjs" "$work/main.cjs"
