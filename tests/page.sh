# SPDX-License-Identifier: MIT
#
# page.sh - the commands of a page of doc/, run as they stand there.  Sourced, after e2e/tap.sh.
#
#	page_prepare PAGE DIR [SEEN]	DIR/script: the page's commands, for bash -euo pipefail, to
#				which DIR is SEEN
#	page_report DIR [NAME]	after it has run: TAP for each step
#	page_section PAGE TITLE	from the heading of that title to the next heading
#
# A page marks its blocks: ```sh is a step, and all steps are one script, in
# their order.  ```text is what the step before it prints, with "..." for
# anything.  Blocks of every other kind, and those that are indented, are not run.

page_prepare()
{
	mkdir "$2" || return 1
	awk -v dir="$2" -v seen="${3:-$2}" '
		/^```sh$/   { n++; in_sh = 1; print "exec >" seen "/" n ".out 2>" seen "/" n ".err"; next }
		/^```text$/ { in_text = 1; next }
		/^```$/     { if (in_sh) print "exec >/dev/null; : >" seen "/" n ".done"; in_sh = in_text = 0; next }
		in_sh       { print }
		in_text     { print >(dir "/" n ".want") }
		/^###* /    { title = $0; sub(/^#* /, "", title) }
		in_sh && !(n in named) { named[n] = 1; print title >(dir "/" n ".title") }
		END         { print n + 0 >(dir "/count") }
	' "$1" >"$2/script"
}

page_section()
{
	awk -v title="$2" '/^###* / { heading = $0; sub(/^#* /, "", heading); on = heading == title } on' "$1"
}

page_matches()	# FILE FILE: what was printed, what is shown
{
	local got want pattern=

	# Empty lines at the end count for nothing.
	got=$(cat "$1" 2>/dev/null)
	want=$(cat "$2")
	while [[ $want == *...* ]]; do
		pattern+=$(printf '%q' "${want%%...*}")'*'
		want=${want#*...}
	done
	pattern+=$(printf '%q' "$want")
	# shellcheck disable=SC2053 # a pattern
	eval "[[ \$got == $pattern ]]"
}

page_report()
{
	local dir=$1 n count title

	count=$(cat "$dir/count")
	yes "${2:-the page} has commands" test "$count" -gt 0
	for ((n = 1; n <= count; n++)); do
		title="${2:+$2, }step $n, $(cat "$dir/$n.title")"
		if ! yes "$title: its commands succeed" test -e "$dir/$n.done"; then
			tail -n 15 "$dir/$n.out" "$dir/$n.err" 2>/dev/null | sed 's/^/# /'
		fi
		[ -e "$dir/$n.want" ] || continue
		if ! yes "$title: they print what is shown" page_matches "$dir/$n.out" "$dir/$n.want"; then
			sed 's/^/# /' "$dir/$n.out" 2>/dev/null | cut -c 1-300 | tail -n 20
		fi
	done
}
