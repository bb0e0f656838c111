# SPDX-License-Identifier: MIT
# Open Intercom: systems, and what is done with them.

I=/api/intercom
new_browser nobody
for request in "GET $I" "POST $I" "GET $I/studio" "DELETE $I/studio" "GET $I/studio/productions" "POST $I/studio/productions"; do
	expect "${request% *}" "${request#* }" 401 "$request without a session is 401"
done

# Nothing that follows depends on the web server.
if [ "$host" = lighttpd-fcgi ]; then
	new_browser one
	yes 'signing in' sign_in ines
	platform_settings '{"healthDelayMs":300}'
	expect GET $I 200 'my systems'
	is "$(json '.systems | length')" 0 'are none yet'
	for bad in '{}' '{"name":"Studio"}' '{"name":"a-b"}' '{"name":"abcdefghijklmnopqrstu"}' '{"name":7}'; do
		expect POST $I 400 "$bad is 400" --json "$bad"
	done
	expect GET $I/studio 404 'a system that there is not'
	expect DELETE $I/studio 404 'is not removed'
	expect GET $I/studio/productions 404 'and has no productions'

	expect POST $I 202 'making one' --json '{"name":"studio"}'
	OPERATION=$(header Location)
	is "$(json '[.steps[].name] | join(" ")')" 'plan credentials sfu couchdb database manager' 'says its steps'
	expect POST $I 409 'twice is 409' --json '{"name":"studio"}'
	expect POST $I 202 'another one at the same time is fine' --json '{"name":"second"}'
	expect DELETE "$(header Location)" 202 'and can be stopped'
	expect GET $I/studio 200 'meanwhile'
	is "$(json '.operation')" "${OPERATION##*/}" 'it is being made'
	expect GET $I 200 'the list'
	is "$(json '[.systems[] | .name + " " + .operation] | join(", ")')" "studio ${OPERATION##*/}" 'shows it too'
	yes 'waiting for it' until_ended "$OPERATION"
	is "$(json '.status + " " + .result.name')" 'succeeded studio' 'it is made'
	URL=$(json .result.url)
	like "$URL" '^http' 'and says where it is'
	is "$(curl -s -o /dev/null -w '%{http_code}' "$URL/")" 401 'where the platform asks who comes'
	expect GET $I 200 'my systems'
	is "$(json '[.systems[] | select(.name == "studio")] | .[0].url')" "$URL" 'list it'
	expect GET $I/studio 200 'it'
	is "$(json '.status + " " + (.operation | tostring)')" 'running null' 'runs'
	unlike "$BODY" 'assword|dbUrl|secrets' 'without a secret'
	expect POST $I 202 'making it again' --json '{"name":"studio"}'
	yes 'waiting for it' until_ended "$(header Location)"
	expect GET /api/instances 200 'the instances'
	is "$(json '[.instances[] | select(.name == "studio")] | length')" 3 'are still three'

	for bad in '{}' '{"name":"***","lines":[{"name":"a"}]}' '{"name":"Show","lines":[{"name":"***"}]}' '{"name":"Show"}' '{"name":"Show","lines":[]}' '{"name":"","lines":[{"name":"a"}]}' '{"name":"Show","lines":[{}]}'; do
		expect POST $I/studio/productions 400 "a production $bad is 400" --json "$bad"
	done
	expect POST $I/studio/productions 201 'a production' --json '{"name":"Show","lines":[{"name":"Director"},{"name":"Ljud & ljus"}]}'
	like "$(json .productionId)" '^[0-9]+$' 'has its id'
	expect POST $I/studio/productions 409 'another of that name is 409' --json '{"name":"Show","lines":[{"name":"Director"}]}'
	expect GET $I/studio/productions 200 'the productions'
	is "$(json '(.total | tostring) + " " + .productions[0].name + " " + ([.productions[0].lines[].name] | join(", "))')" \
	    '1 Show Director, Ljud & ljus' 'with their lines'

	new_browser other
	yes 'another visitor' sign_in ivar
	expect GET $I 200 'sees'
	is "$(json '.systems | length')" 0 'no system'
	expect GET $I/studio 404 'nor finds it'
	expect GET $I/studio/productions 404 'nor its productions'
	expect DELETE $I/studio 404 'nor can remove it'

	browser one
	expect DELETE $I/second 404 'of the one that was stopped at once there is nothing to remove'
	expect DELETE $I/studio 202 'removing the other'
	yes 'waiting for it' until_ended "$(header Location)"
	is "$(json .status)" succeeded 'is done'
	expect GET /api/instances 200 'the instances'
	is "$(json '.instances | length')" 0 'are gone'
	for service in eyevinn-docker-wrtc-sfu apache-couchdb eyevinn-intercom-manager; do
		expect GET /api/secrets/$service 200 "the secrets of $service"
		is "$(json length)" 0 'too'
	done
	expect GET $I 200 'my systems'
	is "$(json '.systems | length')" 0 'are none'
	is "$(curl -s -o /dev/null -w '%{http_code}' --max-time 5 "$URL/")" 000 'and nobody answers there any more'
fi
