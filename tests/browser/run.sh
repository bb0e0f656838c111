#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The pages in Debian's Chromium without its windows, against a suite and a sandbox that run:
#
#	run.sh BASE_URL SANDBOX_APP_URL [ONLY]
#
# prints TAP; ONLY runs the tests whose name contains it, as tap.mjs says.  PICTURES=DIR leaves
# screenshots there.  What npm installs goes to BROWSER_CACHE (default
# ~/.cache/oscgi-browser), nothing into the source tree; no browser is
# downloaded.

set -eu

if [ $# -lt 2 ]; then
	echo "usage: $0 BASE_URL SANDBOX_APP_URL [ONLY]" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
cache=${BROWSER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/oscgi-browser}
chromium=${CHROMIUM:-/usr/bin/chromium-headless-shell}

if [ ! -x "$chromium" ]; then
	echo "1..0 # SKIP no $chromium"
	exit 0
fi

# Installed once for each lock file.  Two runs at once each install into a
# directory of their own; whoever is first names it.
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
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cp "$here"/*.mjs "$here/package.json" "$work"
ln -s "$modules/node_modules" "$work/node_modules"
CHROMIUM=$chromium WWW=$here/../../www node "$work/main.mjs" "$@"
