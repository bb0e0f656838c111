#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The sandbox's instances that are made of real programs: Valkey and ffmpeg.
# Not of "make check": a builder need not have them.

set -u

# shellcheck source=tests/sandbox/harness.sh
. "$(dirname "$0")/harness.sh"

for tool in redis-server redis-cli ffmpeg ffprobe; do
	command -v "$tool" >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done

# SERVICE NAME OPTIONS; URL is the instance's.
instance()
{
	service "$1"
	sat --json "{\"name\":\"$2\"$3}" "$API"
	[ "$STATUS" = 200 ] || echo "# not created: $BODY"
	URL=$(json .url)
}

# With the access key of the storage.
s3()
{
	req -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --aws-sigv4 aws:amz:us-east-1:s3 --user "admin:$ROOT_PASSWORD" "$@"
}

# Posts one, with these members, each with a comma after it, before the usual ones; JOB.
job()
{
	req -H "Authorization: Bearer $ENCORE_SAT" --json "{$1\"profile\":\"program\",\"outputFolder\":\"s3://output/one/\",\"baseName\":\"one\",\"inputs\":[{\"type\":\"AudioVideo\",\"uri\":\"s3://input/clip.mp4\"}]}" "$ENCORE/encoreJobs"
	JOB=$(json .id)
}

job_get()
{
	req -H "Authorization: Bearer $ENCORE_SAT" "$ENCORE/encoreJobs/$JOB"
}

job_is()
{
	job_get
	[ "$(json .status)" = "$WANTED" ]
}

job_ends_as()	# STATUS WHAT
{
	WANTED=$1
	eventually job_is "$2"
	[ "$(json .status)" = "$1" ] || echo "# message: $(json .message)"
}

sandbox_start
settings '{"healthDelayMs":0}'
register ''
sign_in acme

# --- Valkey ---------------------------------------------------------------------------

pat --json '{"secretName":"queuepw","secretData":"pass\"word with spaces"}' "$OSC_DEPLOY_URL/mysecrets/valkey-io-valkey"
instance valkey-io-valkey queue ',"Password":"{{secrets.queuepw}}"'
VALKEY_SAT=$SAT VALKEY_API=$API VALKEY_HOST=$HOST
sat "$HOST/ports/queue"
PORT=$(json '.[0].externalPort')
valkey()
{
	REDISCLI_AUTH='pass"word with spaces' redis-cli -h 127.0.0.1 -p "$PORT" "$@" 2>&1
}
answers() { [ "$(valkey PING)" = PONG ]; }
eventually answers 'a Valkey instance answers on its port, with the password of the secret'
is "$(redis-cli -h 127.0.0.1 -p "$PORT" PING 2>&1)" 'NOAUTH Authentication required.' 'and to nobody else'
valkey SET a b >/dev/null
sat -X POST "$HOST/restart/queue"
eventually answers 'it is back after a restart, on the same port'
req -X PATCH --json '{"suspended":"idle"}' "$OSC_APP_URL/sandbox/instances/acme/valkey-io-valkey/queue"
silent() { ! answers; }
eventually silent 'suspended it is gone'
pat -X POST "$OSC_DEPLOY_URL/mysuspended/valkey-io-valkey/queue/resume"
eventually answers 'until it is resumed'

# --- storage, profiles, Encore ------------------------------------------------------------

ROOT_PASSWORD=Storage1Password
pat --json "{\"secretName\":\"rootpw\",\"secretData\":\"$ROOT_PASSWORD\"}" "$OSC_DEPLOY_URL/mysecrets/minio-minio"
instance minio-minio store ',"RootUser":"admin","RootPassword":"{{secrets.rootpw}}"'
STORE=$URL
s3 -X PUT "$STORE/input"
s3 -X PUT "$STORE/output"
s3 -X PUT "$STORE/profiles"
is "$STATUS" 200 'buckets are made by a request that curl signs'
ffmpeg -loglevel error -f lavfi -i testsrc2=size=640x360:rate=25:duration=6 -f lavfi -i sine=frequency=440:duration=6 \
    -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -shortest "$SCRATCH/clip.mp4"
s3 -T "$SCRATCH/clip.mp4" "$STORE/input/clip.mp4"
is "$STATUS" 200 'a clip is uploaded'
instance grusell-encore-profile-server profiles ",\"s3Endpoint\":\"$STORE\",\"s3Region\":\"us-east-1\",\"s3AccessKey\":\"admin\",\"s3SecretKey\":\"$ROOT_PASSWORD\",\"s3Bucket\":\"profiles\",\"s3Prefix\":\"mine\""
PROFILES=$URL
req "$PROFILES/profiles.yml"
is "$STATUS $(grep -c '^program: program.yml$' <<<"$BODY")" '200 1' 'the profile server has profiles of its own'
req "$PROFILES/program.yml"
is "$(grep -c 'type: X264Encode' <<<"$BODY")" 3 'that are YAML'
printf 'name: tiny\nencodes:\n  - type: X264Encode\n    suffix: _tiny\n    height: 90\n    params:\n      b:v: 100k\n' >"$SCRATCH/tiny.yml"
s3 -T "$SCRATCH/tiny.yml" "$STORE/profiles/mine/tiny.yml"
req "$PROFILES/profiles.yml"
is "$BODY" 'tiny: tiny.yml' "a bucket's come in their place"
pat --json "{\"secretName\":\"encorekey\",\"secretData\":\"$ROOT_PASSWORD\"}" "$OSC_DEPLOY_URL/mysecrets/encore"
instance encore enc ",\"s3Endpoint\":\"$STORE\",\"s3Region\":\"us-east-1\",\"s3AccessKeyId\":\"admin\",\"s3SecretAccessKey\":\"{{secrets.encorekey}}\""
ENCORE=$URL ENCORE_SAT=$SAT ENCORE_API=$API
req "$ENCORE/encoreJobs"
is "$STATUS" 401 'Encore is behind the login'
req -H "Authorization: Bearer $ENCORE_SAT" "$ENCORE/encoreJobs"
is "$STATUS $(json 'has("_embedded")') $(json .page.totalElements)" '200 false 0' 'no jobs: a page with nothing in it'
pat --json '{"services":["eyevinn-encore-callback-listener"]}' "$OSC_CATALOG_URL/mysubscriptions"
instance eyevinn-encore-callback-listener listen ",\"RedisUrl\":\"redis://default:pass%22word%20with%20spaces@127.0.0.1:$PORT\",\"EncoreUrl\":\"$ENCORE\",\"RedisQueue\":\"package\""
LISTENER=$URL
req "$LISTENER/other"
is "$STATUS" 401 'so is the listener'
req -X HEAD --head "$LISTENER/encoreCallback"
is "$STATUS" 404 'except where Encore calls it'

job "\"externalId\":\"order-1\",\"progressCallbackUri\":\"$LISTENER/encoreCallback\","
is "$STATUS $(json .status)" '201 QUEUED' 'a job is queued'
job_ends_as SUCCESSFUL 'and succeeds'
is "$(json .progress) $(json '[.output[].type] | unique | join(",")')" '100 ImageFile,VideoFile' 'with videos and a picture'
is "$(json '[.output[] | select(.type == "VideoFile") | .videoStreams[0].height] | max')" 360 'none larger than the input'
FILE=$(json '.output[0].file')
curl -s -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --aws-sigv4 aws:amz:us-east-1:s3 --user "admin:$ROOT_PASSWORD" \
    -o "$SCRATCH/out.mp4" "$STORE/${FILE#s3://}"
is "$(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$SCRATCH/out.mp4" | sort | tr '\n' ' ')" 'aac h264 ' \
    'what it wrote into the storage plays'
queued() { [ "$(valkey ZCARD package)" = 1 ]; }
eventually queued 'the listener put it into the queue'
is "$(valkey ZRANGE package 0 -1)" "{\"jobId\":\"$JOB\",\"url\":\"$ENCORE/encoreJobs/$JOB\"}" 'as the packager wants it'
req "$OSC_APP_URL/sandbox/requests"
is "$(json '[.[] | select(.path == "/encoreCallback" and .method == "POST" and .status == 200)] | length >= 2')" true \
    'progress was told meanwhile'

pat --json '{"services":["eyevinn-encore-packager"]}' "$OSC_CATALOG_URL/mysubscriptions"
instance eyevinn-encore-packager pack ",\"RedisUrl\":\"redis://default:pass%22word%20with%20spaces@127.0.0.1:$PORT\",\"RedisQueue\":\"package\",\"OutputFolder\":\"s3://output/packaged/\",\"PersonalAccessToken\":\"$PAT\",\"AwsAccessKeyId\":\"admin\",\"AwsSecretAccessKey\":\"$ROOT_PASSWORD\",\"S3EndpointUrl\":\"$STORE\""
packaged() { s3 "$STORE/output/packaged/clip/$JOB/index.m3u8"; [ "$STATUS" = 200 ]; }
eventually packaged 'a packager takes it from there, and a playlist appears'
is "$(grep -c '^#EXT-X-STREAM-INF' <<<"$BODY")" 3 'of as many qualities as there are videos'
s3 "$STORE/output/packaged/clip/$JOB/$(grep -v '^#' <<<"$BODY" | head -n 1)"
is "$STATUS $(head -n 1 <<<"$BODY")" '200 #EXTM3U' 'each with its own'
s3 "$STORE/output/packaged/clip/$JOB/$(grep -v '^#' <<<"$BODY" | head -n 1)"
is "$STATUS" 200 'which names segments that are there'
s3 "$STORE/output/packaged/clip/$JOB/manifest.mpd"
is "$STATUS $(grep -c '<MPD' <<<"$BODY")" '200 1' 'and a DASH manifest'
is "$(valkey ZCARD package)" 0 'nothing waits in the queue'

settings '{"packageDelayMs":60000}'
s3 -X DELETE "$STORE/output/packaged/clip/$JOB/index.m3u8"
req -X DELETE "$OSC_APP_URL/sandbox/requests"
req --json "{\"jobId\":\"$JOB\",\"status\":\"SUCCESSFUL\"}" "$LISTENER/encoreCallback"
in_hand()
{
	req "$OSC_APP_URL/sandbox/requests"
	[ "$(json "[.[] | select(.path == \"/encoreJobs/$JOB\" and .headers[\"x-jwt\"] != null and .status == 200)] | length")" = 1 ]
}
eventually in_hand 'a job that the listener is told of again is taken up again'
service eyevinn-encore-packager
sat -X POST "$HOST/restart/pack"
settings '{"packageDelayMs":0}'
sleep 2
s3 "$STORE/output/packaged/clip/$JOB/index.m3u8"
is "$STATUS $(valkey ZCARD package)" '404 0' 'a packager that is started anew has lost it, and the queue has too'
req --json "{\"jobId\":\"$JOB\",\"status\":\"SUCCESSFUL\"}" "$LISTENER/encoreCallback"
eventually packaged 'until somebody tells the listener once more'
sat -X DELETE "$API/pack"

settings '{"transcodeRate":1}'
job ''
SLOW=$JOB
moves() { job_get; [ "$(json .progress)" -gt 20 ]; }
eventually moves 'progress is what ffmpeg reports'
job '"baseName":"two",'
job_get
is "$(json .status)" QUEUED 'the next one waits'
SECOND=$JOB JOB=$SLOW
req -X POST -H "Authorization: Bearer $ENCORE_SAT" "$ENCORE/encoreJobs/$JOB/cancel"
is "$STATUS,$BODY" 200, 'a job is cancelled'
req -X POST -H "Authorization: Bearer $ENCORE_SAT" "$ENCORE/encoreJobs/$JOB/cancel"
is "$STATUS" 409 'once'
job_get
is "$(json .status)" CANCELLED 'and stays so'
req -X POST -H "Authorization: Bearer $ENCORE_SAT" "$ENCORE/encoreJobs/nothing/cancel"
is "$STATUS" 404 'one that is not there is not'
JOB=$SECOND
settings '{"transcodeRate":0}'
req -X POST -H "x-jwt: Bearer $ENCORE_SAT" "${ENCORE_API%/*}/restart/enc"
job_ends_as SUCCESSFUL 'a restart makes one that was running start again'

job '"inputs":[{"type":"AudioVideo","uri":"s3://input/nothing.mp4"}],'
job_ends_as FAILED 'a job without its input fails'
is "$(json .message)" 'Not Found (Service: S3, Status Code: 404)' 'and says why'
job '"inputs":[{"type":"AudioVideo","uri":"s3://profiles/mine/tiny.yml"}],'
job_ends_as FAILED 'so does one whose input is no video'
job '"profile":"no-such",'
job_ends_as FAILED 'or whose profile is none'
settings '{"encodeFails":"Disk is full"}'
job ''
job_ends_as FAILED 'or by order'
is "$(json .message)" 'Disk is full' 'with the message that was ordered'
settings '{"encodeFails":""}'
req -H "Authorization: Bearer $ENCORE_SAT" --json '{"profile":"program"}' "$ENCORE/encoreJobs"
is "$STATUS $(json .error)" '400 Bad Request' 'a job needs more than a profile'
s3 -X PUT "$STORE/output?policy=" -d '{"Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::output/*"]}]}'
job "\"inputs\":[{\"type\":\"AudioVideo\",\"uri\":\"$STORE/${FILE#s3://}\",\"params\":{\"reconnect\":\"1\"}}],\"outputFolder\":\"/usercontent\",\"baseName\":\"local\","
job_ends_as SUCCESSFUL 'an input over HTTP, an output that stays on the instance'
curl -s -H "Authorization: Bearer $ENCORE_SAT" -o "$SCRATCH/local.mp4" "$ENCORE$(json '.output[0].file')"
is "$(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$SCRATCH/local.mp4" | grep -c h264)" 1 'which hands it out'
req -H "Authorization: Bearer $ENCORE_SAT" "$ENCORE/encoreJobs?size=3&page=1"
is "$(json '._embedded.encoreJobs | length') $(json .page.totalElements) $(json .page.totalPages) $(json '._links | keys | join(",")')" \
    '3 8 3 next,prev,self' 'pages'
req -H "Authorization: Bearer $ENCORE_SAT" "$ENCORE/encoreJobs/search/findByExternalId?externalId=order-1"
is "$(json '[._embedded.encoreJobs[].externalId] | join(",")')" order-1 'a search'
req -H "Authorization: Bearer $ENCORE_SAT" "$ENCORE/encoreJobs/search/findByStatus?status=CANCELLED"
is "$(json '._embedded.encoreJobs[0].id')" "$SLOW" 'by status'
service encore
sat -X DELETE "$API/enc"
instance encore enc ",\"profilesUrl\":\"$PROFILES/profiles.yml\",\"s3Endpoint\":\"$STORE\",\"s3AccessKeyId\":\"admin\",\"s3SecretAccessKey\":\"{{secrets.encorekey}}\""
ENCORE=$URL ENCORE_SAT=$SAT
settings '{"callbacks":false}'
job "\"profile\":\"tiny\",\"progressCallbackUri\":\"$LISTENER/encoreCallback\","
job_ends_as SUCCESSFUL 'a profile of the profile server'
is "$(json '.output[0].file') $(json '.output[0].videoStreams[0].height')" 's3://output/one/one_tiny.mp4 90' 'is followed'
is "$(valkey ZCARD package)" 0 'callbacks are dropped, on demand'

# --- the end of instances --------------------------------------------------------------------

req -X DELETE -H "x-jwt: Bearer $VALKEY_SAT" "$VALKEY_API/queue"
eventually silent 'a removed Valkey stops'
req -H "x-jwt: Bearer $VALKEY_SAT" "$VALKEY_HOST/logs/queue"
is "$STATUS" 404 'and is forgotten'
settings '{"transcodeRate":0.2}'
job '"profile":"tiny",'
WANTED=IN_PROGRESS
eventually job_is 'a job that runs'
runs() { pgrep -f "ffmpeg .*$SCRATCH" >/dev/null; }
eventually runs 'is a process'
service encore
sat -X DELETE "$API/enc"
stopped() { ! runs; }
eventually stopped 'which ends with its instance'
instance valkey-io-valkey last ',"Password":"x"'
sandbox_end
