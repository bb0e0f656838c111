# SPDX-License-Identifier: MIT
# Open Media Convert: a pipeline, files, jobs and what comes of them.

C=/api/convert
new_browser nobody
for request in 'GET pipeline' 'POST pipeline' 'DELETE pipeline' 'POST uploads' 'GET jobs' 'POST jobs' 'GET jobs/x' 'DELETE jobs/x'; do
	expect "${request% *}" "$C/${request#* }" 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in carla
platform_settings '{"healthDelayMs":300}'
expect GET $C/pipeline 200 'a visitor without a pipeline'
is "$(json '.status + " " + (.operation | tostring)')" 'absent null' 'is told so'
expect POST $C/jobs 409 'a job without a pipeline is 409' --json '{"source":"https://example.com/a.mp4"}'
expect POST $C/uploads 409 'an upload too' --json '{"name":"a.mp4","type":"video/mp4"}'
expect POST $C/pipeline 400 'streaming that is no boolean is 400' --json '{"streaming":"yes"}'
like "$(json .detail)" streaming 'which names it'
expect POST $C/pipeline 202 'making one' --json '{"streaming":false}'
OPERATION=$(header Location)
expect GET $C/pipeline 200 'meanwhile'
is "$(json '.status + " " + .operation')" "making ${OPERATION##*/}" 'it is being made'
yes 'waiting for it' until_ended "$OPERATION"
is "$(json '.status + " " + (.error | tostring)')" 'succeeded null' 'it is made'
expect GET $C/pipeline 200 'afterwards'
is "$(json '.status + " " + (.streaming | tostring)')" 'ready false' 'it is ready'
is "$(json '.profiles | join(" ")')" 'program program-kf mobile audio' 'for jobs of what the profile server lists'
is "$(json '[.services[] | select(.status == "running") | .serviceId] | sort | join(" ")')" \
    'encore grusell-encore-profile-server minio-minio valkey-io-valkey' 'with four services'
unlike "$BODY" 'redis://|assword' 'and no secret'

# A file, from the browser straight to the storage.
for bad in '{}' '{"name":"","type":"video/mp4"}' '{"name":"***","type":"video/mp4"}' '{"name":"a.mp4","type":"mp4"}' '{"name":7,"type":"video/mp4"}'; do
	expect POST $C/uploads 400 "$bad is 400" --json "$bad"
done
clip=$SCRATCH/clip.mp4
yes 'a clip' ffmpeg -loglevel error -y -f lavfi -i testsrc=duration=2:size=160x120:rate=25 \
    -f lavfi -i sine=duration=2 -c:v libx264 -pix_fmt yuv420p -c:a aac -shortest "$clip"
expect POST $C/uploads 201 'a place for it' --json '{"name":"my clip é.mp4","type":"video/mp4"}'
UPLOAD=$(json .uploadUrl)
SOURCE=$(json .source)
like "$SOURCE" '^s3://input/[0-9a-f]{12}/my-clip-+\.mp4$' 'under a name that is safe and its own'
is "$(curl -s -o /dev/null -w '%{http_code}' -X PUT -H 'Content-Type: video/mp4' --data-binary "@$clip" "${UPLOAD/input/output}")" \
    403 'the address is good for no other place'
is "$(curl -s -o /dev/null -w '%{http_code}' "$UPLOAD")" 403 'and for no other method'
is "$(curl -s -o /dev/null -w '%{http_code}' -X PUT -H 'Content-Type: video/mp4' --data-binary "@$clip" "$UPLOAD")" \
    200 'it takes the file'

# A job.
for bad in '{}' '{"source":"http://example.com/a.mp4"}' '{"source":"s3://output/x.mp4"}' '{"source":"file:///etc/passwd"}' \
    '{"source":"https://example.com/a.mp4","profile":"../x"}' '{"source":"https://example.com/a.mp4","name":"a b"}'; do
	expect POST $C/jobs 400 "$bad is 400" --json "$bad"
done
expect POST $C/jobs 201 'a job' --json "{\"source\":\"$SOURCE\",\"name\":\"first\"}"
JOB=$(header Location)
is "$(json '"/" + .id')" "${JOB#*/jobs}" 'has an address'
is "$(json .name)" first 'and its name'
like "$(json .status)" '^(NEW|QUEUED|IN_PROGRESS)$' 'and is under way'
until_encoded()
{
	local look

	for look in {1..1200}; do
		req GET "$1"
		case $(json .status) in
		SUCCESSFUL|FAILED|CANCELLED) return 0 ;;
		esac
		sleep 0.5
	done
	return 1
}
yes 'looking at it until it has ended' until_encoded "$JOB"
is "$(json '.status + " " + (.progress | tostring) + " " + (.message | tostring)')" 'SUCCESSFUL 1 null' 'it succeeds'
is "$(json .source)" "$SOURCE" 'of that source'
like "$(json '.startedDate + " " + .completedDate')" '^20.*T.* 20.*T' 'from then to then'
like "$(json '.outputs | length')" '^[1-9]' 'with results'
RESULT=$(json '[.outputs[] | select(.type == "VideoFile")][0].url')
SIZE=$(json '[.outputs[] | select(.type == "VideoFile")][0].size')
like "$RESULT" 'X-Amz-Expires=900' 'whose address is good for a quarter of an hour'
is "$(curl -s -o "$SCRATCH/result.mp4" -w '%{http_code} %{size_download}' "$RESULT")" "200 $SIZE" 'and gives the file'
like "$(curl -s -D - -o /dev/null "$RESULT")" 'ontent-[dD]isposition: attachment' 'which a browser downloads'
like "$(ffprobe -v error -show_entries stream=codec_type -of csv=p=0 "$SCRATCH/result.mp4" | tr '\n' ' ')" 'video' 'which plays'
is "$(curl -s -o /dev/null -w '%{http_code}' "${RESULT%%\?*}")" 403 'to nobody without a signature'

# What services say is shown, but not what is secret in it.
fault '{"path":"/encoreJobs","method":"GET","times":9,"status":200,"contentType":"application/hal+json","body":
    "{\"id\":\"x\",\"status\":\"FAILED\",\"inputs\":[{\"uri\":\"https://admin:geheim@h/x\"}],\"message\":\"no https://admin:geheim@h/x with eyJhbGciOiJIUzI1NiJ9.e30.c2ln\"}"}'
expect GET "$JOB" 200 'a message with an address and a token'
is "$(json .message)" 'no https://***:***@h/x with ***' 'is shown without what is secret'
is "$(json .source)" 'https://***:***@h/x' 'and so is the source'
fault '{"path":"/encoreinstance","times":9,"set":{"url":"https://admin:geheim@encore.example"}}'
expect GET $C/pipeline 200 'an address with a password'
unlike "$BODY" geheim 'is not shown with it'
no_faults

# Others see nothing of it.
new_browser other
yes 'another visitor' sign_in carl
expect GET $C/pipeline 200 'has'
is "$(json .status)" absent 'no pipeline'
expect GET "$C${JOB#*/convert}" 409 'and sees no job'

# The list, page by page.
browser one
for n in 1 2 3 4 5 6 7 8 9 10; do
	req POST $C/jobs --json "{\"source\":\"$SOURCE\",\"name\":\"n$n\"}"
done
is "$STATUS" 201 'ten more jobs'
LAST_OF_TEN=$C/jobs/$(json .id)
expect GET $C/jobs 200 'the list'
is "$(json '(.jobs | length | tostring) + " " + (.page | tostring) + " " + (.pages | tostring) + " " + (.total | tostring)')" \
    '10 0 2 11' 'is in pages'
expect GET "$C/jobs?page=1" 200 'its second page'
is "$(json '.jobs[0].name')" first 'ends with the first job'
expect GET "$C/jobs?page=x" 400 'a page that is no number is 400'

# Past the end of a token, in the middle.
yes 'the last of the ten' until_encoded "$LAST_OF_TEN"
platform_settings '{"accessTokenLifetime":2,"transcodeRate":0.35}'
yes 'a sign-in with a token of two seconds' sign_in carla
expect POST $C/jobs 201 'a job' --json "{\"source\":\"$SOURCE\",\"name\":\"late\"}"
LATE=$C/jobs/$(json .id)
forget_calls
sleep 2.1
expect GET "$LATE" 200 'is found after the token has ended'
is "$(json .status)" IN_PROGRESS 'under way'
yes 'and goes on' until_encoded "$LATE"
is "$(json .status)" SUCCESSFUL 'to its end'
like "$(token_calls)" '^[1-9]' 'with tokens that were refreshed meanwhile'
platform_settings '{"accessTokenLifetime":3600,"transcodeRate":0}'

# Removing.
yes 'a job that has ended' until_encoded "$JOB"
expect DELETE "$JOB" 204 'is removed'
expect GET "$JOB" 404 'and gone'
expect DELETE "$JOB" 404 'for good'
is "$(curl -s -o /dev/null -w '%{http_code}' "$RESULT")" 404 'with its files'
expect GET "$C/jobs?page=1" 200 'the list'
is "$(json '[.jobs[] | select(.name == "first")] | length')" 0 'does not show it any more'
platform_settings '{"transcodeRate":0.1}'
expect POST $C/jobs 201 'a slow job' --json "{\"source\":\"$SOURCE\",\"name\":\"slow\"}"
SLOW=$C/jobs/$(json .id)
expect DELETE "$SLOW" 204 'is cancelled'
expect GET "$SLOW" 200 'and still shown'
is "$(json .status)" CANCELLED 'as cancelled'
platform_settings '{"transcodeRate":0}'

expect DELETE "$C/pipeline?storage=other" 400 'a storage of another name is 400'
expect DELETE $C/pipeline 202 'removing the pipeline'
yes 'waiting for it' until_ended "$(header Location)"
is "$(json .status)" succeeded 'is done'
expect GET /api/instances/encore 200 'the encoders'
is "$(json 'length')" 0 'are gone'
expect GET /api/instances/minio-minio 200 'the storage'
is "$(json '.[0].name')" encoreshared 'stays, with the files'
expect POST $C/pipeline 202 'made again' --json '{}'
yes 'waiting for it' until_ended "$(header Location)"
is "$(json .status)" succeeded 'it uses the same storage, whose password it still knows'
expect DELETE "$C/pipeline?storage=encoreshared" 202 'removing it with the storage, by its name'
yes 'waiting for it' until_ended "$(header Location)"
expect GET /api/instances/minio-minio 200 'the storage'
is "$(json 'length')" 0 'is gone'
expect GET $C/pipeline 200 'and the pipeline'
is "$(json .status)" absent 'is as it was at first'

# Streaming: everybody may read, and the packager works with a token that must be renewed.
if [ "$host" = lighttpd-fcgi ]; then
	expect POST $C/pipeline 202 'a pipeline for streaming' --json '{"streaming":true}'
	yes 'waiting for it' until_ended "$(header Location)"
	is "$(json '.status + " " + (.result.streaming | tostring)')" 'succeeded true' 'is made'
	expect GET $C/pipeline 200 'it'
	is "$(json '[.services[] | select(.status == "running")] | length')" 6 'has six services'
	expect DELETE /api/instances/encore/encoreshared 204 'somebody removes one of them'
	expect GET $C/pipeline 200 'it'
	is "$(json '.status + " " + (.profiles | tostring)')" 'incomplete []' 'is not complete any more'
	expect POST $C/pipeline 202 'mending it' --json '{"streaming":true}'
	yes 'waiting for it' until_ended "$(header Location)"
	expect GET $C/pipeline 200 'it'
	is "$(json '.status + " " + (.streaming | tostring)')" 'ready true' 'is as before'
	expect POST $C/uploads 201 'a place for a file' --json '{"name":"show.mp4","type":"video/mp4"}'
	SOURCE=$(json .source)
	is "$(curl -s -o /dev/null -w '%{http_code}' -X PUT -H 'Content-Type: video/mp4' --data-binary "@$clip" "$(json .uploadUrl)")" \
	    200 'takes it'
	until_packaged()
	{
		local look

		for look in {1..1200}; do
			req GET "$1"
			PLAYLIST=$(json '[.outputs[] | select(.type == "HLS")][0].url // ""')
			[ -z "$PLAYLIST" ] || return 0
			sleep 0.25
		done
		return 1
	}
	# Its token is renewed while it has a job in hand: it is started anew, and that job is lost.
	platform_settings '{"accessTokenLifetime":300,"packageDelayMs":600000}'
	yes 'a sign-in with a token of a few minutes' sign_in carla
	platform_settings '{"accessTokenLifetime":3600}'
	forget_calls
	expect POST $C/jobs 201 'a job' --json "{\"source\":\"$SOURCE\",\"name\":\"first\"}"
	FIRST=$C/jobs/$(json .id)
	is "$(json .packaging)" null 'which is not packaged yet'
	yes 'is done' until_encoded "$FIRST"
	is "$(json '.packaging + " " + (.message | tostring)')" 'running null' 'and being packaged'
	taken_up()
	{
		local look

		for look in {1..240}; do
			[ "$(calls ".path == \"/encoreJobs/${1##*/}\" and .headers[\"x-jwt\"] != null and .status == 200")" != 1 ] || return 0
			sleep 0.25
		done
		return 1
	}
	yes 'the packager has taken it up' taken_up "$FIRST"
	expect POST /auth/refresh 200 'a new token'
	expect POST $C/jobs 201 'another job, for which the packager gets another token' --json "{\"source\":\"$SOURCE\",\"name\":\"second\"}"
	SECOND=$C/jobs/$(json .id)
	is "$(calls '.method == "POST" and .path == "/restart/encoreshared"')" 2 'and is started anew'
	platform_settings '{"packageDelayMs":0}'
	is_packaged()
	{
		yes 'it is packaged' until_packaged "$1"
		is "$(json .packaging)" done 'as it says'
		is "$(curl -s "$PLAYLIST" | grep -c '^#EXT-X-STREAM-INF')" 3 'its playlist is for everybody'
		is "$(curl -s -o /dev/null -w '%{http_code}' "${SOURCE/s3:\/\//${PLAYLIST%%/output/*}/}")" 403 'its source is not'
	}
	is_packaged "$SECOND"
	like "$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$PLAYLIST" 2>&1)" '^[12][.]' 'and plays'
	MEDIA=${PLAYLIST%/*}/$(curl -s "$PLAYLIST" | grep -v '^#' | head -n 1)
	is "$(curl -s -o /dev/null -w '%{http_code}' "$MEDIA")" 200 'all its parts are there'
	expect DELETE "$SECOND" 204 'removed'
	is "$(curl -s -o /dev/null -w '%{http_code}' "$PLAYLIST") $(curl -s -o /dev/null -w '%{http_code}' "$MEDIA")" '404 404' \
	    'nothing of it is left for anybody'

	# Removed while it is being packaged: what comes after that goes, too.
	being_packaged()
	{
		local look

		for look in {1..240}; do
			[ -z "$(find "$SANDBOX_DIR" -name index.m3u8 2>/dev/null)" ] || return 0
			sleep 0.25
		done
		return 1
	}
	platform_settings '{"packageDelayMs":600000}'
	expect POST $C/jobs 201 'a job' --json "{\"source\":\"$SOURCE\",\"name\":\"gone\"}"
	JOB=$C/jobs/$(json .id)
	yes 'is done' until_encoded "$JOB"
	is "$(json .packaging)" running 'being packaged'
	yes 'taken up' taken_up "$JOB"
	yes 'and at work on it' being_packaged
	expect DELETE "$JOB" 204 'removed'
	platform_settings '{"packageDelayMs":0}'
	PLAYLIST=${PLAYLIST%/*/*}/${JOB##*/}/index.m3u8
	is_there() { [ "$(curl -s -o /dev/null -w '%{http_code}' "$PLAYLIST")" = "$1" ]; }
	for look in {1..240}; do ! is_there 200 || break; sleep 0.25; done
	yes 'its playlist comes' is_there 200
	expect GET $C/jobs 200 'the list'
	yes 'takes it away again' is_there 404

	# The one that was lost.
	is_packaged "$FIRST"
	expect GET $C/jobs 200 'the list'
	is "$(json '[.jobs[] | select(.name == "first") | .packaging + " " + ([.outputs[] | select(.type == "HLS")] | length | tostring)] | join(",")')" \
	    'done 1' 'says the same'
	expect GET /api/instances/eyevinn-encore-callback-listener/encoreshared/logs 200 'the log of the listener'
	told() { grep -o "job ${1##*/} is SUCCESSFUL" <<<"$BODY" | wc -l; }
	is "$(told "$FIRST") $(told "$SECOND")" '2 1' 'what was lost was told to it once more'

	# The site has lost all that it knew.
	fresh_host
	new_browser one
	yes 'signing in' sign_in carla
	expect GET $C/pipeline 200 'nothing is remembered'
	is "$(json .status)" absent 'of the pipeline'
	expect POST $C/pipeline 202 'made again' --json '{"streaming":true}'
	yes 'waiting for it' until_ended "$(header Location)"
	is "$(json '.status + " " + (.error.detail // "")')" 'succeeded ' 'it takes what is there'
	expect POST $C/jobs 201 'a job' --json "{\"source\":\"$SOURCE\",\"name\":\"third\"}"
	yes 'finds the files that were there, and is packaged' until_packaged "$C/jobs/$(json .id)"
	is "$(curl -s "$PLAYLIST" | grep -c '^#EXT-X-STREAM-INF')" 3 'all parts know their new passwords'

	expect POST $C/pipeline 202 'made again, not for streaming' --json '{}'
	yes 'waiting for it' until_ended "$(header Location)"
	is "$(curl -s -o /dev/null -w '%{http_code}' "$PLAYLIST")" 403 'what is in the storage is private again'
	expect DELETE "$C/pipeline?storage=encoreshared" 202 'removing it all'
	yes 'waiting for it' until_ended "$(header Location)"
	expect GET /api/instances 200 'the instances'
	is "$(json '[.instances[].serviceId] | sort | join(" ")')" 'eyevinn-encore-callback-listener eyevinn-encore-packager grusell-encore-profile-server minio-minio valkey-io-valkey' \
	    'that this site did not make, as far as it knows, stay'
fi
