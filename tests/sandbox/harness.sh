# SPDX-License-Identifier: MIT
#
# harness.sh - what scripts that test the sandbox share.  Sourced.
#
#	is HAVE WANT WHAT		a test
#	eventually COMMAND WHAT		a test: it succeeds within a minute
#	sandbox_start [ARGUMENTS]	OSC_..._URL say where
#	req, pat, sat CURL-ARGUMENTS	STATUS, LOCATION and BODY of an answer; with a token
#	sign_in TENANT, service SERVICE	PAT and REFRESH; SAT, API and HOST
#	sandbox_end			the last test; prints the plan, exits
#
# SANDBOX names another binary than the built one.

SANDBOX=${SANDBOX:-${builddir:-.}/tests/sandbox/sandbox}
SCRATCH=$(mktemp -d) || exit 1
REDIRECT=http://localhost:1/auth/callback
# RFC 7636, appendix B
VERIFIER=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
CHALLENGE=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
COUNT=0
FAILED=0
PID=

for tool in curl gojq; do
	command -v "$tool" >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done

finish()
{
	[ -z "$PID" ] || kill -TERM "$PID" 2>/dev/null
	rm -rf "$SCRATCH"
}
trap finish EXIT

is()	# HAVE WANT WHAT
{
	COUNT=$((COUNT + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $COUNT - $3"
	else
		FAILED=$((FAILED + 1))
		echo "not ok $COUNT - $3"
		printf '# have: %s\n# want: %s\n' "$1" "$2"
	fi
}

eventually()	# COMMAND WHAT
{
	local try

	for try in {1..600}; do
		! "$1" || break
		sleep 0.1
	done
	is "$([ "$try" -lt 600 ] && echo yes)" yes "$2"
}

# --- requests ------------------------------------------------------------------

# The body goes to $BODY, the status to $STATUS, the Location to $LOCATION.
req()
{
	local out

	out=$(curl -s -g --max-time 60 -o "$SCRATCH/body" -w '%{http_code} %{redirect_url}' "$@")
	STATUS=${out%% *}
	LOCATION=${out#* }
	BODY=$(tr -d '\0' <"$SCRATCH/body" 2>/dev/null)
	: >"$SCRATCH/body"
}

json()
{
	gojq -r "$1" <<<"$BODY" 2>/dev/null
}

settings()
{
	req -X PATCH --json "$1" "$OSC_APP_URL/sandbox/settings"
	[ "$STATUS" = 200 ] || echo "# settings refused: $BODY"
}

reset()
{
	req -X POST --json '{"keep":"state"}' "$OSC_APP_URL/sandbox/reset"
}

register()	# MEMBERS
{
	req --json "{\"client_name\":\"A <b>test</b>\",\"redirect_uris\":[\"$REDIRECT\"]$1}" "$OSC_APP_URL/api/connect/register"
	CLIENT=$(json .client_id)
	SECRET=$(json .client_secret)
}

authorize_url()	# EXTRA
{
	echo "$OSC_APP_URL/api/connect/authorize?response_type=code&client_id=$CLIENT&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fauth%2Fcallback&code_challenge=$CHALLENGE&code_challenge_method=S256&state=st%20ate"
}

param()	# NAME, of $LOCATION
{
	tr '?&' '\n' <<<"$LOCATION" | sed -n "s/^$1=//p"
}

# Through login and consent; CODE.
consent()	# TENANT
{
	local jar=$SCRATCH/jar-$1

	req -b "$jar" -c "$jar" -d "username=$1" "$(authorize_url)"
	req -b "$jar" -c "$jar" -d decision=allow "$(authorize_url)"
	CODE=$(param code)
}

exchange()	# CODE VERIFIER [URI]
{
	req -d grant_type=authorization_code -d "code=$1" -d "client_id=$CLIENT" -d "client_secret=$SECRET" \
	    -d "code_verifier=$2" --data-urlencode "redirect_uri=${3:-$REDIRECT}" "$OSC_APP_URL/api/connect/token"
}

refresh()	# TOKEN
{
	req -d grant_type=refresh_token -d "refresh_token=$1" -d "client_id=$CLIENT" -d "client_secret=$SECRET" \
	    "$OSC_APP_URL/api/connect/token"
}

sign_in()	# TENANT
{
	consent "$1"
	exchange "$CODE" "$VERIFIER"
	PAT=$(json .access_token)
	REFRESH=$(json .refresh_token)
}

pat()
{
	req -H "x-pat-jwt: Bearer $PAT" "$@"
}

sat()
{
	req -H "x-jwt: Bearer $SAT" "$@"
}

# Subscribe, and set SAT, API and HOST.
service()	# SERVICE
{
	pat --json "{\"services\":[\"$1\"]}" "$OSC_CATALOG_URL/mysubscriptions"
	pat --json "{\"serviceId\":\"$1\"}" "$OSC_TOKEN_URL/servicetoken"
	SAT=$(json .token)
	pat "$OSC_CATALOG_URL/mysubscriptions"
	API=$(json ".[] | select(.serviceId == \"$1\").apiUrl")
	HOST=${API%/*}
}

# --- beginning and end -------------------------------------------------------------

sandbox_start()
{
	: >"$SCRATCH/out"
	TMPDIR=$SCRATCH "$SANDBOX" "$@" >"$SCRATCH/out" 2>"$SCRATCH/err" &
	PID=$!
	for _ in {1..600}; do
		! grep -qx READY "$SCRATCH/out" || break
		sleep 0.05
	done
	is "$(tail -n 1 "$SCRATCH/out")" READY 'the sandbox says when it is ready'
	# shellcheck source=/dev/null
	. <(grep -E '^OSC_[A-Z]+_URL=http://127\.0\.0\.1:[0-9]+$' "$SCRATCH/out")
}

sandbox_end()
{
	kill -TERM "$PID"
	wait "$PID"
	is "$?,$(cat "$SCRATCH/err"),$(find "$SCRATCH" -name 'sandbox.*')" 0,, \
	    'it ends cleanly, leaves nothing and has nothing to complain about'
	PID=
	echo "1..$COUNT"
	[ "$FAILED" -eq 0 ]
	exit
}
