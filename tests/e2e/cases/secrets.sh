# SPDX-License-Identifier: MIT
# Secrets of a service: their values go in and never come out.

new_browser nobody
for request in 'GET encore' 'POST encore' 'PUT encore/k' 'DELETE encore/k'; do
	expect "${request% *}" "/api/secrets/${request#* }" 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in susan
S=/api/secrets/encore
expect GET "$S" 200 'no secrets yet'
is "$(json length)" 0 'none'
expect POST "$S" 201 'saving one' --json '{"name":"encores3key","value":"FirstSecretValue1"}'
like "$(header Location)" "^($BASE)?$S/encores3key\$" 'its address'
is "$(json '[.serviceId, .secretName] | join("/")')" encore/encores3key 'is named'
unlike "$BODY" FirstSecretValue1 'its value does not come back'
expect GET "$S" 200 'the secrets of the service'
is "$(json '[.[].secretName] | join(",")')" encores3key 'are the one'
unlike "$BODY" FirstSecretValue1 'by name alone'
forget_calls
expect POST "$S" 201 'saving one that exists' --json '{"name":"encores3key","value":"SecondSecretValue2"}'
is "$(calls '.method == "PUT"')" 1 'changes it'
forget_calls
expect PUT "$S/encores3key" 204 'changing it' --json '{"value":"ThirdSecretValue3"}'
is "$(calls true)" 1 'is one call upstream'
is "$BODY" '' 'says nothing'
expect GET /api/secrets/minio-minio 200 'another service'
is "$(json length)" 0 'has its own'
expect PUT "$S/nothere" 404 'changing one that is not there is 404' --json '{"value":"x"}'
for bad in '{"name":"k"}' '{"name":"k","value":""}' '{"name":"k","value":5}' '{"name":"k","value":"***"}'; do
	forget_calls
	expect POST "$S" 400 "$bad is 400" --json "$bad"
	like "$(json .detail)" value 'which names it'
	is "$(calls true)" 0 'and nothing is sent'
done
for name in '' . .. -a a/b 'a b' batch é; do
	expect POST "$S" 400 "the name '$name' is 400" --json "{\"name\":\"$name\",\"value\":\"x\"}"
	like "$(json .detail)" 'name must be' 'which says what is allowed'
done
expect GET /api/secrets/Encore 404 'no service has such an id'
expect POST "$S/encores3key" 405 'a secret takes PUT and DELETE'

new_browser two
yes 'another visitor signs in' sign_in tom
expect GET "$S" 200 'another visitor'
is "$(json length)" 0 'sees none of them'
browser one
expect DELETE "$S/encores3key" 204 'removing it'
expect DELETE "$S/encores3key" 404 'removing it again is 404'
expect GET "$S" 200 'the secrets'
is "$(json length)" 0 'are none'
