# SPDX-License-Identifier: MIT
# What the web server's configuration passes on and writes down, seen by a
# program that stands in the place of each executable.

# None of the answers here is one of the suite.
BY_SERVER=1
stop_host
CGI_DIR=$SCRATCH/params-bin
mkdir -m 0755 "$CGI_DIR"
for program in "$SCRATCH"/cgi-bin/*; do
	install -m 0755 "$E2E_BUILD/tests/e2e/params" "$CGI_DIR/$(basename "$program")"
done
start_host "$host"

param()
{
	sed -n "s/^param $1=//p" <<<"$BODY"
}

maps()		# PATH SCRIPT_NAME PATH_INFO
{
	expect GET "$1" 200 "$1 is mapped"
	is "$(param SCRIPT_NAME) $(param PATH_INFO)" "$2 $3" "as $2, the rest is path"
}
for prefix in /auth/signin /auth/callback /auth/refresh /auth/signout /auth/status /auth/check /healthz /metrics \
    /api/services /api/instances /api/suspended /api/plan; do
	maps "$prefix" "$prefix" ''
	maps "$prefix/a/b?c=d/e" "$prefix" /a/b
done
case $host in
*-cgi|*-cgid)
	maps /cgi-bin/signin /cgi-bin/signin ''
	maps /cgi-bin/instances/-/suspended /cgi-bin/instances /-/suspended
	maps /cgi-bin/status/healthz /cgi-bin/status /healthz ;;
esac

req GET /auth/signin?return_to=/x
is "$(param QUERY_STRING)" return_to=/x 'the query arrives'
is "$(param REMOTE_ADDR)" 127.0.0.1 'and where it comes from'
is "$(param HTTP_HOST)" "127.0.0.1:$PORT" 'and the host'
is "$(sed -n 's/^env OSCGI_CONFIG=//p' <<<"$BODY")" "$OSCGI_CONFIG" 'the settings are in the environment of the process'
is "$(param HTTPS)" '' 'http is not https'

# Every spelling in which a program would read HTTP_X_FORWARDED_PROTO and so on.
spellings()
{
	local name=$1 begun rest

	echo "$name" | tr '[:upper:]' '[:lower:]'
	echo "${name//-/_}" | tr '[:lower:]' '[:upper:]'
	# Each dash may be an underscore, by itself.
	begun=("${name%%-*}") rest=${name#"${name%%-*}"}
	while [ -n "$rest" ]; do
		rest=${rest#-}
		begun=("${begun[@]/%/-${rest%%-*}}" "${begun[@]/%/_${rest%%-*}}")
		rest=${rest#"${rest%%-*}"}
	done
	printf '%s\n' "${begun[@]}"
}
for header in X-Forwarded-Proto X-Forwarded-Host X-Forwarded-For Forwarded Proxy X-Original-URL X-Rewrite-URL \
    X-OSC-Tenant X-OSC-Subject X-OSC-Access-Token OSC-Tenant OSC-Subject OSC-Access-Token OSCGI-Internal; do
	sent=()
	while IFS= read -r name; do
		sent+=(-H "$name: forged-value")
	done < <(spellings "$header")
	req GET /auth/check "${sent[@]}"
	is "$STATUS$(grep -c forged-value <<<"$BODY")" 2000 "no spelling of $header passes"
done
req GET /auth/status -H 'Cookie: a=1' -H 'Cookie: b=2'
like "$(param HTTP_COOKIE)" 'a=1.*b=2' 'two Cookie headers arrive as one'
req GET /auth/status -H 'Origin: http://x.example' -H 'Sec-Fetch-Site: cross-site' -H 'Sec-Purpose: prefetch' -H 'Accept: text/event-stream'
is "$(param HTTP_ORIGIN) $(param HTTP_SEC_FETCH_SITE) $(param HTTP_SEC_PURPOSE) $(param HTTP_ACCEPT)" \
    'http://x.example cross-site prefetch text/event-stream' 'what a browser says arrives'

head -c 1100000 /dev/zero >"$CLIENT_DIR/zeros"
req POST /api/instances/x -H 'Content-Type: application/json' --data-binary "@$CLIENT_DIR/zeros"
like "$BODY" 'body 1100000' 'a body of more than 1 MiB arrives'
req POST /api/instances/x -H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' --data-binary "@$CLIENT_DIR/zeros"
like "$BODY" 'body 1100000' 'also in chunks'
head -c 11000000 /dev/zero >"$CLIENT_DIR/zeros"
expect POST /api/instances/x 413 'one of 11 MB is refused' -H 'Content-Type: application/json' --data-binary "@$CLIENT_DIR/zeros"

# What the server writes down, also when the program dies.
req GET '/auth/callback/die?code=thecodeofall&state=thestateofall' -H 'Referer: http://x.example/?code=thecodeofall'
like "$STATUS" '^50[0-9]$' 'a program that dies is the server'\''s to tell'
req GET '/auth/callback?code=thecodeofall&state=thestateofall' -H 'Referer: http://x.example/?code=thecodeofall'
req GET "/auth/callback/$(printf 'x%.0s' {1..300})/../?code=thecodeofall&state=thestateofall"
req GET '/auth/callback?code=thecodeofall&state=thestateofall' -H 'Host: a b'
req POST '/auth/callback?code=thecodeofall&state=thestateofall' --data-binary "@$CLIENT_DIR/zeros"
stop_host
is "$(grep -rlE 'thecodeofall|thestateofall' "$LOG_DIR")" '' 'no log has the query of a callback'
yes 'and yet the access is logged' grep -q 'GET /auth/callback' "$LOG_DIR/access.log"

CGI_DIR=$SCRATCH/cgi-bin
start_host "$host"
BY_SERVER=
