#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What the stand-in itself must get right, so that tests which lean on it mean
# something.

set -u

# shellcheck source=tests/sandbox/harness.sh
. "$(dirname "$0")/harness.sh"

sandbox_start
is "$(grep -c '^OSC_[A-Z]*_URL=' "$SCRATCH/out")" 5 'and where five origins are'

# --- discovery and registration --------------------------------------------------

META=$OSC_APP_URL/.well-known/oauth-authorization-server
req "$META"
is "$(json .issuer)" "$OSC_APP_URL" 'the metadata names the issuer'
is "$(json .token_endpoint)" "$OSC_APP_URL/api/connect/token" 'the documented endpoints'
is "$(json .revocation_endpoint)" "$OSC_APP_URL/api/connect/revoke" 'and a revocation endpoint'
settings '{"revocation":false,"issAnnounced":false}'
req "$META"
is "$(json 'has("revocation_endpoint")'),$(json 'has("authorization_response_iss_parameter_supported")')" false,false \
    'what need not be announced is not, on demand'
for mode in missing:404 not-json:200 wrong-issuer:200 http-endpoints:200; do
	settings "{\"discovery\":\"${mode%:*}\"}"
	req "$META"
	is "$STATUS" "${mode#*:}" "discovery ${mode%:*}"
done
is "$(json '.token_endpoint | startswith("http://")')" true 'endpoints that are no https'
reset
req --json '{"redirect_uris":["/relative"]}' "$OSC_APP_URL/api/connect/register"
is "$STATUS $(json .error)" '400 invalid_redirect_uri' 'a relative redirect URI is refused'
register ',"token_endpoint_auth_method":"none"'
is "$(json 'has("client_secret")')" false 'a public client gets no secret'
register ''
is "$STATUS" 201 'a client is registered'
is "$(grep -cE '^osc_[A-Za-z0-9]{24}$' <<<"$CLIENT")" 1 'its id looks as it should'
is "$(grep -cE '^osc_secret_[0-9a-f]{64}$' <<<"$SECRET")" 1 'its secret, too'

# --- authorization ---------------------------------------------------------------

URL=$(authorize_url)
req "${URL/client_id=osc_/client_id=no_}"
is "$STATUS,$LOCATION" 400, 'an unknown client is not redirected'
req "${URL/callback/elsewhere}"
is "$STATUS,$LOCATION" 400, 'nor to an address that is not registered'
req "${URL/code_challenge=$CHALLENGE&/}"
is "$STATUS $(param error) $(param state)" '302 invalid_request st%20ate' 'PKCE is mandatory'
req "${URL/S256/plain}"
is "$(param error)" invalid_request 'and S256'
req "${URL/response_type=code/response_type=token}"
is "$(param error)" unsupported_response_type 'only codes are given'
req "$URL&state=again"
is "$(param error)" invalid_request 'a repeated parameter is refused'
req "$URL"
is "$STATUS,$(grep -c 'name="username"' <<<"$BODY"),$(grep -c '<b>' <<<"$BODY")" 200,1,0 \
    'the login page, in which the name of the app is text'
req -d username=No-Body "$URL"
is "$STATUS" 400 'a name that is none is refused'
req -c "$SCRATCH/jar" -d username=acme "$URL"
is "$STATUS $LOCATION" "303 $URL" 'signing in leads back to the same request'
req -b "$SCRATCH/jar" "$URL"
is "$(grep -o 'value="allow"\|value="deny"' <<<"$BODY" | tr '\n' ' ')" 'value="allow" value="deny" ' \
    'the consent page has both answers'
req -b "$SCRATCH/jar" -d decision=deny "$URL"
is "$STATUS $(param error) $(param iss)" "302 access_denied http%3A%2F%2F127.0.0.1%3A${OSC_APP_URL##*:}" \
    'a refusal goes back with iss'
settings '{"iss":"absent"}'
req -b "$SCRATCH/jar" -d decision=allow "$URL"
is "$(param iss),$(grep -cE '^[A-Za-z0-9_-]{43}$' <<<"$(param code)")" ,1 'a code, without iss on demand'
settings '{"iss":"wrong","consent":"allow"}'
req -b "$SCRATCH/jar" "$URL"
is "$(param iss)" https%3A%2F%2Fissuer.invalid 'without being asked, and with a wrong iss, on demand'
reset

# --- codes -----------------------------------------------------------------------

consent acme
exchange "$CODE" "${VERIFIER}x"
is "$STATUS $(json .error)" '400 invalid_grant' 'a wrong verifier buys nothing'
exchange "$CODE" "$VERIFIER" http://localhost:1/
is "$(json .error)" invalid_grant 'nor another redirect URI'
GOOD=$SECRET SECRET=wrong
exchange "$CODE" "$VERIFIER"
is "$STATUS $(json .error)" '401 invalid_client' 'nor a wrong secret'
SECRET=$GOOD
exchange "$CODE" "$VERIFIER"
is "$STATUS $(json .token_type) $(json .expires_in)" '200 Bearer 3600' 'the right ones do'
PAT=$(json .access_token)
pat "$OSC_MONEY_URL/mytenantplan"
is "$STATUS $(json .tenantId) $(json .planType)" '200 acme PERSONAL' 'and the token names the tenant'
exchange "$CODE" "$VERIFIER"
is "$(json .error)" invalid_grant 'a code is good once'
pat "$OSC_MONEY_URL/mytenantplan"
is "$STATUS" 401 'and its second use takes back what it bought'
settings '{"codeLifetime":0.1}'
consent acme
sleep 0.15
exchange "$CODE" "$VERIFIER"
is "$(json .error_description)" 'authorization code is expired' 'codes expire'
reset
req --json '{"grant_type":"authorization_code"}' "$OSC_APP_URL/api/connect/token"
is "$STATUS $(json .error)" '400 invalid_request' 'the token endpoint takes forms'
req -d grant_type=password -d "client_id=$CLIENT" -d "client_secret=$SECRET" "$OSC_APP_URL/api/connect/token"
is "$(json .error)" unsupported_grant_type 'and two grants'
settings '{"omitRefreshToken":true,"omitExpiresIn":true}'
sign_in acme
is "$(json 'has("refresh_token")'),$(json 'has("expires_in")')" false,false 'replies without the optional members, on demand'
reset

# --- refreshing ------------------------------------------------------------------

sign_in acme
FIRST=$REFRESH OLD=$PAT
refresh "$FIRST"
SECOND=$(json .refresh_token) PAT=$(json .access_token)
is "$STATUS,$([ "$SECOND" != "$FIRST" ] && [ "$PAT" != "$OLD" ] && echo new)" 200,new 'a refresh replaces both tokens'
refresh "$FIRST"
is "$STATUS $(json .error)" '400 invalid_grant' 'a token that was rotated is refused'
refresh "$SECOND"
is "$(json .error)" invalid_grant 'its family is revoked'
pat "$OSC_MONEY_URL/mytenantplan"
is "$STATUS" 401 'with its access tokens'
sign_in acme
settings '{"reuseRevokesFamily":false}'
FIRST=$REFRESH
refresh "$FIRST"
SECOND=$(json .refresh_token)
refresh "$FIRST"
refresh "$SECOND"
is "$STATUS" 200 'the family lives on, on demand'
settings '{"refreshReuseGrace":5}'
sign_in acme
FIRST=$REFRESH
refresh "$FIRST"
refresh "$FIRST"
is "$STATUS" 200 'a spent token works for a while, on demand'
settings '{"rotation":false}'
sign_in acme
refresh "$REFRESH"
is "$(json .refresh_token)" "$REFRESH" 'without rotation the token stays'
reset
sign_in acme
OTHER=$CLIENT
register ''
refresh "$REFRESH"
is "$(json .error)" invalid_grant "another client's token is refused"
CLIENT=$OTHER SECRET=$GOOD
settings '{"accessTokenLifetime":0.1,"refreshTokenLifetime":0.1}'
sign_in acme
sleep 0.15
pat "$OSC_MONEY_URL/mytenantplan"
is "$STATUS" 401 'access tokens expire'
refresh "$REFRESH"
is "$(json .error)" invalid_grant 'refresh tokens, too'
reset
sign_in acme
req -d "token=$REFRESH" -d "client_id=$CLIENT" -d "client_secret=$SECRET" "$OSC_APP_URL/api/connect/revoke"
is "$STATUS" 200 'a token is revoked'
pat "$OSC_MONEY_URL/mytenantplan"
is "$STATUS" 401 'and what belongs to it'
sign_in acme
req --json '{"tenant":"acme","kind":"access"}' "$OSC_APP_URL/sandbox/revoke"
pat "$OSC_MONEY_URL/mytenantplan"
is "$STATUS" 401 'a test can revoke, too'

# --- services and instances --------------------------------------------------------

sign_in acme
req -H "Authorization: Bearer $PAT" "$OSC_CATALOG_URL/mysubscriptions"
is "$STATUS $(json .code)" '500 FST_ERR_FAILED_ERROR_SERIALIZATION' 'the wrong header makes the catalog stumble'
pat --json '{"serviceId":"minio-minio"}' "$OSC_TOKEN_URL/servicetoken"
is "$STATUS" 403 'no service token without subscription'
pat --json '{"services":["no-such"]}' "$OSC_CATALOG_URL/mysubscriptions"
is "$STATUS,$(json '.reason != ""')" 404,true 'no subscription of what is not there'
settings '{"activationDelayMs":60000}'
pat --json '{"services":["encore"],"teamId":""}' "$OSC_CATALOG_URL/mysubscriptions"
is "$STATUS $(json .teamId)" '200 acme' 'a subscription'
pat "$OSC_CATALOG_URL/mysubscriptions"
is "$BODY" '[]' 'that takes its time'
pat -X DELETE --json '{"services":["encore"]}' "$OSC_CATALOG_URL/mysubscriptions/encore"
settings '{"activationDelayMs":300}'
pat --json '{"services":["encore"],"teamId":""}' "$OSC_CATALOG_URL/mysubscriptions"
subscribed() { pat "$OSC_CATALOG_URL/mysubscriptions"; [ "$(json '.[].serviceId')" = encore ]; }
eventually subscribed 'is there in the end'
reset
service minio-minio
is "$(json '[.[] | select(.serviceId == "minio-minio").serviceInstanceOptions[] | select(.sensitive).name] | join(",")')" \
    RootPassword 'the catalog says what is sensitive'
sat --json '{"RootUser":"admin"}' "$API"
is "$STATUS" 400 'an instance needs a name'
sat --json '{"name":"a-b"}' "$API"
is "$STATUS" 400 'a good one'
sat --json '{"name":"store","RootPassword":"lower"}' "$API"
is "$STATUS" 400 'and options that match their patterns'
settings '{"healthDelayMs":60000}'
sat --json '{"name":"Store","RootUser":"admin","RootPassword":"{{secrets.pw}}","Unknown":"x"}' "$API"
is "$STATUS $(json .name) $(json .RootPassword) $(json 'has("Unknown")')" '200 store {{secrets.pw}} false' 'an instance is created'
URL=$(json .url)
sat --json '{"name":"store"}' "$API"
is "$STATUS" 409 'once'
sat "$HOST/health/store"
is "$(json .status)" starting 'health takes time'
req "$URL/"
is "$STATUS,$(grep -c '<h1>' <<<"$BODY")" 200,1 'the ingress answers for the root'
req "$URL/path"
is "$STATUS,$(grep -c '<h1>' <<<"$BODY")" 401,1 'and refuses the rest'
settings '{"healthDelayMs":300}'
sat -X POST "$HOST/restart/store"
runs() { sat "$HOST/health/store"; [ "$(json .status)" = running ]; }
eventually runs 'and then it runs'
req "$URL/path"
is "$STATUS,$(grep -c '<Code>AccessDenied</Code>' <<<"$BODY")" 403,1 'and its application answers'
settings '{"healthDelayMs":60000}'
sat -X PATCH --json '{"RootUser":"root"}' "$API/store"
is "$STATUS $(json .RootUser)" '200 root' 'a change'
sat "$HOST/health/store"
is "$(json .status)" starting 'restarts it'
settings '{"healthFinal":"failed","healthDelayMs":0}'
sat -X POST "$HOST/restart/store"
is "$STATUS" 204 'a restart'
sat "$HOST/health/store"
is "$(json .status)" failed 'may fail'
sat -X POST -H 'Content-Type: application/json' "$HOST/restart/store"
is "$STATUS $(json .code)" '400 FST_ERR_CTP_EMPTY_JSON_BODY' 'an empty body is no JSON'
sat -X POST -H 'Content-Type: text/plain' -d x "$API"
is "$STATUS" 415 'text is no JSON either'
sat "$HOST/scale/store"
is "$STATUS" 401 'scaling does not take x-jwt'
req -H "Authorization: Bearer $SAT" "$HOST/scale/store"
is "$STATUS $(json .desiredReplicas)" '200 1' 'but Authorization'
req -H "Authorization: Bearer $SAT" "$API"
is "$STATUS" 401 'which the others do not'
sat "$API/nothing"
is "$STATUS,$(json '.reason != null')" 404,true 'what is not there is not found'
sat "$HOST/nothing"
is "$STATUS $(json .message)" '404 Route GET:/nothing not found' 'nor is a route that is not'
sat "$HOST/logs/store?timestamps=true"
is "$(grep -c '^20..-..-..T.* listening' <<<"$BODY")" 1 'there are logs'
ACME_SAT=$SAT
service valkey-io-valkey
req -H "x-jwt: Bearer $ACME_SAT" "$API"
is "$STATUS" 401 "another service's token is refused"
sat --json '{"name":"queue","Password":"p4ssw0rdvalue"}' "$API"
req -H "Authorization: Bearer $SAT" "$HOST/ports/queue"
is "$STATUS $(json '.[0].internalPort')" '200 6379' 'ports, by either header'
service encore
sat --json '{"name":"enc"}' "$API"
sat -X PATCH --json '{"s3Region":"x"}' "$API/enc"
is "$STATUS" 404 'what cannot be changed has no such route'
pat -X DELETE --json '{"services":["encore"]}' "$OSC_CATALOG_URL/mysubscriptions/encore"
is "$STATUS" 409 'a service with instances is not left'
sat -X DELETE -H 'Content-Type: application/json' "$API/enc"
is "$STATUS" 204 'an instance is removed, also by a client that declares an empty body'
sat -X DELETE "$API/enc"
is "$STATUS" 404 'once'
pat -X DELETE --json '{"services":["encore"]}' "$OSC_CATALOG_URL/mysubscriptions/encore"
is "$STATUS" 200 'and the service left'

# --- visitors are strangers to each other -------------------------------------------

PAT_ACME=$PAT
sign_in other
service minio-minio
sat "$API"
is "$BODY" '[]' "another tenant's instances are not seen"
sat --json '{"name":"store"}' "$API"
is "$STATUS" 200 'and names do not clash'
pat --json '{"secretName":"k","secretData":"hidden-value"}' "$OSC_DEPLOY_URL/mysecrets/minio-minio"
is "$STATUS" 204 'a secret'
pat --json '{"secretName":"k","secretData":"hidden-value"}' "$OSC_DEPLOY_URL/mysecrets/minio-minio"
is "$STATUS" 409 'is made once'
pat "$OSC_DEPLOY_URL/mysecrets/minio-minio"
is "$(gojq -c . <<<"$BODY")" '[{"secretName":"k","serviceId":"minio-minio"}]' 'and listed without its value'
PAT=$PAT_ACME
pat "$OSC_DEPLOY_URL/mysecrets/minio-minio"
is "$BODY" '[]' 'to its owner'
req -X PATCH --json '{"suspended":"idle"}' "$OSC_APP_URL/sandbox/instances/acme/minio-minio/store"
req -H "x-jwt: Bearer $ACME_SAT" "$API"
is "$BODY" '[]' 'a suspended instance vanishes'
pat "$OSC_DEPLOY_URL/mysuspended"
is "$(json '.[0].instanceName + " " + .[0].reason')" 'store idle' 'and is among the suspended'
pat -X POST "$OSC_DEPLOY_URL/mysuspended/minio-minio/store/resume"
req -H "x-jwt: Bearer $ACME_SAT" "$API"
is "$(json '.[].name')" store 'until it is resumed'

pat -X DELETE "$OSC_DEPLOY_URL/mysuspended/minio-minio/store"
is "$STATUS $(json .reason)" '404 not suspended' 'what is not suspended cannot be removed there'
req -X PATCH --json '{"suspended":"token_limit_exceeded"}' "$OSC_APP_URL/sandbox/instances/acme/minio-minio/store"
pat -X DELETE "$OSC_DEPLOY_URL/mysuspended/minio-minio/store"
is "$STATUS $(json .message)" '200 ok' 'what is, can'

# --- secrets, jobs, logs and ports --------------------------------------------------

reset
pat -X PUT --json '{"secretData":"x"}' "$OSC_DEPLOY_URL/mysecrets/encore/none"
is "$STATUS" 404 'a secret that is not there cannot be changed'
pat -X PUT --json '{"secrets":[{"secretName":"a","secretData":"1"},{"secretName":"b","secretData":"2"}]}' \
    "$OSC_DEPLOY_URL/mysecrets/encore/batch"
pat "$OSC_DEPLOY_URL/mysecrets/encore"
is "$(json '[.[].secretName] | sort | join(",")')" a,b 'secrets are saved in batches'
pat -X PUT --json "$(gojq -nc '{secrets:[range(11)|{secretName:"n\(.)",secretData:"v"}]}')" \
    "$OSC_DEPLOY_URL/mysecrets/encore/batch"
is "$STATUS" 400 'of ten at most'
pat -X DELETE "$OSC_DEPLOY_URL/mysecrets/encore/a"
FIRST=$STATUS
pat -X DELETE "$OSC_DEPLOY_URL/mysecrets/encore/a"
is "$FIRST $STATUS" '204 404' 'and removed, once'
pat -X DELETE "$OSC_DEPLOY_URL/mysecrets/encore/b"
service eyevinn-ffmpeg-s3
for state in SuccessCriteriaMet Complete Failed Error Stopped Suspended FailureTarget; do
	settings "{\"jobDelayMs\":0,\"jobFinal\":\"$state\"}"
	sat --json "{\"name\":\"$(tr '[:upper:]' '[:lower:]' <<<"${state:0:19}")\",\"cmdLineArgs\":\"-version\"}" "$API"
	is "$STATUS $(json .status)" "200 $state" "a job that ends as $state"
done
sat "$HOST/health/complete"
is "$STATUS $(json .message)" '404 Route GET:/health/complete not found' 'jobs have no health'
service valkey-io-valkey
settings '{"portsDelayMs":60000,"logsFormat":"array"}'
sat --json '{"name":"late","Password":"p4ssw0rdvalue"}' "$API"
sat "$HOST/ports/late"
is "$BODY" '[]' 'ports come late'
settings '{"portsDelayMs":300}'
there() { sat "$HOST/ports/late"; [ "$(json length)" = 1 ]; }
eventually there 'but they come'
settings '{"portsFormat":"object"}'
sat "$HOST/ports/late"
is "$(json .internalPort)" 6379 'as the object that older answers were, on demand'
sat "$HOST/logs/late"
is "$(json '.[0]')" 'starting late' 'logs are an array, on demand'
settings '{"logsFormat":"string"}'
sat "$HOST/logs/late"
is "$(json 'startswith("starting late\n")')" true 'or a string'
sat "$HOST/logs/late?sinceSeconds=0"
is "$(json 'contains("starting")')" false 'since a while ago'
sat "$HOST/internalendpoint/late"
is "$(json '.ports[0].port'),$(json .publicAccess)" 6379,true 'the internal endpoint'
req -X PUT --json '{"desiredReplicas":3}' -H "Authorization: Bearer $SAT" "$HOST/scale/late"
is "$STATUS $(json .desiredReplicas) $(json .actualReplicas)" '200 3 1' 'scaling is asked for'
req -H "Authorization: Bearer $SAT" "$HOST/scale/late"
req -H "Authorization: Bearer $SAT" "$HOST/scale/late"
is "$(json .actualReplicas)" 3 'and done'
settings '{"nodes":1}'
pat "$OSC_DEPLOY_URL/mynodes"
is "$(json '.[0].capacity.cpu | type')" string 'a reserved node'

# --- my apps --------------------------------------------------------------------------

settings '{"buildDelayMs":700}'
pat --json '{"name":"Bad name","type":"nodejs","gitHubUrl":"https://github.com/acme/site"}' "$OSC_DEPLOY_URL/myapps"
is "$STATUS" 400 'an app needs a name'
pat --json '{"name":"site","type":"nodejs","gitHubUrl":"https://github.com/acme/site#main","gitHubToken":"ghtoken12345"}' \
    "$OSC_DEPLOY_URL/myapps"
is "$STATUS $(json .buildStatus) $(json .sourceRef) $(json .gitUrl) $(json 'has("url")')" \
    '200 building main https://github.com/acme/site false' 'an app is built first'
pat --json '{"name":"site","type":"nodejs","gitHubUrl":"https://github.com/acme/site"}' "$OSC_DEPLOY_URL/myapps"
is "$STATUS" 409 'once'
built() { pat "$OSC_DEPLOY_URL/myapps/site"; [ "$(json .buildStatus)" = running ]; }
eventually built 'and then runs'
SITE=$(json .url)
req "$SITE/"
is "$STATUS,$(grep -c '<h1>site</h1>' <<<"$BODY")" 200,1 'at its own address'
settings '{"rebuildLagMs":400,"buildDelayMs":60000}'
pat -X PUT "$OSC_DEPLOY_URL/myapps/site?rebuild=true"
is "$STATUS $(json .buildStatus)" '200 running' 'a rebuild shows the old state for a while'
building() { pat "$OSC_DEPLOY_URL/myapps/site"; [ "$(json .buildStatus)" = building ]; }
eventually building 'then the new one'
req "$SITE/"
is "$STATUS" 404 'during which the app is not there'
settings '{"rebuildLagMs":0,"buildDelayMs":300}'
pat -X PUT "$OSC_DEPLOY_URL/myapps/site?rebuild=true"
eventually built 'until it is'
settings '{"rebuildLagMs":0,"buildDelayMs":0,"buildFinal":"failed"}'
pat -X PATCH --json '{"sourceRef":null}' "$OSC_DEPLOY_URL/myapps/site/source-ref"
is "$STATUS $(json .buildStatus) $(json .gitHubUrl)" '200 failed https://github.com/acme/site' 'a change may fail to build'
pat -X PATCH --json '{"configService":"conf"}' "$OSC_DEPLOY_URL/myapps/site/config"
is "$(json .configService)" conf 'the configuration service'
pat --json '{"domain":"www.example.com","serviceId":"eyevinn-web-runner","instanceName":"site"}' "$OSC_DEPLOY_URL/mydomains"
FIRST=$STATUS
pat "$OSC_DEPLOY_URL/mydomains"
is "$FIRST $(json '.[0].domain')" '201 www.example.com' 'a domain'
pat -X DELETE "$OSC_DEPLOY_URL/mydomains/eyevinn-web-runner/site/www.example.com"
FIRST=$STATUS
pat -X DELETE "$OSC_DEPLOY_URL/mydomains/eyevinn-web-runner/site/www.example.com"
is "$FIRST $STATUS" '204 404' 'is given up, once'
pat -X DELETE "$OSC_DEPLOY_URL/myapps/site"
FIRST=$STATUS
pat "$OSC_DEPLOY_URL/myapps/site"
is "$FIRST $STATUS" '204 404' 'an app is removed'

# --- Terraform solutions ----------------------------------------------------------------

EXAMPLES=https://github.com/EyevinnOSC/terraform-examples/tree/main/examples
SOLUTIONS=$OSC_DEPLOY_URL/terraform/mydeployments
pat --json "{\"name\":\"talk\",\"repoUrl\":\"$EXAMPLES/nothing\",\"variables\":{}}" "$SOLUTIONS"
is "$STATUS" 404 'no solution where no Terraform files are'
pat --json '{"name":"talk","repoUrl":"https://example.com/x","variables":{}}' "$SOLUTIONS"
is "$STATUS" 400 'nor elsewhere'
pat --json "{\"name\":\"talk\",\"repoUrl\":\"$EXAMPLES/intercom\",\"variables\":{}}" "$SOLUTIONS"
is "$STATUS $(json .reason)" '400 Variable intercom_name is missing or wrong' 'nor without what it asks for'
settings '{"solutionStepMs":1000}'
pat --json "{\"name\":\"talk\",\"repoUrl\":\"$EXAMPLES/intercom\",\"variables\":{\"intercom_name\":\"talk\"}}" "$SOLUTIONS"
TALK=$(json .id)
is "$STATUS $(json .status) $(json '.variables | keys | join(",")')" '202 queued db_name,intercom_name,osc_environment' \
    'a solution is queued; its token does not show'
pat --json "{\"name\":\"talk\",\"repoUrl\":\"$EXAMPLES/intercom\",\"variables\":{\"intercom_name\":\"talk\"}}" "$SOLUTIONS"
is "$STATUS" 409 'once'
done_as() { pat "$SOLUTIONS/$TALK"; [ "$(json .status)" = "$WANTED" ]; }
WANTED=running
eventually done_as 'it runs'
settings '{"solutionStepMs":150}'
WANTED=succeeded
eventually done_as 'and succeeds'
MANAGER=$(json .outputs.Manager_instance_url.value)
pat "$SOLUTIONS/$TALK/log"
is "$(json .done),$(json '.lines[0].message')" 'true,Repository files downloaded' 'it has a log'
NEXT=$(json .next)
pat "$SOLUTIONS/$TALK/log?offset=$((NEXT - 1))"
is "$(json '.lines | length'),$(json '.lines[0].message')" '1,Apply complete!' 'that can be read from where one was'
service eyevinn-intercom-manager
sat "$API/talk"
is "$(json .url),$(json .smbApiKey)" "$MANAGER,{{secrets.talksmbapikey}}" 'the instances of its example are there'
pat -X DELETE "$SOLUTIONS/$TALK"
is "$STATUS $(json .status)" '202 destroying' 'it is destroyed'
gone() { pat "$SOLUTIONS/$TALK"; [ "$STATUS" = 404 ]; }
eventually gone 'and gone'
sat "$API/talk"
is "$STATUS" 404 'with its instances'
settings '{"solutionFinal":"failed"}'
pat --json "{\"name\":\"store\",\"repoUrl\":\"$EXAMPLES/paramstore/\"}" "$SOLUTIONS"
TALK=$(json .id)
WANTED=failed
eventually done_as 'a solution may fail'
is "$(json .error)" 'Error: eyevinn-app-config-svc could not be created' 'and say why'
service valkey-io-valkey
sat "$API/paramstore"
is "$STATUS" 200 'what it had made is left'
pat -X DELETE "$SOLUTIONS/$TALK"
eventually gone 'until it is destroyed'

# --- an intercom system -----------------------------------------------------------------

settings '{"solutionFinal":"succeeded","healthDelayMs":0,"longPollMs":20000}'
pat --json '{"secretName":"smbkey","secretData":"key-of-the-sfu"}' "$OSC_DEPLOY_URL/mysecrets/eyevinn-docker-wrtc-sfu"
service eyevinn-docker-wrtc-sfu
sat --json '{"name":"talk","ApiKey":"{{secrets.smbkey}}"}' "$API"
SFU=$(json .url)
req "$SFU/conferences/"
is "$STATUS" 401 'the SFU wants its key'
req -H 'Authorization: Bearer key-of-the-sfu' "$SFU/conferences/"
is "$STATUS $BODY" '200 []' 'which is what the secret says'
req -X POST -H 'Authorization: Bearer key-of-the-sfu' "$SFU/conferences/"
CONFERENCE=$(json .id)
req -H 'Authorization: Bearer key-of-the-sfu' "$SFU/conferences/"
is "$(json '.[0]')" "$CONFERENCE" 'a conference'
service apache-couchdb
sat --json '{"name":"talk","AdminPassword":"database-pass"}' "$API"
DB=$(json .url)
service eyevinn-intercom-manager
sat --json "{\"name\":\"talk\",\"smbUrl\":\"$SFU\",\"smbApiKey\":\"key-of-the-sfu\",\"dbUrl\":\"http://admin:database-pass@${DB#http://}/intercom\"}" "$API"
INTERCOM=$(json .url)
sleep 0.5
sat "$HOST/health/talk"
is "$(json .status)" starting 'the manager does not run without its database'
req -X PUT -u admin:wrong "$DB/intercom"
is "$STATUS $(json .error)" '401 unauthorized' 'CouchDB wants its password'
req -X PUT -u admin:database-pass "$DB/intercom"
FIRST="$STATUS $(json .ok)"
req -X PUT -u admin:database-pass "$DB/intercom"
is "$FIRST $STATUS $(json .error)" '201 true 412 file_exists' 'a database is made, once'
req "$DB/_up"
is "$(json .status)" ok 'it is up'
req -u admin:database-pass -X PUT --json '{"a":1}' "$DB/intercom/doc"
REV=$(json .rev)
req -u admin:database-pass -X PUT --json '{"a":2}' "$DB/intercom/doc"
FIRST=$STATUS
req -u admin:database-pass -X PUT --json "{\"a\":2,\"_rev\":\"$REV\"}" "$DB/intercom/doc"
is "$FIRST $STATUS" '409 201' 'documents have revisions'
manager_runs() { sat "$HOST/health/talk"; [ "$(json .status)" = running ]; }
eventually manager_runs 'now the manager runs'
intercom() { req -H "Authorization: Bearer $SAT" "$@"; }
req "$INTERCOM/api/v1/productionlist"
is "$STATUS" 401 'behind the login'
intercom "$INTERCOM/api/v1/productionlist"
is "$STATUS $(json .totalItems)" '200 0' 'no productions yet'
intercom --json '{"name":"Show","lines":[{"name":"Director"},{"name":"Sound","programOutputLine":true}]}' "$INTERCOM/api/v1/production"
is "$STATUS $(json .productionId)" '200 1' 'a production'
intercom --json '{"name":"","lines":[]}' "$INTERCOM/api/v1/production"
is "$STATUS" 400 'needs a name'
intercom "$INTERCOM/api/v1/productionlist?extended=true"
is "$(json '.productions[0].lines | map(.name) | join(",")')" Director,Sound 'it has lines'
intercom --json '{"name":"Sound"}' "$INTERCOM/api/v1/production/1/line"
FIRST=$STATUS
intercom --json '{"name":"Light"}' "$INTERCOM/api/v1/production/1/line"
is "$FIRST $STATUS $(json length)" '400 200 3' 'and another, of another name'
intercom -X PATCH --json '{"name":"Lights"}' "$INTERCOM/api/v1/production/1/line/3"
is "$(json .name) $(json .id)" 'Lights 3' 'that is renamed'
intercom --json '{"productionId":"1","lineId":"3","username":"Ann"}' "$INTERCOM/api/v1/session"
SESSION=$(json .sessionId)
is "$STATUS" 201 'someone joins a line'
intercom -X DELETE "$INTERCOM/api/v1/production/1/line/3"
is "$STATUS" 400 'which cannot be removed then'
intercom "$INTERCOM/api/v1/heartbeat/$SESSION"
is "$STATUS $BODY" '200 ok' 'a heartbeat'
START=$(date +%s%N)
intercom -X POST "$INTERCOM/api/v1/production/1/line/3/participants" &
waits() { [ "$(curl -s "$OSC_APP_URL/sandbox/requests" | gojq '[.[] | select((.path | endswith("/participants")) and .status == 0)] | length')" = 1 ]; }
eventually waits 'somebody waits for participants'
sleep 0.1
curl -s -o "$SCRATCH/other" -X DELETE -H "Authorization: Bearer $SAT" "$INTERCOM/api/v1/session/$SESSION"
wait $!
is "$(( ($(date +%s%N) - START) / 1000000 < 15000 ))" 1 'who does is told at once when one leaves'
intercom "$INTERCOM/api/v1/heartbeat/$SESSION"
is "$STATUS" 410 'whose session is gone'
intercom -X DELETE "$INTERCOM/api/v1/production/1/line/3"
is "$STATUS" 200 'the line can be removed'
intercom "$INTERCOM/api/v1/production/7"
is "$STATUS,$(json . 2>/dev/null)" 500, 'an unknown production is a 500 in text'
intercom --json '{"path":"/x"}' "$INTERCOM/api/v1/share"
is "$STATUS $(json '.url | startswith("http")')" '200 true' 'a link to share'
intercom "$INTERCOM/api/v1/reauth"
is "$STATUS" 405 'no renewal without a token'
sat -X POST "$HOST/restart/talk"
eventually manager_runs 'after a restart'
intercom "$INTERCOM/api/v1/production/1"
is "$(json .name)" Show 'productions are still there'
intercom -X DELETE "$INTERCOM/api/v1/production/1"
intercom "$INTERCOM/api/v1/production"
is "$STATUS $BODY" '200 []' 'until they are removed'
reset

# --- faults, delays and the log -----------------------------------------------------

reset
settings '{"faults":[{"role":"money","path":"/mytenantplan","skip":1,"times":1,"status":503,"contentType":"text/html","body":"<h1>no</h1>","headers":{"Retry-After":"7"}}]}'
pat "$OSC_MONEY_URL/mytenantplan"
FIRST=$STATUS
pat "$OSC_MONEY_URL/mytenantplan"
SECOND="$STATUS $BODY"
pat "$OSC_MONEY_URL/mytenantplan"
is "$FIRST $SECOND $STATUS" '200 503 <h1>no</h1> 200' 'a fault comes after as many as one likes, as often as one likes'
settings '{"faults":[{"role":"deploy","method":"POST","after":true,"drop":true}]}'
pat --json '{"secretName":"done","secretData":"and hung up"}' "$OSC_DEPLOY_URL/mysecrets/encore"
is "$STATUS" 000 'it may hang up'
pat "$OSC_DEPLOY_URL/mysecrets/encore"
is "$(json '.[].secretName')" 'done' 'after the work is done'
settings '{"faults":[{"role":"money","delayMs":600}]}'
START=$(date +%s%N)
pat "$OSC_MONEY_URL/mytenantplan" &
req "$META"
wait $!
is "$(( ($(date +%s%N) - START) / 1000000 >= 600 )),$STATUS" 1,200 'who waits keeps nobody waiting'
settings '{"faults":[{"role":"money","delayMs":40000}]}'
START=$(date +%s%N)
pat "$OSC_MONEY_URL/mytenantplan" &
waits() { [ "$(curl -s "$OSC_APP_URL/sandbox/requests" | gojq '[.[] | select(.path == "/mytenantplan" and .status == 0)] | length')" = 1 ]; }
eventually waits 'who is to wait long'
settings '{"faults":[]}'
wait $!
is "$(( ($(date +%s%N) - START) / 1000000 < 30000 ))" 1 'goes on when the settings are changed'
settings '{"faults":[{"role":"money","bodyHuge":104857600,"contentType":"application/json"}]}'
is "$(curl -s -w ',%{size_download}' "$OSC_MONEY_URL/mytenantplan" | tail -c 12)" '0],104857600' 'a hundred megabytes of JSON'
settings '{"faults":[{"role":"money","bodyHuge":1000,"contentType":"application/json"}]}'
pat "$OSC_MONEY_URL/mytenantplan"
is "$(json 'length > 1')" true 'that are JSON'
settings '{"faults":[{"role":"money","bodyDeep":10000,"contentType":"application/json"}]}'
pat "$OSC_MONEY_URL/mytenantplan"
is "${#BODY},${BODY:9999:2}" '20000,[]' 'ten thousand levels'
settings '{"faults":[{"role":"money","dripMs":20}]}'
START=$(date +%s%N)
pat "$OSC_MONEY_URL/mytenantplan"
is "$(( ${#BODY} > 20 && ($(date +%s%N) - START) / 1000000 >= (${#BODY} - 1) * 20 ))" 1 'a byte now and then'
settings '{"faults":[{"role":"money","cutAfter":5}]}'
pat "$OSC_MONEY_URL/mytenantplan"
is "$BODY" '{"ten' 'a body cut off'
settings '{"faults":[{"role":"money","status":200,"contentType":"application/json","bodyBase64":"IsMoIg=="}]}'
pat "$OSC_MONEY_URL/mytenantplan"
is "$(od -An -tx1 <<<"$BODY" | tr -d ' ')" 22c328220a 'wrong UTF-8'
settings '{"faults":[{"role":"token","numbers":"strings"}]}'
pat --json '{"services":["encore"]}' "$OSC_CATALOG_URL/mysubscriptions"
pat --json '{"serviceId":"encore"}' "$OSC_TOKEN_URL/servicetoken"
is "$(json '.expiry | type')" string 'numbers as strings'
settings '{"faults":[{"role":"token","numbers":"huge"}]}'
pat --json '{"serviceId":"encore"}' "$OSC_TOKEN_URL/servicetoken"
is "$(grep -c '"expiry":123456789012345678901234567890' <<<"$BODY")" 1 'numbers beyond any'
settings '{"faults":[{"role":"catalog","remove":["apiUrl"],"set":{"serviceType":[]}}]}'
pat "$OSC_CATALOG_URL/mysubscriptions"
is "$(json '.[0] | has("apiUrl")'),$(json '.[0].serviceType | type')" false,array 'members gone or of another type, at any depth'
settings '{"faults":[{"role":"money","status":302,"headers":{"Location":"http://127.0.0.1:1/elsewhere"}}]}'
pat "$OSC_MONEY_URL/mytenantplan"
is "$STATUS $LOCATION" '302 http://127.0.0.1:1/elsewhere' 'a redirect to elsewhere'
reset
service minio-minio
req --json '{"tenant":"acme","kind":"service"}' "$OSC_APP_URL/sandbox/revoke"
sat "$API"
FIRST=$STATUS
service minio-minio
sat "$API"
is "$FIRST $STATUS" '401 200' 'a service token is refused in mid-life, a new one is not'
req -X PATCH --json '{"faults":[{"numbers":"odd"}]}' "$OSC_APP_URL/sandbox/settings"
is "$STATUS" 400 'a fault that is none is refused'
req -X PATCH --json '{"nonsense":1}' "$OSC_APP_URL/sandbox/settings"
is "$STATUS $(json .reason)" '400 unknown setting: nonsense' 'an unknown setting is refused'
req -X PATCH --json '{"plan":"FREE","discovery":"odd"}' "$OSC_APP_URL/sandbox/settings"
is "$STATUS" 400 'a wrong value, too'
req "$OSC_APP_URL/sandbox/settings"
is "$(json .plan)" PERSONAL 'and nothing of that request is taken'
reset
req "$OSC_APP_URL/sandbox/requests"
is "$BODY" '[]' 'the log is emptied'
sign_in acme
service minio-minio
pat "$OSC_MONEY_URL/mytenantplan" "$OSC_MONEY_URL/mytokencount"
req "$OSC_APP_URL/sandbox/requests"
LOG=$BODY
is "$(gojq -r '[.[] | select(.origin == "money") | .connection] | unique | length' <<<"$LOG")" 1 'it tells connections apart'
is "$(gojq -r '.[] | select(.path == "/servicetoken") | "\(.method) \(.status) \(.tenant) \(.body.serviceId)"' <<<"$LOG")" \
    'POST 200 acme minio-minio' 'it says who asked for what'
req "$OSC_APP_URL/sandbox/secrets-issued"
is "$(json 'map(select(. == "'"$PAT"'" or . == "'"$REFRESH"'" or . == "'"$SAT"'" or . == "'"$SECRET"'" or . == "'"$CODE"'")) | length')" 5 \
    'every secret given out is known'
is "$(grep -cFf <(json '.[]') <<<"$LOG")" 0 'and none is in the log'
req -X POST "$OSC_APP_URL/sandbox/reset"
pat "$OSC_MONEY_URL/mytenantplan"
is "$STATUS" 401 'a reset forgets all tokens'

sandbox_end
