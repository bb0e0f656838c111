# SPDX-License-Identifier: MIT
# What can be done with an instance that is there: logs, ports, endpoint, restart, scale, waiting.

new_browser nobody
for request in 'GET logs' 'GET ports' 'GET endpoint' 'POST restart' 'GET scale' 'PUT scale'; do
	expect "${request% *}" "/api/instances/valkey-io-valkey/kv1/${request#* }" 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in olga
platform_settings '{"healthDelayMs":0}'
I=/api/instances/valkey-io-valkey
expect POST "$I?wait=10" 201 'an instance to operate' --json '{"name":"kv1","Password":"OperateMe99"}'

expect GET "$I/kv1/logs" 200 'its log'
like "$(header Content-Type)" '^text/plain; charset=utf-8$' 'is text'
like "$BODY" . 'and says something'
lines=$(printf '%s\n' "$BODY" | wc -l)
expect GET "$I/kv1/logs?tail=1" 200 'its last line'
is "$(printf '%s\n' "$BODY" | wc -l)" 1 'is one'
like "$lines" '^([2-9]|[1-9][0-9]+)$' 'of several'
for format in string array; do
	platform_settings "{\"logsFormat\":\"$format\"}"
	expect GET "$I/kv1/logs?tail=2" 200 "a log that comes as a JSON $format"
	is "$(printf '%s\n' "$BODY" | wc -l)" 2 'is lines of text as well'
	unlike "$BODY" '^[["]' 'and not JSON'
done
platform_settings '{"logsFormat":"text"}'
for bad in 0 -1 x 1000000 '1&tail=2'; do
	expect GET "$I/kv1/logs?tail=$bad" 400 "tail=$bad is 400"
	like "$(json .detail)" tail 'which names it'
done

expect GET "$I/kv1/ports" 200 'its ports'
is "$(json '.[0].internalPort')" 6379 'are the one'
platform_settings '{"portsFormat":"object"}'
expect GET "$I/kv1/ports" 200 'ports as an older service gives them'
is "$(json '.[0].internalPort')" 6379 'are a list too'
platform_settings '{"portsFormat":"array"}'

expect GET "$I/kv1/endpoint" 200 'its address inside the platform'
like "$(json .serviceDns)" . 'has a name'

expect GET "$I/kv1/scale" 200 'its scale'
is "$(json .desiredReplicas)" 1 'is one'
forget_calls
expect PUT "$I/kv1/scale" 200 'scaling it' --json '{"desiredReplicas":2}'
is "$(json .desiredReplicas)" 2 'to two'
is "$(calls '.method == "PUT" and (.headers.authorization != null) and (.headers["x-jwt"] == null)')" 1 \
    'with Authorization, which alone is read there'
is "$(calls true)" 1 'by one call'
expect GET "$I/kv1/scale" 200 'its scale now'
is "$(json .desiredReplicas)" 2 'is two'
for bad in '{}' '{"desiredReplicas":-1}' '{"desiredReplicas":1.5}' '{"desiredReplicas":"2"}' '{"desiredReplicas":100000}'; do
	expect PUT "$I/kv1/scale" 400 "$bad is 400" --json "$bad"
	like "$(json .detail)" 'desiredReplicas.*from 0 to' 'which says what is allowed'
done

forget_calls
expect POST "$I/kv1/restart" 204 'restarting it'
is "$(calls '.method == "POST" and .headers["content-type"] == null and (.bodyLength // 0) == 0 and .body == null')" 1 \
    'without a body or a content type'
is "$(calls true)" 1 'by one call'

# What has no such link says so.
expect POST /api/instances/eyevinn-encore-transfer 201 'a service without restart' \
    --json '{"name":"tr1","RedisUrl":"redis://h:1","Output":"s3://o/","OscAccessToken":"OperateTokenNot1"}'
expect POST /api/instances/eyevinn-encore-transfer/tr1/restart 404 'cannot be restarted'
like "$(json .detail)" restart 'which is said'
expect DELETE /api/instances/eyevinn-encore-transfer/tr1 204 'away with it'

for part in logs ports endpoint scale health; do
	expect GET "$I/nothere/$part" 404 "$part of what is not there is 404"
done
expect POST "$I/nothere/restart" 404 'so is restarting it'
expect POST "$I/kv1/logs" 405 'a log is read only'
is "$(header Allow)" 'GET, HEAD' 'which Allow says'

# In the steady state one call is one call, over one connection.
req GET "$I/kv1/logs"
for part in '' /health /logs /ports /endpoint /scale; do
	forget_calls
	req GET "$I/kv1$part"
	is "$(calls true)" 1 "GET$part is one call upstream"
done
forget_calls
for _ in 1 2 3 4 5 6 7 8; do
	req GET "$I/kv1"
done
platform GET /sandbox/requests
connections=$(printf '%s' "$PLATFORM" | gojq -r '[.[].connection] | unique | length')
case $HOST in
*-cgi | *cgid) pass 'a plain CGI process has its own connection' ;;
*) like "$connections" '^[1-4]$' 'connections are reused between the requests of a process' ;;
esac
expect PATCH "$I/kv1" 200 'changing it' --json '{"Password":"OperateMe77"}'
forget_calls
expect PATCH "$I/kv1" 200 'changing it again' --json '{"Password":"OperateMe88"}'
is "$(calls true)" 1 'is one call too'
forget_calls
expect POST "$I" 201 'so is creating' --json '{"name":"kv2"}'
is "$(calls true)" 1 'where the service is known'
expect DELETE "$I/kv2" 204 'away with it'

# Waiting: until it is ready, which is more than running.
platform_settings '{"healthDelayMs":300,"appDelayMs":1500,"connectDelayMs":600}'
M=/api/instances/eyevinn-test-adserver
began=$(date +%s%N)
expect POST "$M?wait=20" 201 'waiting for one whose address answers late' --json '{"name":"late1"}'
took=$((($(date +%s%N) - began) / 1000000))
yes "until its application answers ($took ms)" test "$took" -ge 1500
yes 'and not until all its time is over' test "$took" -lt 15000
is "$(calls '(.origin | startswith("instance:")) and .path == "/"')" 0 'its front page is not asked: that one lies'
expect DELETE "$M/late1" 204 'away with it'
platform_settings '{"healthDelayMs":60000,"appDelayMs":0,"connectDelayMs":0}'
began=$(date +%s)
expect POST "$M?wait=2" 201 'waiting for one that takes too long' --json '{"name":"slow1"}'
yes 'ends when its time is over' test $(($(date +%s) - began)) -le 15
expect DELETE "$M/slow1" 204 'away with it'
platform_settings '{"healthDelayMs":300,"healthFinal":"failed"}'
began=$(date +%s)
expect POST "$M?wait=20" 502 'waiting for one that fails' --json '{"name":"bad1"}'
yes 'ends when it has failed' test $(($(date +%s) - began)) -le 15
like "$(json .detail)" 'bad1 .*failed.*log.*starting bad1' 'with the end of its log'
like "$(header Location)" '/eyevinn-test-adserver/bad1$' 'and where it is'
expect GET "$M/bad1/health?wait=20" 502 'waiting for its health'
like "$(json .detail)" 'log.*starting bad1' 'says the same'
expect DELETE "$M/bad1" 204 'away with it'
platform_settings '{"healthDelayMs":500,"healthFinal":"running"}'
req POST "$M" --json '{"name":"good1"}'
expect GET "$M/good1/health?wait=20" 200 'waiting for the health of one that starts'
is "$(json .status)" running 'until it is running'
expect DELETE "$M/good1" 204 'away with it'

# Made once, whatever became of the answer.
platform_settings '{"healthDelayMs":0,"faults":[{"method":"POST","path":"/test-adserverinstance","times":1,"after":true,"status":500,"contentType":"application/json","body":"{\"reason\":\"ORCHESTRATOR_UNAVAILABLE\"}"}]}'
forget_calls
expect POST "$M" 201 'creating while the platform says that it failed, and did not' --json '{"name":"once1"}'
is "$(calls '.method == "POST" and .path == "/test-adserverinstance"')" 1 'is not tried again: it was looked for first'
platform_settings '{"faults":[{"method":"POST","path":"/test-adserverinstance","times":1,"after":true,"delayMs":5000}]}'
forget_calls
expect POST "$M" 201 'creating when the answer comes too late' --json '{"name":"once2"}'
is "$(calls '.method == "POST" and .path == "/test-adserverinstance"')" 1 'makes one'
req GET "$M"
is "$(json '[.[].name] | sort | join(",")')" once1,once2 'each once'
platform_settings '{"faults":[{"method":"POST","path":"/test-adserverinstance","times":1,"status":503,"headers":{"Retry-After":"1"},"contentType":"application/json","body":"{\"reason\":\"busy\"}"}]}'
expect POST "$M" 201 'creating while the platform is busy for a moment' --json '{"name":"once3"}'
no_faults
fault '{"method":"GET","path":"/test-adserverinstance","times":2,"status":404,"contentType":"application/json","body":"{\"message\":\"Route GET:/test-adserverinstance not found\",\"error\":\"Not Found\",\"statusCode\":404}"}'
expect GET "$M/once1" 200 'a service that is starting is asked again'
fault '{"method":"GET","path":"/test-adserverinstance","times":9,"status":404,"contentType":"text/html","body":"<html></html>"}'
expect GET "$M/once1" 502 'one that stays so is 502, and not "not found"'
fault '{"method":"GET","path":"/test-adserverinstance","times":9,"status":500,"contentType":"application/json","body":"{\"reason\":\"boom\"}"}'
expect GET "$M/once1" 502 'a 500 is no "not found" either'
fault '{"method":"GET","path":"/test-adserverinstance","times":9,"status":429,"headers":{"Retry-After":"7"},"contentType":"application/json","body":"{\"reason\":\"slow down\"}"}'
expect GET "$M/once1" 429 'too many requests are told'
is "$(header Retry-After)" 7 'with how long to wait'
no_faults

# Tokens in mid-life.
platform POST /sandbox/revoke '{"tenant":"olga","kind":"service"}'
forget_calls
expect GET "$M/once1" 200 'a service token that was taken back is replaced'
is "$(calls '.path == "/servicetoken"')" 1 'by one'
platform POST /sandbox/revoke '{"tenant":"olga","kind":"access"}'
platform POST /sandbox/revoke '{"tenant":"olga","kind":"service"}'
expect GET "$M/once1" 200 'so are both'
platform POST /sandbox/revoke '{"tenant":"olga","kind":"all"}'
expect GET "$M/once1" 401 'when nothing is left it is 401'
new_browser one
yes 'signing in again' sign_in olga
fault '{"path":"/test-adserverinstance","method":"GET","times":9,"status":401,"contentType":"application/json","body":"{\"reason\":\"not you\"}"}'
forget_calls
expect GET "$M/once1" 502 'a service that refuses new tokens too has failed'
is "$(json '.upstream.service + " " + (.upstream.status | tostring)')" 'eyevinn-test-adserver 401' 'and is named'
is "$(token_calls)" 1 'after one refresh'
no_faults
yes 'which is no end of the sign-in' signed_in

expect POST "$M" 400 'an option that does not exist is 400' --json '{"name":"x1","Nonsense":"1"}'
like "$(json .detail)" 'Nonsense.*options are.*MrssOrigin' 'and the options are named'
forget_calls
expect POST /api/instances/minio-minio 400 'a value that does not fit its pattern is 400' \
    --json '{"name":"x1","RootPassword":"onlysmallletters"}'
like "$(json .detail)" 'RootPassword.*pattern \^\(\?=' 'which shows the pattern'
unlike "$BODY" onlysmall 'and not the value'
is "$(calls '.method == "POST" and (.path | test("minioinstance"))')" 0 'and nothing is sent'
expect POST /api/instances/eyevinn-docker-wrtc-sfu 400 'a mandatory option that is missing is 400' --json '{"name":"x1"}'
like "$(json .detail)" ApiKey 'and is named'
for name in once1 once2 once3; do
	expect DELETE "$M/$name" 204 "away with $name"
done
expect DELETE "$I/kv1" 204 'away with kv1'
