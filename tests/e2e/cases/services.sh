# SPDX-License-Identifier: MIT
# Subscriptions.

new_browser nobody
for request in 'GET /api/services' 'POST /api/services' 'GET /api/services/minio-minio' 'DELETE /api/services/minio-minio'; do
	# shellcheck disable=SC2086 # method and path
	expect $request 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in carol
expect POST /api/services 201 'activating a service' --json '{"serviceId":"valkey-io-valkey"}'
like "$(header Location)" "^($BASE)?/api/services/valkey-io-valkey\$" 'says where it is'
expect POST /api/services 201 'activating it again' --json '{"serviceId":"valkey-io-valkey"}'
expect GET /api/services 200 'my subscriptions'
is "$(json '[.[] | select(.serviceId == "valkey-io-valkey")] | length')" 1 'hold it once'
expect GET /api/services/valkey-io-valkey 200 'one service'
is "$(json .serviceId)" valkey-io-valkey 'is the one'
like "$(json '[.serviceInstanceOptions[].name] | join(",")')" 'name' 'with its options'
expect DELETE /api/services/valkey-io-valkey 204 'removing it'
expect GET /api/services 200 'my subscriptions'
is "$(json '[.[] | select(.serviceId == "valkey-io-valkey")] | length')" 0 'hold it no longer'
expect GET /api/services/valkey-io-valkey 404 'it is not there'

expect POST /api/services 400 'no serviceId is 400' --json '{}'
like "$(json .detail)" serviceId 'which names it'
expect POST /api/services 400 'a serviceId that is no string is 400' --json '{"serviceId":7}'
expect POST /api/services 400 'a serviceId of another pattern is 400' --json '{"serviceId":"../x"}'
req POST /api/services --json '{"serviceId":"no-such-service"}'
like "$STATUS" '^40[0-9]$' 'an unknown service is refused by the platform'
is "$(json '.upstream.status')" "$STATUS" 'which the answer says'
