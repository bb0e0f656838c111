# SPDX-License-Identifier: MIT
# Long work: durable, its visitor's alone, advancing whenever somebody looks, and without anybody by the worker.

new_browser nobody
for request in 'GET /api/operations' 'GET /api/operations/abc' 'DELETE /api/operations/abc' 'POST /api/operations/abc/retry'; do
	# shellcheck disable=SC2086 # method and path
	expect $request 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in otto
platform_settings '{"healthDelayMs":300}'
expect GET /api/operations 200 'my operations'
is "$(json '.operations | length')" 0 'are none yet'
expect GET /api/operations/0Zk1111111111111111111 404 'one that there is not is 404'

expect POST /api/convert/pipeline 202 'long work' --json '{}'
OPERATION=$(header Location)
like "$OPERATION" '^/(api|cgi-bin)/operations/[A-Za-z0-9][A-Za-z0-9_-]{21}$' 'says where to watch it'
is "$(json '.kind + " " + .status + " " + (.progress | tostring) + " " + (.result | tostring)')" \
    'convert.pipeline pending 0 null' 'and has done nothing yet'
is "$(json .id)" "${OPERATION##*/}" 'under its id'
expect POST /api/convert/pipeline 409 'a second one on the same system is 409' --json '{}'
like "$(json .detail)" "${OPERATION##*/}" 'which names the first'

expect GET "$OPERATION" 200 'looking at it'
is "$(json .status)" running 'advances it'
like "$(json '[.steps[].name] | join(" ")')" '^plan credentials storage buckets queue profiles encoder$' 'step by step'
like "$(json '[.steps[] | select(.status == "succeeded")] | length')" '^[1-9]' 'some of which are done'
expect GET /api/operations 200 'my operations'
is "$(json '.operations | length')" 1 'list it'
unlike "$BODY" '"(session|tenant|input)"' 'without what is none of a browser'

new_browser other
yes 'another visitor' sign_in olle
expect GET "$OPERATION" 404 'does not find it'
expect DELETE "$OPERATION" 404 'cannot stop it'
expect POST "$OPERATION/retry" 404 'cannot retry it'
expect GET /api/operations 200 'and sees'
is "$(json '.operations | length')" 0 'no operation'

browser one
yes 'looking at it again and again' until_ended "$OPERATION"
is "$(json '.status + " " + (.progress | tostring) + " " + (.error | tostring)')" 'succeeded 1 null' 'brings it to its end'
is "$(json '[.steps[] | .endedAt >= .startedAt] | all')" true 'each step has its time'
expect POST "$OPERATION/retry" 409 'what has not failed cannot be retried'

# Events.
expect DELETE /api/convert/pipeline 202 'more long work'
REMOVAL=$(header Location)
events=$(curl -s -N --max-time 40 -b "$JAR" -H 'Accept: text/event-stream' "$BASE$REMOVAL")
like "$(printf '%s\n' "$events" | head -n 1)" '^retry: [0-9]+$' 'as events it begins with when to come again'
like "$(printf '%s\n' "$events" | grep -c '^event: operation$')" '^([2-9]|[1-9][0-9])$' 'and tells of each change'
is "$(printf '%s\n' "$events" | sed -n 's/^data: //p' | tail -n 1 | gojq -r .status)" succeeded 'until its end'
expect DELETE "$OPERATION" 204 'what has ended can be forgotten'
expect GET "$OPERATION" 404 'and is'
expect DELETE "$REMOVAL" 204 'so can the other'

# Stopping, and two streams at most.
platform_settings '{"healthDelayMs":8000}'
expect POST /api/convert/pipeline 202 'long work that waits' --json '{}'
OPERATION=$(header Location)
streams=
for stream in 1 2; do
	curl -s -N --max-time 20 -b "$JAR" -H 'Accept: text/event-stream' -o "$SCRATCH/events.$stream" "$BASE$OPERATION" &
	streams="$streams $!"
done
# Both, and as far as the instance that takes its time.
for wait in {1..100}; do
	[ "$(grep -l '"instance":"encoreshared"' "$SCRATCH"/events.[12] 2>/dev/null | wc -l)" -lt 2 ] || break
	sleep 0.1
done
like "$(head -c 200 "$SCRATCH/events.1")" 'retry: ' 'events go out when they happen'
expect GET "$OPERATION" 429 'a third stream of a session is 429' -H 'Accept: text/event-stream'
expect GET "$OPERATION" 200 'a look is not'
expect DELETE "$OPERATION" 202 'stopping it'
is "$(header Location)" "$OPERATION" 'says where to look'
yes 'takes effect' until_ended "$OPERATION"
is "$(json .status)" cancelled 'at the next look'
is "$(json '[.steps[] | select(.status == "running" or .status == "pending")] | length')" 0 'in every step'
is "$(json '.steps[2].serviceId + " " + .steps[2].instance')" 'minio-minio encoreshared' 'what it came to is listed'
# shellcheck disable=SC2086 # process ids
wait $streams
like "$(grep -c '"status":"cancelled"' "$SCRATCH/events.1" "$SCRATCH/events.2" | sed 's/.*://' | tr '\n' ' ')" '^1 1 $' \
    'both who follow it are told, and are done'

# Its session ends; the visitor comes back.
platform_settings '{"healthDelayMs":300}'
expect POST /api/convert/pipeline 202 'long work again' --json '{}'
OPERATION=$(header Location)
expect GET "$OPERATION" 200 'under way'
expect POST /auth/signout 204 'its visitor leaves'
browser other
expect GET "$OPERATION" 404 'another visitor does not find it now either'
expect POST "$OPERATION/retry" 404 'and cannot take it over'
new_browser one
yes 'and signs in again' sign_in otto
expect GET "$OPERATION" 200 'it is found'
is "$(json .status)" failed 'and says that it stopped'
like "$(json .error.detail)" 'sign in and retry' 'and what to do'
is "$(json '.error.status')" 401 'because of the session'
expect POST "$OPERATION/retry" 202 'retried'
is "$(header Location)" "$OPERATION" 'it says where to look'
is "$(json .error)" null 'it has no error any more'

# The worker, with nobody looking.
for round in {1..400}; do
	left=$(oscgi_command worker --once 2>"$SCRATCH/worker.err")
	[ "$left" != '0 operations unfinished' ] || break
	sleep 0.5
done
is "$left" '0 operations unfinished' 'the worker brings it to its end'
expect GET "$OPERATION" 200 'looked at afterwards'
is "$(json .status)" succeeded 'it has succeeded'
