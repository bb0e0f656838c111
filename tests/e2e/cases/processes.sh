# SPDX-License-Identifier: MIT
# The processes themselves.

# One that lives long enough to be looked at: the platform takes its time, until it is told not to.
slow_call()
{
	local wait

	# Under plain CGI a process that answered before may still be about to end.
	for wait in {1..200}; do
		case $host in *-cgi|apache-cgid) [ -n "$(host_processes plan)" ] || break ;; *) break ;; esac
		sleep 0.05
	done
	forget_calls
	platform_settings '{"latencyMs":2500}'
	curl -s --max-time 20 -b "$JAR" -o "$CLIENT_DIR/slow.body" -w '%{http_code}' "$BASE/api/plan" >"$CLIENT_DIR/slow" &
	SLOW=$!
	for wait in {1..200}; do
		[ "$(calls '.status == 0')" = 0 ] || break
		sleep 0.05
	done
}

new_browser one
yes 'signing in' sign_in ivan
req GET /api/plan
slow_call
pids=$(host_processes plan)
isnt "$pids" '' 'a process is at work'
for pid in $pids; do
	status=$(cat "/proc/$pid/status" 2>/dev/null)
	like "$status" 'NoNewPrivs:[[:space:]]*1' 'it can gain no privileges'
	like "$status" 'Umask:[[:space:]]*0077' 'what it makes is its own'
	like "$(grep 'core file' "/proc/$pid/limits" 2>/dev/null)" 'size +0 +0' 'it dumps no core'
	if [ "$(id -u)" -eq 0 ]; then
		is "$(stat -c %u "/proc/$pid/mem" 2>/dev/null)" 0 'its memory is open to root alone'
		is "$(awk '/^Uid:/ { print $2 }' <<<"$status")" "$(id -u "$RUN_USER")" 'it is not root'
	fi
	break
done
# shellcheck disable=SC2086 # a list of process ids
kill -TERM $pids
platform_settings '{"latencyMs":0}'
wait "$SLOW"
is "$(cat "$CLIENT_DIR/slow")" 200 'SIGTERM lets the request in hand end'
for wait in {1..200}; do
	gone=yes
	for pid in $pids; do
		case $(readlink "/proc/$pid/exe" 2>/dev/null) in
		"$SCRATCH"/*) gone=no ;;
		esac
	done
	[ "$gone" = no ] || break
	sleep 0.05
done
is "$gone" yes 'and then ends the process'
expect GET /api/plan 200 'another takes its place'

# Killed outright: the session outlives it.
for round in 1 2 3; do
	# shellcheck disable=SC2046 # a list of process ids
	[ -z "$(host_processes)" ] || kill -KILL $(host_processes) 2>/dev/null
	for wait in {1..200}; do
		req GET /auth/status
		[ "$STATUS" != 200 ] || break
		sleep 0.1
	done
	is "$STATUS$(json .signedIn)" 200true "all processes killed ($round): the visitor is signed in"
done
# What the web server itself answered in between is not ours.
sed -i '/GET \/auth\/status *-> 50[0-9]/d' "$BREACHES"

# State that others can read is refused.
if [ -x "$SCRATCH/bin/oscgi" ]; then
	chmod 0755 "$STATE_DIR"
	restart_host
	req GET /healthz
	is "$STATUS" 503 'state that others can read is refused'
	yes 'a log line says so' grep -q "STATE_DIR" "$LOG_DIR"/*.log
	chmod 0700 "$STATE_DIR"
	restart_host
	expect GET /healthz 200 'and is fine again when it is private'
fi

# A line of a kilobyte, whatever a visitor sends.
req GET "/auth/signin?return_to=$(printf '%%0a%.0s' {1..1500})evil" -H "User-Agent: $(printf 'q%.0s' {1..3000})"
req GET "/api/instances/$(printf 'x%.0s' {1..3000})"
# Where the server writes to the same file, ours are the lines with a level and an event.
suite_lines()
{
	cat "$LOG_DIR"/oscgi.log 2>/dev/null
	grep -h 'level=[a-z]* event=' "$LOG_DIR"/error.log "$LOG_DIR"/server.log 2>/dev/null
}
isnt "$(suite_lines | head -n 1)" '' 'the suite writes a log'
yes 'no log line of the suite is longer than a kilobyte' test -z "$(
	suite_lines | awk 'length($0) > 1100' | head -n 1)"
