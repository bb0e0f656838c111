# SPDX-License-Identifier: MIT
# What the platform has suspended.

new_browser nobody
expect GET /api/suspended 401 'the list without a session is 401'
expect POST /api/suspended/minio-minio/a/resume 401 'so is resuming'

new_browser one
yes 'signing in' sign_in ulla
platform_settings '{"healthDelayMs":0}'
expect GET /api/suspended 200 'nothing is suspended'
is "$(json length)" 0 'nothing'
expect POST /api/instances/minio-minio 201 'an instance' --json '{"name":"sleepy","RootUser":"admin","RootPassword":"SleepySecret1"}'
platform PATCH /sandbox/instances/ulla/minio-minio/sleepy '{"suspended":"idle"}'
expect GET /api/instances/minio-minio/sleepy 404 'once suspended it cannot be read'
expect GET /api/suspended 200 'it is among the suspended'
is "$(json '.[0] | .serviceId + "/" + .instanceName + " " + .reason')" 'minio-minio/sleepy idle' 'with why'
unlike "$BODY" SleepySecret1 'without its secret'
is "$(json '.[0].parameters.RootPassword')" '***' 'which is covered'
if [ "$HOST" = lighttpd-cgi ]; then
	req GET /cgi-bin/instances/-/suspended
	is "$STATUS" 200 'the same without an address of its own'
	is "$(json length)" 1 'is there'
fi
expect POST /api/suspended/minio-minio/other/resume 404 'what is not suspended cannot be resumed'
forget_calls
many 5 GET /api/suspended
is "$MANY" 200x5 'several at once'
platform GET /sandbox/requests
overlaps=$(printf '%s' "$PLATFORM" | gojq '[.[] | select(.path == "/mysuspended") | {a: .time_ms, b: (.time_ms + .duration_ms)}] | sort_by(.a) | . as $l | [range(1; length) | select($l[.].a < $l[. - 1].b)] | length')
is "$overlaps" 0 'are asked one at a time'
forget_calls
expect POST /api/suspended/minio-minio/sleepy/resume 204 'resuming it'
is "$(calls '.method == "POST" and .headers["content-type"] == null')" 1 'without a body'
expect GET /api/instances/minio-minio/sleepy 200 'it is back'
expect GET /api/suspended 200 'the list'
is "$(json length)" 0 'is empty again'
platform PATCH /sandbox/instances/ulla/minio-minio/sleepy '{"suspended":"idle"}'
expect DELETE /api/suspended/minio-minio/sleepy 204 'one that is suspended can be removed'
expect DELETE /api/suspended/minio-minio/sleepy 404 'once'
for path in /api/suspended/x /api/suspended/minio-minio/a /api/suspended/minio-minio/a/resume/x; do
	req GET "$path"
	like "$STATUS" '^40[45]$' "$path is nothing to read"
done
