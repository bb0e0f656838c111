# SPDX-License-Identifier: MIT
#
# tap.sh - checks that print TAP.  Sourced.

TAP_COUNT=0
TAP_FAILED=0

tap_line()
{
	local verdict=$1

	shift
	TAP_COUNT=$((TAP_COUNT + 1))
	printf '%s %d - %s%s\n' "$verdict" "$TAP_COUNT" "${TAP_PREFIX:-}" "${*//#/}"
}

pass()
{
	tap_line ok "$@"
}

# What is shown of a failure is cut, and made safe to print.  It fails, so that
# who cannot go on without can say so.
fail()
{
	tap_line 'not ok' "$1"
	TAP_FAILED=$((TAP_FAILED + 1))
	shift
	local line
	for line; do
		printf '%.600s\n' "$line" | tr -c '[:print:]\n' '?' | sed 's/^/#   /'
	done
	return 1
}

# A case that calls what is not there must not pass for one that has nothing to say.
# bash runs this in a process of its own, so it is told to the test's own process by a signal.
command_not_found_handle()
{
	printf 'not ok - %sthere is no command %s\n' "${TAP_PREFIX:-}" "$1" >&2
	kill -USR1 $$
	return 127
}
trap 'TAP_FAILED=$((TAP_FAILED + 1))' USR1

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

is()		# GOT WANT WHAT
{
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3" "got:  $1" "want: $2" "after: ${LAST:-}"
	fi
}

isnt()		# GOT UNWANTED WHAT
{
	if [ "$1" != "$2" ]; then
		pass "$3"
	else
		fail "$3" "got:  $1" "after: ${LAST:-}"
	fi
}

like()		# GOT ERE WHAT
{
	if [[ $1 =~ $2 ]]; then
		pass "$3"
	else
		fail "$3" "got:  $1" "want: $2" "after: ${LAST:-}"
	fi
}

unlike()	# GOT ERE WHAT
{
	if [[ $1 =~ $2 ]]; then
		fail "$3" "got:  $1" "not:  $2" "after: ${LAST:-}"
	else
		pass "$3"
	fi
}

yes()		# WHAT COMMAND...: the command succeeds
{
	local what=$1

	shift
	if "$@"; then
		pass "$what"
	else
		fail "$what" "failed: $*" "after: ${LAST:-}"
	fi
}

tap_end()
{
	echo "1..$TAP_COUNT"
	[ "$TAP_FAILED" -eq 0 ] && [ "$TAP_COUNT" -gt 0 ]
}
