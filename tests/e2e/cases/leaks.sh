# SPDX-License-Identifier: MIT
# No secret in any answer, log or file.

new_browser one
yes 'signing in, for the last time' sign_in judy
req POST /api/instances/minio-minio --json '{"name":"lastone","RootPassword":"Pr1vateWordOfMine"}'
req POST /auth/refresh
req GET /api/instances/minio-minio
req DELETE /api/instances/minio-minio/lastone
begin /
begun=$STATE
consent judy
come_back
req GET "${CALLBACK#"$BASE"}"
# A server may write down what it asked of a program that dies.
die_at_callback()
{
	local wait

	begin /
	consent judy
	forget_calls
	platform_settings '{"latencyMs":2500}'
	curl -s --max-time 20 -b "$JAR" -o /dev/null "$CALLBACK" &
	for wait in {1..200}; do
		[ "$(calls '.status == 0')" = 0 ] || break
		sleep 0.05
	done
	# shellcheck disable=SC2046 # a list of process ids
	yes 'a callback dies at work' kill -KILL $(host_processes callback)
	wait $!
	platform_settings '{"latencyMs":0}'
}
die_at_callback
# Some servers keep their logs for seconds.
stop_host

# What the sandbox issued since its start; short words would be found anywhere.
platform GET /sandbox/secrets-issued
printf '%s' "$PLATFORM" | gojq -r '.. | strings' | awk 'length($0) >= 16' | sort -u >"$CLIENT_DIR/issued"
yes 'the sandbox has issued secrets' test "$(wc -l <"$CLIENT_DIR/issued")" -gt 20
sort -u "$COOKIES_SEEN" >"$CLIENT_DIR/cookie-values"
yes 'and the suite cookies' test "$(wc -l <"$CLIENT_DIR/cookie-values")" -gt 5
printf '%s\n' Sup3rSecretWord AnotherS3cret Pr1vateWordOfMine >"$CLIENT_DIR/words"

leak()		# WORDS WHERE...
{
	local words=$1 found

	shift
	found=$(grep -arlFf "$words" "$@" 2>/dev/null | head -n 5)
	[ -z "$found" ] || diag "found in: $found"
	[ -z "$found" ]
}

yes 'no secret of the platform is in an answer' leak "$CLIENT_DIR/issued" "$ANSWERS"
yes 'no secret option is in an answer' leak "$CLIENT_DIR/words" "$ANSWERS"
yes 'no cookie is in an answer but where it is set' leak "$CLIENT_DIR/cookie-values" "$ANSWERS"
yes 'no secret of the platform is in a log' leak "$CLIENT_DIR/issued" "$LOG_DIR"
yes 'no secret option is in a log' leak "$CLIENT_DIR/words" "$LOG_DIR"
yes 'no cookie is in a log' leak "$CLIENT_DIR/cookie-values" "$LOG_DIR"
printf '%s\n' "$begun" >"$CLIENT_DIR/state"
yes 'no state of a sign-in is in a log' leak "$CLIENT_DIR/state" "$LOG_DIR"
yes 'no query string of a callback is in a log' test -z "$(grep -rhoE 'callback[?][^ -][^ ]*' "$LOG_DIR" | head -n 3)"
yes 'no secret of the platform is in the state directory' leak "$CLIENT_DIR/issued" "$STATE_DIR"
yes 'no secret option is in the state directory' leak "$CLIENT_DIR/words" "$STATE_DIR"
yes 'no cookie is in the state directory' leak "$CLIENT_DIR/cookie-values" "$STATE_DIR"
yes 'nothing in the state directory is open to others' test -z "$(find "$STATE_DIR" -perm /077 | head -n 3)"
if [ -n "$STORE_PID" ]; then
	cut -d ' ' -f 2 "$STATE_DIR/key" >"$CLIENT_DIR/key"
	yes 'nor any of these in the files of the server that is the store' leak "$CLIENT_DIR/issued" "$STORE_DIR"
	yes 'secret options' leak "$CLIENT_DIR/words" "$STORE_DIR"
	yes 'cookies' leak "$CLIENT_DIR/cookie-values" "$STORE_DIR"
	yes 'the key' leak "$CLIENT_DIR/key" "$STORE_DIR"
	yes 'which has records' grep -rqa 'oscgi:r:s:' "$STORE_DIR"
fi
yes 'the search finds what is there' grep -qF -f "$CLIENT_DIR/cookie-values" "$COOKIES_SEEN"
start_host "$host"
