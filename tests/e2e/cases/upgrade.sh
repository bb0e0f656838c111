# SPDX-License-Identifier: MIT
# Old and new programs over one state: an upgrade under load, and the way back.
# E2E_OTHER is the build directory of another version; without one there is nothing to try.

[ -n "${E2E_OTHER:-}" ] || { fail 'there is another version' 'make check-upgrade OTHER=its-build-directory'; return 0; }

OTHER_DIR=$SCRATCH/other
OTHER_PID=
OTHER_PORT=$(host_free_port)
mkdir -p "$OTHER_DIR/cgi-bin"
chmod 0755 "$OTHER_DIR" "$OTHER_DIR/cgi-bin"
for program in "$E2E_OTHER"/cgi-bin/*; do
	[ -f "$program" ] && [ -x "$program" ] && install -m 0755 "$program" "$OTHER_DIR/cgi-bin/"
done
install -m 0755 "$E2E_OTHER/bin/oscgi" "$OTHER_DIR/oscgi"
install -d -m 0700 "$OTHER_DIR/socket" "$OTHER_DIR/run"
[ "$(id -u)" -ne 0 ] || chown "$RUN_USER:$RUN_GROUP" "$OTHER_DIR/socket" "$OTHER_DIR/run"

# A second web server with the other version's programs, on the same settings and state.
other_start()
{
	local PORT=$OTHER_PORT CGI_DIR=$OTHER_DIR/cgi-bin SOCKET_DIR=$OTHER_DIR/socket RUN_DIR=$OTHER_DIR/run wait

	host_render lighttpd.conf && mv "$SCRATCH/conf/lighttpd.conf" "$OTHER_DIR/lighttpd.conf" || return 1
	"${CLEAN[@]}" setsid lighttpd -D -f "$OTHER_DIR/lighttpd.conf" </dev/null >>"$LOG_DIR/other.log" 2>&1 &
	OTHER_PID=$!
	for wait in {1..600}; do
		! host_answers || return 0
		sleep 0.1
	done
	return 1
}

other_stop()
{
	local CGI_DIR=$OTHER_DIR/cgi-bin wait

	[ -n "$OTHER_PID" ] || return 0
	kill -TERM "$OTHER_PID" 2>/dev/null
	for wait in {1..600}; do
		[ -n "$(host_processes)" ] || break
		sleep 0.05
	done
	[ -z "$(host_processes)" ] || return 1
	wait "$OTHER_PID" 2>/dev/null
	OTHER_PID=
}
HERE_BASE=$BASE
HERE_PORT=$PORT
OTHER_BASE=http://127.0.0.1:$OTHER_PORT

at()	# here|other: where the browser goes
{
	case $1 in
	here)  BASE=$HERE_BASE PORT=$HERE_PORT ;;
	other) BASE=$OTHER_BASE PORT=$OTHER_PORT ;;
	esac
}
# Begin a sign-in at one, end it at the other.
sign_in_across()	# USER FROM TO
{
	new_browser "$1"
	at "$2"
	begin && consent "$1" || return 1
	CALLBACK=${CALLBACK#"$BASE"}
	at "$3"
	req GET "$CALLBACK"
	[ "$STATUS" = 303 ]
}

platform_settings '{"latencyMs":0,"healthDelayMs":4000}'
VISITORS="anna berta cleo"
stop_host
find "$STATE_DIR" -mindepth 1 -delete
yes 'the other version makes a state' other_start
at other
for visitor in $VISITORS; do
	new_browser "$visitor"
	yes "  $visitor signs in" sign_in "$visitor"
done
browser anna
expect POST /api/convert/pipeline 202 '  long work is begun' --json '{}'
OPERATION=$(header Location)
req GET "$OPERATION"
is "$(json .status)" running '  and under way'

load_begin "$OTHER_BASE"
PORT=$HERE_PORT
yes 'this version starts beside it' start_host "$host" "$HERE_PORT"
load_goes_to "$OTHER_BASE" "$HERE_BASE"
yes 'who began a sign-in there ends it here' sign_in_across dora other here
yes 'and the other way round' sign_in_across emil here other
for round in 1 2 3 4 5; do
	"${AS_SUITE[@]}" "$OTHER_DIR/oscgi" worker --once >/dev/null &
	workers=$!
	oscgi_command worker --once >/dev/null
	wait "$workers"
	sleep 0.5
done
is "$("${AS_SUITE[@]}" "$OTHER_DIR/oscgi" sessions)" "$(oscgi_command sessions)" 'the commands of both count the same'
load_goes_to "$HERE_BASE"
yes 'the other one stops' other_stop
load_end 'upgraded' 40
VISITORS="anna berta cleo dora emil"
at here
all_signed_in 'on this version alone'
browser anna
yes 'the long work is brought to its end' until_ended "$OPERATION"
is "$(json .status)" succeeded '  well'
is "$(json '[.steps[].name] | join(" ")')" 'plan credentials storage buckets queue profiles encoder' '  with all its steps'
expect POST /api/intercom 202 'more of it is begun' --json '{"name":"studio"}'
OPERATION=$(header Location)
req GET "$OPERATION"
is "$(json .status)" running '  and under way'

load_begin "$HERE_BASE"
yes 'the other version is put back' other_start
load_goes_to "$HERE_BASE" "$OTHER_BASE"
yes '  one signs in across' sign_in_across frida here other
load_goes_to "$OTHER_BASE"
yes 'this one stops' stop_host
load_end 'back' 40
VISITORS="$VISITORS frida"
at other
all_signed_in 'on the other version alone'
browser anna
yes 'what was begun here is brought to its end there' until_ended "$OPERATION"
is "$(json .status)" succeeded '  well'
browser berta
expect POST /auth/signout 204 'one signs out there' -H "Origin: $BASE"
yes 'the other one stops' other_stop
yes 'this version once more' start_host "$host" "$HERE_PORT"
at here
browser berta
req GET /api/plan
is "$STATUS" 401 'she is signed out here'
VISITORS="anna cleo dora emil frida"
all_signed_in 'but for her'
unlike "$(cat "$LOG_DIR"/*.log)" 'session_unreadable|operation_unreadable|store_broken|store_newer|store_record' \
    'neither has found anything that it cannot read'
kill -0 "$SANDBOX_PID" 2>/dev/null || { wait "$SANDBOX_PID"; fail 'the platform was there all the time' "it ended with $?"; }
