#!/bin/sh
# SPDX-License-Identifier: MIT
# Every program has its source, its stanza, its routes, a line in each web server's configuration, and a test.
set -eu
cd "${srcdir:-.}"
n=0
check()	# SENTENCE COMMAND...
{
	n=$((n + 1))
	sentence=$1; shift
	if "$@" >/dev/null 2>&1; then echo "ok $n - $sentence"; else echo "not ok $n - $sentence"; fi
}

for program in $(sed -n 's/^#ifdef PROGRAM_//p' cgi-bin/routes.def); do
	check "$program has a source" test -f "cgi-bin/$program.c"
	check "$program has a stanza" grep -q "^cgi_bin_${program}_SOURCES" cgi-bin/cgi-bin.mk
	check "lighttpd maps $program" grep -q "[\"/]$program\"" conf/lighttpd.conf
	check "lighttpd maps $program as plain CGI" grep -q "[\"/]$program\"" conf/lighttpd-cgi.conf
	check "Apache maps $program" grep -rq "/$program\b" conf/apache-common.conf conf/apache-fcgid.conf
	check "nginx maps $program" grep -q "$program" conf/nginx.conf
	check "$program has a manual page" grep -qE "^\.Nm oscgi-$program( ,)?$" doc/man/oscgi-programs.8
	check "an end-to-end test asks $program" grep -rqE "/(auth|api)/($program|check)|/cgi-bin/$program" tests/e2e/cases
done
for handler in $(grep -oE '[a-z_]+\)$' cgi-bin/routes.def | tr -d ')'); do
	check "$handler is written" grep -qE "^$handler\(struct app" cgi-bin/*.c
done
echo "1..$n"
