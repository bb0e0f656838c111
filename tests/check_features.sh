#!/bin/sh
# SPDX-License-Identifier: MIT
# The table of doc/features.md: every function that it names is there, and so is every test.
set -eu
cd "${srcdir:-.}"
n=0
check()	# SENTENCE COMMAND...
{
	n=$((n + 1))
	sentence=$1; shift
	if "$@" >/dev/null 2>&1; then echo "ok $n - $sentence"; else echo "not ok $n - $sentence"; fi
}

rows=$(grep -cE '^\| .*`tests/' doc/features.md || :)
check 'the tables have rows' test "$rows" -ge 35
check 'each row names a test' test -z "$(grep -E '^\| ' doc/features.md | grep -vE '^\| here ' | grep -v '`tests/' || :)"
for function in $(grep -oE '`osc_[a-z_]+`' doc/features.md | tr -d '`' | sort -u); do
	check "$function is declared" grep -rqE "\b$function\(" lib/osc --include='*.h'
	check "$function is used" grep -rqE "\b$function\(" cgi-bin lib/osc lib/flow tests --include='*.c'
done
missing=$(grep -oE '`tests/[a-z0-9_/.]+`( test_[a-z_]+)?(, test_[a-z_]+)?' doc/features.md | tr -d '`,' | sort -u |
    while read -r file cases; do
	test -f "$file" || echo "# missing: $file"
	for name in $cases; do
		grep -q "^$name(void)" "$file" || echo "# missing: $name in $file"
	done
    done)
check 'every test that the tables name is there' test -z "$missing"
[ -z "$missing" ] || echo "$missing"
echo "1..$n"
