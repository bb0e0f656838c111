# SPDX-License-Identifier: MIT
#
# load.sh - visitors who go on working while something is done to the suite.  Sourced, after
# client.sh.  VISITORS, signed in each in the browser of that name, are who they are.
#
#	all_signed_in WHEN		each of them is
#	load_begin BASE...		each reads and writes the session over and over, at all of these
#	load_goes_to BASE...		from now on at these alone; who is at another one finishes there first
#	load_end WHEN LEAST		all stop once there were more than LEAST answers: every one was 200

all_signed_in()
{
	local visitor out=

	for visitor in $VISITORS; do
		browser "$visitor"
		req GET /api/plan
		[ "$STATUS" = 200 ] || out="$out $visitor:$STATUS"
	done
	is "$out" '' "$1, everybody is signed in"
}

# What came of it, one status a line.
load_visitor()	# NAME
{
	local base

	while [ -e "$SCRATCH/loading" ]; do
		cp "$SCRATCH/bases" "$SCRATCH/goes.$1"
		# shellcheck disable=SC2013 # one address a line
		for base in $(cat "$SCRATCH/goes.$1"); do
			curl -s -o /dev/null -w "%{http_code}\n" -b "$CLIENT_DIR/$1.jar" -X POST \
			    -H 'Content-Length: 0' -H "Origin: $base" "$base/auth/refresh"
			curl -s -o /dev/null -w "%{http_code}\n" -b "$CLIENT_DIR/$1.jar" "$base/api/plan"
		done
	done >>"$SCRATCH/statuses.$1"
}

LOAD=()
load_begin()
{
	local visitor

	printf '%s\n' "$@" >"$SCRATCH/bases"
	: >"$SCRATCH/loading"
	rm -f "$SCRATCH"/statuses.* "$SCRATCH"/goes.*
	for visitor in $VISITORS; do
		load_visitor "$visitor" &
		LOAD+=($!)
	done
}

load_goes_to()
{
	local visitor wait

	printf '%s\n' "$@" >"$SCRATCH/bases.new" && mv "$SCRATCH/bases.new" "$SCRATCH/bases"
	sleep 2
	for visitor in $VISITORS; do
		for wait in {1..600}; do
			! cmp -s "$SCRATCH/bases" "$SCRATCH/goes.$visitor" || break
			sleep 0.1
		done
	done
}

load_end()
{
	local n wait

	for wait in {1..600}; do
		[ "$(cat "$SCRATCH"/statuses.* 2>/dev/null | wc -l)" -le "$2" ] || break
		sleep 0.1
	done
	rm -f "$SCRATCH/loading"
	wait "${LOAD[@]}"
	LOAD=()
	n=$(cat "$SCRATCH"/statuses.* | wc -l)
	is "$(sort -u "$SCRATCH"/statuses.* | tr '\n' ' ')" '200 ' "$1: every answer is 200"
	yes "  of many ($n)" test "$n" -gt "$2"
}
