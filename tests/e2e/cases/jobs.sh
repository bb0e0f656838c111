# SPDX-License-Identifier: MIT
# Services whose instances end by themselves.

new_browser nobody
for request in 'GET eyevinn-ffmpeg-s3' 'POST eyevinn-ffmpeg-s3' 'GET eyevinn-ffmpeg-s3/j1' 'DELETE eyevinn-ffmpeg-s3/j1' \
    'GET eyevinn-ffmpeg-s3/j1/logs'; do
	expect "${request% *}" "/api/jobs/${request#* }" 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in jane
platform_settings '{"jobDelayMs":60000}'
J=/api/jobs/eyevinn-ffmpeg-s3
expect POST "$J" 201 'starting a job, the service not yet active' \
    --json '{"name":"job1","cmdLineArgs":"-i https://example.com/in.mp4 s3://out/a.mp4","awsSecretAccessKey":"JobSecretKey77"}'
like "$(header Location)" "^($BASE)?$J/job1\$" 'its address'
is "$(json .name)" job1 'the document'
unlike "$BODY" JobSecretKey77 'without its secret'
expect GET "$J" 200 'the jobs of the service'
is "$(json '[.[].name] | join(",")')" job1 'are the one'
unlike "$BODY" JobSecretKey77 'without its secret'
forget_calls
expect GET "$J/job1" 200 'reading it'
is "$(calls true)" 1 'is one call upstream'
is "$(json .status)" Running 'it runs'
(sleep 1; platform PATCH /sandbox/instances/jane/eyevinn-ffmpeg-s3/job1 '{"health":"SuccessCriteriaMet"}') &
expect GET "$J/job1?wait=15" 200 'waiting for its end'
wait $!
is "$(json .status)" SuccessCriteriaMet 'which is what the platform calls it'
expect GET "$J/job1/logs?tail=1" 200 'its log'
like "$(header Content-Type)" '^text/plain' 'is text'
is "$(printf '%s\n' "$BODY" | wc -l)" 1 'its last line'
expect POST "$J" 409 'its name is taken' --json '{"name":"job1","cmdLineArgs":"-version"}'
expect DELETE "$J/job1" 204 'removing it'
expect GET "$J/job1" 404 'it is gone'
expect DELETE "$J/job1" 404 'removing it again is 404'
platform_settings '{"jobFinal":"Failed","jobDelayMs":200}'
expect POST "$J" 201 'one that fails' --json '{"name":"job2","cmdLineArgs":"-nonsense"}'
expect GET "$J/job2?wait=15" 200 'is waited for too'
is "$(json .status)" Failed 'until it has failed'
platform_settings '{"jobFinal":"Running"}'
began=$(date +%s)
expect POST "$J" 201 'one that goes on' --json '{"name":"job3","cmdLineArgs":"-re"}'
expect GET "$J/job3?wait=2" 200 'is waited for'
yes 'no longer than asked for' test $(($(date +%s) - began)) -le 15
expect GET "$J/job3?wait=26" 400 'too long is 400'
platform_settings '{"jobFinal":"SuccessCriteriaMet","jobDelayMs":3000}'
expect DELETE "$J/job2" 204 'away with one'
expect DELETE "$J/job3" 204 'and the other'

req POST /api/services --json '{"serviceId":"minio-minio"}'
expect GET /api/jobs/minio-minio 404 'a service of instances has no jobs'
like "$(json .detail)" 'no service of jobs' 'which is said'
expect POST "$J" 400 'a job without its command is 400' --json '{"name":"job4"}'
like "$(json .detail)" cmdLineArgs 'which names it'
for name in '' A a-b abcdefghijklmnopqrstu; do
	expect POST "$J" 400 "the name '$name' is 400" --json "{\"name\":\"$name\",\"cmdLineArgs\":\"x\"}"
	like "$(json .detail)" 'name must be' 'which says what is allowed'
done
for path in "$J/job1/nonsense" /api/jobs/X /api/jobs "$J/job1/logs/x"; do
	expect GET "$path" 404 "$path is nothing"
done
