# SPDX-License-Identifier: MIT
#
# client.sh - what a browser and a curious visitor do.  Sourced.
#
#	req METHOD PATH [CURL-ARGUMENTS...]	one request to the suite; sets STATUS, BODY,
#						HEAD (header lines) and LAST (for failures)
#	expect METHOD PATH STATUS WHAT [...]	the same, checked
#	bare METHOD PATH [...]			one request without the browser's cookies
#	header NAME				of the last answer, its first line of that name
#	json FILTER				of the last body, by jq (gojq, which starts ten times faster); "?" if it is no JSON
#
#	browser NAME				from here on requests are that browser's: it has
#						a cookie jar for the suite and one for the platform
#	begin [PATH]				GET signin: sets AUTHORIZE (where it sends us) and STATE
#	consent USER [allow|deny]		at the platform: sets CALLBACK
#	sign_in USER [PATH]			all of it; leaves the answer of callback
#
#	until_ended PATH			look at an operation until it has ended
#
#	platform GET|PATCH|POST|DELETE PATH [JSON]	the sandbox's control; sets PLATFORM
#	calls FILTER				how many requests the sandbox has seen that match (jq)
#
# Every answer of the suite is kept in $ANSWERS for the search for leaks, and
# looked at for what every answer must have; what is wrong there is in $BREACHES.

shopt -s extglob
declare -A FIELD=()
JAR=
PLATFORM_JAR=
STATUS=
BODY=
HEAD=
LAST=
AUTHORIZE=
STATE=
CALLBACK=
PLATFORM=

client_prepare()
{
	CLIENT_DIR=$SCRATCH/client
	mkdir -m 0700 "$CLIENT_DIR"
	ANSWERS=$CLIENT_DIR/answers
	BREACHES=$CLIENT_DIR/breaches
	COOKIES_SEEN=$CLIENT_DIR/cookies
	: >"$ANSWERS"
	: >"$BREACHES"
	: >"$COOKIES_SEEN"
	browser one
}

browser()
{
	JAR=$CLIENT_DIR/$1.jar
	PLATFORM_JAR=$CLIENT_DIR/$1.platform.jar
	touch "$JAR" "$PLATFORM_JAR"
}

# A browser that was never here.
new_browser()
{
	rm -f "$CLIENT_DIR/$1.jar" "$CLIENT_DIR/$1.platform.jar"
	browser "$1"
}

# One request without the cookies of any browser.
bare()
{
	local JAR=

	req "$@"
}

cookie_value()
{
	awk -F '\t' -v name="${1:-oscgi}" '$6 == name { v = $7 } END { print v }' "$JAR"
}

req()
{
	local method=$1 path=$2 url args=()

	shift 2
	[ -z "$JAR" ] || args=(-b "$JAR" -c "$JAR")
	case $path in
	http*) url=$path ;;
	*)     url=$BASE$path ;;
	esac
	case $method in
	HEAD) args+=(--head) ;;
	POST|PUT|PATCH) args+=(-X "$method")
		# As browsers do; lighttpd answers 411 to a POST that says nothing of its length.
		[[ " $* " == *' -d '* || " $* " == *' --data'* || " $* " == *' --json '* ]] || args+=(-H 'Content-Length: 0') ;;
	*)    args+=(-X "$method") ;;
	esac
	LAST="$method $path $*"
	STATUS=$(curl -s -g --path-as-is --max-time 60 -D "$CLIENT_DIR/head" -o "$CLIENT_DIR/body" \
	    -w '%{http_code}' "${args[@]}" "$@" "$url") || :
	take_answer "$path"
}

# The answer that lies in $CLIENT_DIR/head and body.  No process is started for it:
# there are thousands.
take_answer()
{
	local line kept=

	HEAD=
	FIELD=()
	while IFS= read -r line || [ -n "$line" ]; do
		line=${line%$'\r'}
		case $line in
		# What comes before is the 100 (Continue).
		HTTP/*) HEAD= FIELD=() kept= ;;
		?*:*)   take_field "${line%%:*}" "${line#*:}" ;;
		esac
		HEAD+=$line$'\n'
		[[ $line != [Ss]et-[Cc]ookie:* ]] || line=${line/=*([^;])/=...}
		kept+=$line$'\n'
	done <"$CLIENT_DIR/head"
	HEAD=${HEAD%%+($'\n')}
	BODY=
	[ ! -s "$CLIENT_DIR/body" ] || { BODY=$(<"$CLIENT_DIR/body"); } 2>/dev/null
	LAST="$LAST -> $STATUS"
	printf '%s\n%s\n' "$kept" "$BODY" >>"$ANSWERS"
	# curl calls the header lines of a HEAD its output.
	[[ $LAST != HEAD* ]] || BODY=
	: >"$CLIENT_DIR/body"
	promises "$1"
}

take_field()
{
	local name=${1,,} value=${2##*([ $'\t'])}

	FIELD[$name]=${FIELD[$name]-$value}
	if [ "$name" = set-cookie ]; then
		value=${value#*=}
		value=${value%%;*}
		[ ${#value} -lt 20 ] || printf '%s\n' "$value" >>"$COOKIES_SEEN"
	fi
}

breach()
{
	echo "$LAST: $*" >>"$BREACHES"
}

# What every answer of an executable must have.  A server refuses some requests
# by itself: those are none of an executable, but pages.
promises()
{
	local type=${FIELD[content-type]-}

	case ${BY_SERVER:+server}$1 in
	server*)
		# lighttpd cannot tell who answers at the address of a program.
		[[ $type != text/html* || ( $HOST == lighttpd* && $STATUS != 404 ) ]] || promises_page "$1"
		return 0 ;;
	/auth/*|/api/*|/healthz*|/metrics*|/cgi-bin/*) ;;
	*) return 0 ;;
	esac

	promised cache-control no-store
	promised x-content-type-options nosniff
	case $type in
	text/html*) promises_page "$1" ;;
	esac
	case $1 in
	*/callback*) promised referrer-policy no-referrer ;;
	esac
	case $1 in
	/api/*) [ "$STATUS" -lt 400 ] || promises_problem ;;
	esac
}

promised()	# NAME VALUE
{
	[ "${FIELD[$1]-}" = "$2" ] || breach "$1 is '${FIELD[$1]-}'"
}

promises_page()
{
	local csp=${FIELD[content-security-policy]-} want

	for want in "default-src 'none'" "frame-ancestors 'none'" "base-uri 'none'" "form-action 'self'"; do
		[[ $csp == *"$want"* ]] || breach "a page without $want: '$csp'"
	done
	[[ $csp != *unsafe-inline* ]] || breach "a page with unsafe-inline"
	case $1 in
	*/callback*) ;;
	*) promised referrer-policy same-origin ;;
	esac
}

promises_problem()
{
	[[ ${FIELD[content-type]-} == application/problem+json* ]] || breach "an error of type '${FIELD[content-type]-}'"
	[[ $LAST != HEAD* ]] || return 0
	[ "$(json '(.title|type) + (.detail|type) + (.status|tostring)')" = "stringstring$STATUS" ] ||
		breach "no problem object: $BODY"
}

header()
{
	printf '%s\n' "${FIELD[${1,,}]-}"
}

json()
{
	printf '%s' "$BODY" | gojq -rc "$1" 2>/dev/null || echo '?'
}

expect()
{
	local method=$1 path=$2 status=$3 what=$4

	shift 4
	req "$method" "$path" "$@"
	is "$STATUS" "$status" "$what"
}

# Look at an operation, as its page does, until it has ended.
until_ended()
{
	local look

	for look in {1..600}; do
		req GET "$1"
		case $(json .status) in
		succeeded|failed|cancelled) return 0 ;;
		pending|running) sleep 0.5 ;;
		*) return 1 ;;
		esac
	done
	return 1
}

# --- signing in --------------------------------------------------------------

begin()
{
	local path=/auth/signin

	[ $# -eq 0 ] || path="/auth/signin?return_to=$1"
	[ $# -lt 1 ] || shift
	req GET "$path" "$@"
	AUTHORIZE=$(header Location)
	STATE=$(query_value "$AUTHORIZE" state)
}

# Of the query of a URL, undecoded.
query_value()
{
	printf '%s\n' "$1" | tr '?&' '\n\n' | sed -n "s/^$2=//p" | head -n 1
}

html_decode()
{
	sed -e 's/&quot;/"/g' -e "s/&#39;/'/g" -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&amp;/\&/g'
}

# The hidden fields of the page in $1, as arguments of curl in FIELDS.
form_fields()
{
	local tag name value

	FIELDS=()
	while IFS= read -r tag; do
		[[ $tag == *hidden* ]] || continue
		name=$(sed -nE 's/.* name="([^"]*)".*/\1/p' <<<"$tag")
		value=$(sed -nE 's/.* value="([^"]*)".*/\1/p' <<<"$tag" | html_decode)
		FIELDS+=(--data-urlencode "$name=$value")
	done < <(grep -oE '<input[^>]*>' "$1")
}

# Through the pages of the platform, as far as they send us back.
consent()
{
	local user=$1 decision=${2:-allow} url=$AUTHORIZE page=$CLIENT_DIR/page step next data=()

	CALLBACK=
	for step in 1 2 3 4 5 6 7 8; do
		next=$(curl -s -g --max-time 20 -b "$PLATFORM_JAR" -c "$PLATFORM_JAR" -o "$page" \
		    -w '%{redirect_url}' "${data[@]}" "$url")
		data=()
		case $next in
		"$BASE"/*|"${PUBLIC:-none}"/*)
			CALLBACK=$next
			return 0 ;;
		http*)
			url=$next
			continue ;;
		esac
		form_fields "$page"
		data=("${FIELDS[@]}")
		if grep -q 'name="username"' "$page"; then
			data+=(--data-urlencode "username=$user")
		elif grep -q 'name="decision"' "$page"; then
			data+=(--data-urlencode "decision=$decision")
		else
			break
		fi
	done
	diag "the platform did not send $user back: $(head -c 300 "$page" | tr '\n' ' ')"
	return 1
}

# The platform sends a browser to the address of PUBLIC_URL; ours goes to $BASE.
come_back()
{
	local url=$CALLBACK

	case $url in
	"${PUBLIC:-none}"/*) url=$BASE${url#"$PUBLIC"} ;;
	esac
	req GET "${url#"$BASE"}" "$@"
}

sign_in()
{
	begin "${2:-/}"
	consent "$1" && come_back
	[ "$STATUS" = 303 ]
}

signed_in()
{
	req GET /auth/status
	[ "$(json .signedIn)" = true ]
}

# --- the sandbox -------------------------------------------------------------

platform()
{
	local data=()

	[ $# -lt 3 ] || data=(-H 'Content-Type: application/json' --data-binary "$3")
	PLATFORM=$(curl -s --max-time 20 -X "$1" "${data[@]}" "$SANDBOX_APP$2")
}

# The sandbox as it was at its start, but for those who signed in.
platform_settings()
{
	platform PATCH /sandbox/settings "$1"
}

# One fault: role, method, path, times and what happens then.
fault()
{
	platform PATCH /sandbox/settings "{\"faults\":[$1]}"
}

no_faults()
{
	platform PATCH /sandbox/settings '{"faults":[]}'
}

forget_calls()
{
	platform DELETE /sandbox/requests
}

calls()
{
	platform GET /sandbox/requests
	printf '%s' "$PLATFORM" | gojq -r "[(if type == \"array\" then . else .requests end)[] | select($1)] | length"
}

token_calls()
{
	calls '.method == "POST" and (.path | test("/token$"))'
}

# Run a command N times at once, each with a number; wait for all.
at_once()
{
	local n=$1 i pids=()

	shift
	for ((i = 1; i <= n; i++)); do
		"$@" "$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
}

# One request of many at once: only the status and the body are kept, in
# $CLIENT_DIR/many.N; the cookie jar is read and not written.
one_of_many()
{
	local method=$1 path=$2 number=${*: -1} args=()

	[ "$method" != POST ] || args=(-H 'Content-Length: 0')
	curl -s -g --max-time 60 -X "$method" "${args[@]}" -b "$JAR" -w '\n%{http_code}' \
	    -o "$CLIENT_DIR/many.$number.body" "$BASE$path" >"$CLIENT_DIR/many.$number" || :
}

many()
{
	local n=$1

	shift
	rm -f "$CLIENT_DIR"/many.*
	LAST="$n times $*"
	at_once "$n" one_of_many "$@"
	cat "$CLIENT_DIR"/many.*.body >>"$ANSWERS" 2>/dev/null || :
	MANY=$(for ((i = 1; i <= n; i++)); do tail -n 1 "$CLIENT_DIR/many.$i"; echo; done | sort | uniq -c | awk 'NF == 2 { print $2 "x" $1 }' | xargs)
}
