#!/bin/bash
# SPDX-License-Identifier: MIT
# What the pages say is all there, and all that is there they say: settings, addresses, options, links.
set -uo pipefail
cd "${srcdir:-.}" || exit 1
BUILD=$OLDPWD

n=0
check()	# SENTENCE COMMAND...
{
	local sentence=$1

	n=$((n + 1))
	shift
	if "$@" >/dev/null 2>&1; then echo "ok $n - $sentence"; else echo "not ok $n - $sentence"; fi
}

same()	# SENTENCE WANTED GOT: lists of lines
{
	local difference

	difference=$(diff <(sort -u <<<"$2") <(sort -u <<<"$3"))
	n=$((n + 1))
	if [ -z "$difference" ] && [ -n "$2" ]; then echo "ok $n - $1"; return; fi
	echo "not ok $n - $1"
	grep '^[<>]' <<<"$difference" | sed -e 's/^</# missing:/' -e 's/^>/# not there any more:/'
}

same 'sandbox.md has every setting of the sandbox' \
    "$(sed -nE 's/^(NUMBER|SWITCH|TEXT)\(([A-Za-z]*),.*/\2/p' tests/sandbox/settings.def)" \
    "$(sed -n '/^### Settings/,/^### /s/^| \(`[^|]*`\) |.*/\1/p' doc/sandbox.md | tr -d '`' | sed 's/, /\n/g')"

# ---- settings: "NAME type default", as the page and the manual call them

settings()	# SED-SCRIPT for the types
{
	sed -n 's/^SETTING([a-z_]*, *\([A-Z_]*\), *\([A-Z]*\), *\([^ ]*"[^"]*"\|[A-Z_]*\), .*/\1 \2 \3/p' lib/config/config.def |
	sed -e 's/ CHOICE "\([a-z]*\)|[^"]*"/ CHOICE "\1"/' -e 's/"//g' -e 's/ INT / number /' -e 's/ SECRET / secret /' \
	    -e 's/ TEXT / text /' -e 's/ FLAG / flag /' -e 's/ URL / URL /' -e 's/ LIST / list /' -e 's/ PATH / path /' \
	    -e 's/ CHOICE / choice /' -e "${1:-}"
}
ours=$(settings | cut -d' ' -f1,2)
page=$(sed -n 's/^| \(`[A-Z_]*`[^|]*\) | \([a-zA-Z]*\) | .*/\2 \1/p' doc/settings.md |
	while read -r type names; do
		tr -d '`,' <<<"$names" | tr ' ' '\n' | sed "s/\$/ $type/"
	done)
same 'settings.md has every setting, with its type' "$ours" "$page"
manual=$(awk '/^\.It Ev [A-Z_]+$/ { name = $3; getline; sub(/;.*/, ""); print name " " $0 }' doc/man/oscgi.conf.5 | grep -v '^OSCGI_CONFIG ')
same 'oscgi.conf(5) has every setting, with its type' "$(settings 's/ secret / text /' | cut -d' ' -f1,2)" "$manual"
while read -r name _ default; do
	case $default in ''|OSCGI_STATE_DIR) continue ;; esac
	check "settings.md has the default of $name" grep -qF "\`$default\`" <(grep "^| \`$name\`" doc/settings.md)
	check "oscgi.conf(5) has the default of $name" grep -qF "default: $default." <(grep -A1 "^\.It Ev $name\$" doc/man/oscgi.conf.5)
done < <(settings)

# ---- addresses: the prefix of each program is that of Apache's configuration

routes()
{
	sed -n 's|^Alias \(/[a-z/]*\) *"@CGI_DIR@/\([a-z]*\)"|prefix \2 \1|p' conf/apache-common.conf
	sed -e 's/^#ifdef PROGRAM_/program /' cgi-bin/routes.def |
	sed -n -e '/^program/p' -e 's/^ALIAS("\([a-z]*\)", *"\([^"]*\)")/alias \1 \2/p' \
	    -e 's/^ROUTE(M_\([A-Z]*\), *"\([^"]*\)".*/route \1 \2/p'
}
ours=$(routes | awk '
	$1 == "prefix"  { if (!($2 in prefix)) prefix[$2] = $3; last = $3; sub(/.*\//, "", last); named[last] = $3; next }
	$1 == "program" { for (i = 1; i <= m; i++) flush(i); m = 0; delete aliases; program = $2; next }
	$1 == "alias"   { aliases[$3] = $2; next }
	{ m++; method[m] = $2 == "ANY" ? "GET" : $2; path[m] = $3 }
	function flush(i,    a, p) {
		p = prefix[program] path[i]
		for (a in aliases)
			if (index(path[i], a) == 1)
				p = named[aliases[a]] substr(path[i], length(a) + 1)
		gsub(/\{[^}]*\}/, "{}", p)
		print method[i] " " p
	}
	END { for (i = 1; i <= m; i++) flush(i) }')
same 'http.md has every address, with its methods' "$ours" "$(awk -f tests/routes.awk doc/http.md)"

# ---- programs: each has a manual page that knows all its options

options_told()	# PROGRAM COMMANDS...: the options that its helps name
{
	local program=$1 command

	shift
	for command in '' "$@"; do
		"$program" $command --help 2>/dev/null
	done | grep -oE -- '--[a-z][a-z-]+' | grep -vx -e --help -e --version
}
options_written()	# PAGE
{
	grep -oE 'Fl Fl [a-z-]+' "doc/man/$1" | sed 's/Fl Fl /--/' | grep -vx -e --help -e --version
}
commands=$("$BUILD/bin/oscgi" --help | sed -n 's/^  \([a-z-]*\) .*/\1/p' | grep -vx oscgi)
# shellcheck disable=SC2086 # words
same 'oscgi(1) has the options of oscgi' "$(options_told "$BUILD/bin/oscgi" $commands)" "$(options_written oscgi.1)"
same 'oscgi(1) has the commands of oscgi' "$commands" \
    "$(awk '/^\.Sh DESCRIPTION/ { on = 1 } /^\.Sh ENVIRONMENT/ { on = 0 } on && /^\.It Cm/ { print $3 }' doc/man/oscgi.1)"
same 'oscgi-enable(8) has the options of oscgi-enable' "$(options_told conf/oscgi-enable)" "$(options_written oscgi-enable.8)"
programs=$(sed -n 's/^#ifdef PROGRAM_/oscgi-/p' cgi-bin/routes.def)
for program in $programs; do
	check "$program tells where its manual page is" grep -q "^Usage: ${program#oscgi-} .*oscgi-programs(8)" \
	    <("$BUILD/cgi-bin/${program#oscgi-}" --help | tr '\n' ' ')
done
same 'oscgi-programs(8) names every executable' "$programs" "$(sed -n 's/^\.Nm \(oscgi-[a-z]*\).*/\1/p' doc/man/oscgi-programs.8)"
for script in conf/oscgi-enable conf/render conf/nginx-spawn; do
	check "$script tells its help" sh "$script" --help
	page=oscgi-${script##*/}.8
	check "$script has a manual page" test -f "doc/man/${page/oscgi-oscgi-/oscgi-}"
done
same 'oscgi-render(8) has every place that render fills' "$(sed -n 's/^	rule \([A-Z_]*\) .*/\1/p' conf/render)" \
    "$(awk '/^\.It Cm [A-Z_]+/ { sub(/^\.It Cm /, ""); gsub(/ , /, "\n"); print }' doc/man/oscgi-render.8)"
for page in doc/man/*; do
	check "${page##*/} is installed" grep -q "%D%/man/${page##*/}" doc/doc.mk
	command -v mandoc >/dev/null || continue
	faults=$(mandoc -T lint -W warning "$page" 2>&1)
	check "${page##*/}: mandoc has nothing to say${faults:+: $faults}" test -z "$faults"
done

# ---- commands: what a page marks as such is what a test runs

followed=$(grep -l '^[^#]*page_prepare ' tests/*.sh tests/*/run | grep -vx tests/page.sh | xargs sed '/^[[:space:]]*#/d' | grep -oE '[a-z][a-z-]*\.md')
same 'every page with commands is followed by a test' "$(cd doc && grep -l '^```sh$' -- *.md)" "$followed"
kinds=$(sed -n 's/^```\(..*\)/\1/p' doc/*.md | grep -vxE 'sh|text|html [a-z]+\.html|js [a-z]+\.js')
check "every block of a page is of a kind that a test takes $kinds" test -z "$kinds"
for server in lighttpd apache nginx; do
	check "$server.md leads to its section of protect.md" grep -qF "(protect.md#$server)" "doc/$server.md"
done
short=$(sed -n '/ In short:$/,/^and /s/^    //p' README.md)
check 'the commands of README.md are those of getting-started.md' test -n "$short" -a -z \
    "$(diff <(awk '/^```/ { on = /^```sh$/; next } on' doc/getting-started.md) <(echo "$short") | grep '^>')"

# ---- pages: none leads to nowhere, and each is found from the index

anchors()	# FILE: as they are made of headings
{
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed -e 's/[^a-z0-9 _-]//g' -e 's/ /-/g'
}
broken=
for page in README.md ARCHITECTURE.md conf/README.md doc/*.md; do
	while read -r link; do
		file=${link%%#*}
		target=$(dirname "$page")/$file
		[ -n "$file" ] || target=$page
		[ -e "$target" ] || broken+=" $page:$link"
		case $link in
		*.md\#*|\#*) anchors "$target" | grep -qxF "${link#*#}" || broken+=" $page:$link" ;;
		esac
	done < <(grep -oE '\]\([^)]*\)' "$page" | sed -e 's/^](//' -e 's/)$//' | grep -v '^https*:')
done
check "every link of a page leads somewhere$broken" test -z "$broken"
same 'doc/README.md leads to every page' "$(cd doc && ls -- [a-z]*.md)" \
    "$(grep -oE '\]\([a-z-]*\.md\)' doc/README.md | sed -e 's/^](//' -e 's/)$//')"
same 'every page is installed' "$(cd doc && ls -- *.md)" "$(sed -n 's/^	%D%\/\([A-Za-z-]*\.md\).*/\1/p' doc/doc.mk)"
echo "1..$n"
