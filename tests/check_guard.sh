#!/bin/bash
# SPDX-License-Identifier: MIT
# What is said to be guarded is a path that a web server can have, or it is refused: never a site that stands open.
set -u
srcdir=${srcdir:-.}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/e2e/tap.sh
. "$srcdir/tests/e2e/tap.sh"

# As installed.
mkdir -p "$tmp/sbin" "$tmp/share/oscgi"
cp "$srcdir/conf/oscgi-enable" "$tmp/sbin/"
ln -s "$(cd "$srcdir/conf" && pwd)" "$tmp/share/oscgi/conf"

for guard in '' / // /a/ //a /a// /a//b /./a /a/. /a/../b /.. a a/b /c++ '/a*' /%61 '/a:b' '/a=b' '/a,b' '/a@b'; do
	for template in nginx lighttpd apache-fcgid; do
		"$srcdir/conf/render" "$srcdir/conf/$template.conf" "GUARD=$guard" >"$tmp/out" 2>"$tmp/err"
		is "$? $(wc -c <"$tmp/out")" '1 0' "$template.conf: '$guard' is not guarded, and nothing is written"
	done
done
for guard in '' / // //a /a//b /./a /a/../b a /c++ '/a*' /%61; do
	"$tmp/sbin/oscgi-enable" --guard "$guard" nginx >/dev/null 2>"$tmp/err"
	is "$? $(grep -ciE 'guard' "$tmp/err")" '1 1' "oscgi-enable refuses to guard '$guard', and says so"
done
for pages in /var/www/html /var/www/html/site /var/www/../www/html/site; do
	"$tmp/sbin/oscgi-enable" --pages "$pages" --guard /a nginx >/dev/null 2>"$tmp/err"
	is "$? $(grep -cE -e '--guard: what is in /var/www/html' "$tmp/err")" '1 1' "nor what another site shows: $pages"
done
"$tmp/sbin/oscgi-enable" --pages /var/www --guard /html/a nginx >/dev/null 2>"$tmp/err"
is "$? $(grep -cE -e '--guard: what is in /var/www/html' "$tmp/err")" '1 1' 'nor the same from above'
for guard in /a /a/b /a.b-c_d /A1 /..a; do
	for template in nginx lighttpd apache-fcgid; do
		"$srcdir/conf/render" "$srcdir/conf/$template.conf" "GUARD=$guard" >"$tmp/out"
		is "$? $(grep -v '#' "$tmp/out" | grep -cF "$guard" | sed 's/[1-9].*/some/')" '0 some' \
		    "$template.conf: '$guard' is guarded"
	done
done
tap_end
