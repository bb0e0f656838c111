# SPDX-License-Identifier: MIT
# The main job: see, create, watch, change and delete instances.

new_browser nobody
for request in 'GET /api/instances' 'GET /api/instances/minio-minio' 'POST /api/instances/minio-minio' \
    'GET /api/instances/minio-minio/a' 'DELETE /api/instances/minio-minio/a' 'GET /api/plan'; do
	# shellcheck disable=SC2086 # method and path
	expect $request 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in dave
platform_settings '{"healthDelayMs":600}'

expect GET /api/plan 200 'the plan'
is "$(json '[has("plan"), has("tokens")] | join(",")')" true,true 'and the balance'

expect POST /api/instances/minio-minio 201 'creating an instance, the service not yet active' \
    --json '{"name":"store1","RootUser":"admin","RootPassword":"Sup3rSecretWord"}'
like "$(header Location)" "^($BASE)?/api/instances/minio-minio/store1\$" 'its address'
is "$(json .name)" store1 'the document'
unlike "$BODY" Sup3rSecretWord 'the secret does not come back'
is "$(json .RootPassword)" '***' 'it reads ***'
expect GET /api/services 200 'the service was activated on first use'
is "$(json '[.[] | select(.serviceId == "minio-minio")] | length')" 1 'once'

expect GET /api/instances/minio-minio/store1/health 200 'its health'
like "$(json .status)" '^(starting|running)$' 'starting, or running'
for try in {1..100}; do
	[ "$(json .status)" != running ] || break
	sleep 0.3
	req GET /api/instances/minio-minio/store1/health
done
is "$(json .status)" running 'it becomes ready'

expect GET /api/instances/minio-minio 200 'the instances of a service'
is "$(json '[.[].name] | join(",")')" store1 'are the one'
unlike "$BODY" Sup3rSecretWord 'no secret in a list'
forget_calls
req GET /api/instances/minio-minio
is "$(calls true)" 1 'listing a known service costs one upstream call'
expect GET /api/instances/minio-minio/store1 200 'reading it'
is "$(json .RootUser)" admin 'an open option is open'
is "$(json .RootPassword)" '***' 'a secret one is not'

expect PATCH /api/instances/minio-minio/store1 200 'changing it' --json '{"RootUser":"boss"}'
req GET /api/instances/minio-minio/store1
is "$(json .RootUser)" boss 'it is changed'
forget_calls
expect PATCH /api/instances/minio-minio/store1 400 'a body that holds *** is refused' --json '{"RootPassword":"***"}'
is "$(calls '.method == "PATCH"')" 0 'and not sent'

expect POST '/api/instances/valkey-io-valkey?wait=10' 201 'creating one and waiting' --json '{"name":"cache1","Password":"AnotherS3cret"}'
unlike "$BODY" AnotherS3cret 'no secret comes back'
expect GET /api/instances/valkey-io-valkey/cache1/health 200 'its health'
is "$(json .status)" running 'it was waited for'
expect POST '/api/instances/valkey-io-valkey?wait=26' 400 'waiting too long is 400' --json '{"name":"cache2"}'
expect POST '/api/instances/valkey-io-valkey?wait=x' 400 'no number is 400' --json '{"name":"cache2"}'

expect GET /api/instances 200 'all instances'
is "$(json '[.instances[] | .serviceId + "/" + .name] | sort | join(",")')" \
    minio-minio/store1,valkey-io-valkey/cache1 'of all services'
is "$(json '[.instances[] | has("url") and has("status")] | all')" true 'each with address and status'
is "$(json '.errors | length')" 0 'nothing failed'
unlike "$BODY" 'Sup3rSecretWord|AnotherS3cret' 'no secret there'

req POST /api/instances/minio-minio --json '{"name":"store1"}'
is "$STATUS" 409 'a name that is taken is 409'
is "$(json .upstream.status)" 409 'from the platform'
for name in '' 'A' 'a-b' 'a b' 'abcdefghijklmnopqrstu' '../x' 'é'; do
	expect POST /api/instances/minio-minio 400 "the name '$name' is 400" --json "{\"name\":\"$name\"}"
	like "$(json .detail)" name 'which says so'
done
expect POST /api/instances/minio-minio 400 'no name is 400' --json '{}'
expect POST /api/instances/minio-minio 400 'a name that is no string is 400' --json '{"name":5}'
expect GET /api/instances/minio-minio/nothere 404 'what is absent is 404'
expect DELETE /api/instances/minio-minio/nothere 404 'removing it too'
like "$(json .upstream.service)" . 'by the platform'
for path in /api/instances/Minio_X /api/instances/minio-minio/A-B /api/instances/minio-minio/store1/nonsense \
    /api/instances/minio-minio/store1/health/x /api/plan/x; do
	expect GET "$path" 404 "$path is nothing"
done

# A service that fails costs its own rows.
fault '{"path":"/valkeyinstance","method":"GET","times":9,"status":500,"body":"down"}'
expect GET /api/instances 200 'all instances while one service is down'
is "$(json '[.instances[].name] | join(",")')" store1 'has the others'
is "$(json '[.errors[].serviceId] | join(",")')" valkey-io-valkey 'and says which failed'
expect GET /api/instances/valkey-io-valkey 502 'that one alone is 502'
is "$(json .upstream.status)" 500 'and says why'
fault '{"path":"/valkeyinstance","method":"GET","times":9,"delayMs":5000}'
expect GET /api/instances/valkey-io-valkey 504 'one that is too slow is 504'
no_faults
for status in 400 403 404 409 422 429; do
	fault "{\"path\":\"/valkeyinstance\",\"method\":\"GET\",\"times\":1,\"status\":$status,\"contentType\":\"application/json\",\"body\":\"{\\\"reason\\\":\\\"<b>because</b>\\\"}\"}"
	expect GET /api/instances/valkey-io-valkey "$status" "the platform's $status stays"
	is "$(json .upstream.status)" "$status" 'and is named'
done
fault '{"path":"/valkeyinstance","method":"GET","times":1,"status":401}'
expect GET /api/instances/valkey-io-valkey 200 'a service token refused early is renewed'
no_faults

expect DELETE /api/instances/minio-minio/store1 204 'deleting it'
expect GET /api/instances/minio-minio/store1 404 'it is gone'
expect DELETE /api/instances/valkey-io-valkey/cache1 204 'deleting the other'
expect GET /api/instances 200 'all instances'
is "$(json '.instances | length')" 0 'none is left'
platform_settings '{"healthDelayMs":0}'
