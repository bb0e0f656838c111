#!/bin/bash
# SPDX-License-Identifier: MIT
#
# steps.sh - long work whose processes are killed at every step
#
# Both recipes, making and removing, by the built programs: `oscgi worker --once`
# and the CGI program `operations` by turns.  The sandbox kills (SIGKILL) whichever is at work
# when a request reaches it: each request once before it is answered and once after it was carried
# out, and a look anew after each change.  In the end things are as they are without a kill.

set -u

# shellcheck source=tests/sandbox/harness.sh
. "$(dirname "$0")/../sandbox/harness.sh"

BUILD=$PWD
PIDFILE=$SCRATCH/pid

# The settings of the suite and nothing else, then the command; its id goes to $PIDFILE.
suite()
{
	env -i PATH="$PATH" OSCGI_CONFIG="$SCRATCH/conf" STATE_DIR="$SCRATCH/state" ALLOWED_HOSTS=127.0.0.1 \
	    OSC_APP_URL="$OSC_APP_URL" OSC_CATALOG_URL="$OSC_CATALOG_URL" OSC_TOKEN_URL="$OSC_TOKEN_URL" \
	    OSC_DEPLOY_URL="$OSC_DEPLOY_URL" OSC_MONEY_URL="$OSC_MONEY_URL" "$@"
}

# One request to a program, as a web server starts it for CGI.  $ANSWER_STATUS, $ANSWER (all of it), $ANSWER_BODY.
cgi()	# METHOD PROGRAM PREFIX PATH-INFO QUERY [JSON]
{
	local body=${6:-} type=

	[ -z "$body" ] || type=application/json
	ANSWER=$(printf '%s' "$body" | suite REQUEST_METHOD="$1" SCRIPT_NAME="$3/$2" PATH_INFO="$4" QUERY_STRING="$5" \
	    HTTP_HOST=127.0.0.1 REMOTE_ADDR=127.0.0.1 SERVER_PROTOCOL=HTTP/1.1 HTTP_COOKIE="${COOKIE:-}" \
	    CONTENT_TYPE="$type" CONTENT_LENGTH="${#body}" \
	    sh -c "echo \$\$ >'$PIDFILE'; exec '$BUILD/cgi-bin/$2'" 2>>"$SCRATCH/log" | tr -d '\r')
	ANSWER_STATUS=$(sed -n 's/^Status: \([0-9]*\).*/\1/p' <<<"$ANSWER" | head -n 1)
	ANSWER_BODY=$(sed '1,/^$/d' <<<"$ANSWER")
}

# The cookie of the last answer replaces or joins what the browser had.
take_cookie()
{
	COOKIE=$(sed -n 's/^Set-Cookie: \([^;]*\).*/\1/p' <<<"$ANSWER" | tail -n 1)
}

visitor_in()	# TENANT
{
	COOKIE=
	settings "{\"autoLogin\":\"$1\",\"consent\":\"allow\"}"
	cgi GET signin /auth '' ''
	take_cookie
	req "$(sed -n 's/^Location: //p' <<<"$ANSWER")"
	cgi GET callback /auth '' "${LOCATION#*\?}"
	take_cookie
	is "$ANSWER_STATUS" 303 "$1 signs in"
}

work_once()
{
	suite sh -c "echo \$\$ >'$PIDFILE'; exec '$BUILD/bin/oscgi' worker --once" 2>>"$SCRATCH/log"
}

# Begin something; then processes that die, until it has ended.  $RESULT is how, $KILLS how many died.
carry_out()	# METHOD PROGRAM PATH-INFO QUERY JSON
{
	local round left

	cgi "$1" "$2" /api "$3" "$4" "$5"
	OPERATION=$(gojq -r .id <<<"$ANSWER_BODY")
	KILLS=0 RESULT=
	[ -z "$RULES" ] || settings "{\"faults\":[$RULES]}"
	for ((round = 0; round < 2000; round++)); do
		if ((round % 2)); then
			cgi GET operations /api "/$OPERATION" ''
			left=$ANSWER_STATUS
		else
			left=$(work_once)
		fi
		if [ -z "$left" ]; then
			KILLS=$((KILLS + 1))
			continue
		fi
		[ "$left" != '0 operations unfinished' ] || break
		((round % 2)) && [ "$(gojq -r '.status' <<<"$ANSWER_BODY")" != running ] && break
		sleep 0.2
	done
	settings '{"faults":[]}'
	cgi GET operations /api "/$OPERATION" ''
	RESULT=$(gojq -r '.status + " " + (.error.detail // "")' <<<"$ANSWER_BODY")
}

# What is there of a visitor's, a line each: instances with their health, names of secrets.
things()	# TENANT
{
	local service

	req "$OSC_APP_URL/sandbox/instances"
	gojq -r ".[] | select(.tenant == \"$1\") | \"instance \(.serviceId) \(.name) \(.health)\"" <<<"$BODY"
	for service in "${SERVICES[@]}"; do
		cgi GET secrets /api "/$service" ''
		gojq -r ".[] | \"secret $service \(.secretName)\"" <<<"$ANSWER_BODY"
	done | sort
}

# How often the log has a request that was answered like that; METHOD is a pattern, as are PATH and STATUS.
calls()	# METHOD PATH STATUS
{
	req "$OSC_APP_URL/sandbox/requests"
	gojq "[.[] | select((.method | test(\"^($1)\$\")) and (.path | test(\"$2\")) and (.status | tostring | test(\"^($3)\$\")))] | length" \
	    <<<"$BODY"
}

# Make, look, remove, look: first undisturbed, then killed all the way, each as a visitor of its own.
story()	# WORDS PROGRAM PATH JSON PATH-TO-REMOVE QUERY-TO-REMOVE INSTANCES-MADE
{
	local words=$1 program=$2 path=$3 json=$4 remove_path=$5 remove_query=$6 who made left calm_made='' calm_left=''

	for who in calm killed; do
		visitor_in "$who$program$STORY"
		cgi POST instances /api /minio-minio '' '{"name":"mine","RootUser":"me","RootPassword":"Somebody1s"}'
		cgi POST secrets /api /encore '' '{"name":"mine","value":"v"}'
		RULES=
		[ "$who" = calm ] || RULES="{\"fresh\":true,\"kill\":\"$PIDFILE\"},{\"fresh\":true,\"kill\":\"$PIDFILE\",\"after\":true}"
		req -X DELETE "$OSC_APP_URL/sandbox/requests"
		carry_out POST "$program" "$path" '' "$json"
		is "$RESULT" 'succeeded ' "$words, $who"
		made=$(things "$who$program$STORY")
		if [ "$who" = calm ]; then
			calm_made=$made
			is "$(calls POST 'instance$' '2..')" "$7" 'makes each instance once'
			is "$(grep -v ' mine ' <<<"$made" | grep -c '^instance .* running$')" "$7" 'all of which run'
		else
			is "$([ "$KILLS" -ge 40 ] && echo many)" many "$words: processes were killed ($KILLS)"
			is "$made" "$calm_made" 'and the same is there'
			# Whoever made one was killed over it: nobody made another.
			is "$(calls POST 'instance$' '2..')" 0 'no instance was made a second time'
			is "$(calls DELETE '.' '.*')" 0 'nor removed meanwhile'
		fi
		carry_out DELETE "$program" "$remove_path" "$remove_query" ''
		is "$RESULT" 'succeeded ' "removing it, $who"
		left=$(things "$who$program$STORY")
		[ "$who" != calm ] || calm_left=$left
		is "$left" "$calm_left" 'leaves the same'
		is "$left" "$LEAVES" 'which is what was there before'
	done
	is "$([ "$KILLS" -ge 12 ] && echo many)" many "removing it: processes were killed ($KILLS)"
	STORY=$((STORY + 1))
}

STORY=1
SERVICES=(minio-minio valkey-io-valkey grusell-encore-profile-server encore eyevinn-encore-callback-listener
    eyevinn-encore-packager eyevinn-docker-wrtc-sfu apache-couchdb eyevinn-intercom-manager)
LEAVES=$'instance minio-minio mine running\nsecret encore mine'

sandbox_start
: >"$SCRATCH/conf"
settings '{"healthDelayMs":0,"realParts":false}'
story 'an intercom' intercom '' '{"name":"studio"}' /studio '' 3
story 'a pipeline' convert /pipeline '{"streaming":true}' /pipeline storage=encoreshared 6

# --- nobody looks, and the token ends on the way ----------------------------------------------

settings '{"accessTokenLifetime":1.5}'
visitor_in sleeper
cgi POST intercom /api '' '' '{"name":"studio"}'
OPERATION=$(gojq -r .id <<<"$ANSWER_BODY")
req -X DELETE "$OSC_APP_URL/sandbox/requests"
for _ in {1..600}; do
	left=$(work_once)
	[ "$left" != '0 operations unfinished' ] || break
	sleep 0.2
done
is "$left" '0 operations unfinished' 'the worker alone brings it to its end'
is "$([ "$(calls POST '/token$' 200)" -ge 1 ] && echo refreshed)" refreshed 'with a token that it had refreshed'
settings '{"accessTokenLifetime":3600}'
cgi GET operations /api "/$OPERATION" ''
is "$ANSWER_STATUS $(gojq -r .status <<<"$ANSWER_BODY")" '200 succeeded' 'and the visitor is signed in as before'

# --- many at once, nobody killed ---------------------------------------------------------

look_on()
{
	for _ in {1..600}; do
		cgi GET operations /api "/$OPERATION" ''
		[[ $(gojq -r .status <<<"$ANSWER_BODY") =~ ^(pending|running)$ ]] || break
		sleep 0.1
	done
}

work_on()
{
	for _ in {1..600}; do
		[ "$(work_once)" != '0 operations unfinished' ] || break
		sleep 0.1
	done
}

visitor_in crowd
settings '{"latencyMs":10}'
cgi POST intercom /api '' '' '{"name":"studio"}'
OPERATION=$(gojq -r .id <<<"$ANSWER_BODY")
req -X DELETE "$OSC_APP_URL/sandbox/requests"
residents=
for n in 1 2; do
	suite sh -c "echo \$\$ >'$SCRATCH/resident.$n'; exec '$BUILD/bin/oscgi' worker" 2>>"$SCRATCH/log" &
	residents="$residents $!"
done
crowd=
for n in 1 2 3; do
	look_on &
	crowd="$crowd $!"
	work_on &
	crowd="$crowd $!"
done
# shellcheck disable=SC2086 # process ids
wait $crowd
cgi GET operations /api "/$OPERATION" ''
is "$(gojq -r .status <<<"$ANSWER_BODY")" succeeded 'three who look and five workers at once bring it to its end'
is "$(calls POST 'instance$' '2..') $(calls POST 'instance$' '.*')" '3 3' 'each instance was asked for once'
is "$(calls POST '^/mysecrets/' '2..')" 4 'each secret was made once'
req "$OSC_APP_URL/sandbox/requests"
# The plan and the balance are asked for side by side, by one process.
is "$(gojq '[.[] | select(.path != "/mytokencount") | {begin: .time_ms, end: (.time_ms + .duration_ms)}] | sort_by(.begin)
    | [range(1; length) as $i | select(.[$i].begin < .[$i - 1].end) | $i] | length' <<<"$BODY")" 0 \
    'no two requests were under way at the same time'
is "$(gojq 'length > 20' <<<"$BODY")" true 'of the many that there were'
# One that has only just been started is not ready to be told to end.
is_up() { [ "$(grep -c 'worker.*started' "$SCRATCH/log")" = 2 ]; }
eventually is_up 'the workers are up'
# shellcheck disable=SC2046 # process ids
kill -TERM $(cat "$SCRATCH"/resident.*)
ended=
for pid in $residents; do
	wait "$pid"
	ended="$ended$?"
done
is "$ended" 00 'a worker ends on SIGTERM'

sandbox_end
