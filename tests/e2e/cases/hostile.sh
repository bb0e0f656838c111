# SPDX-License-Identifier: MIT
# Replies that make no sense, and addresses to which no token may go.

new_browser one
yes 'signing in' sign_in hugo
platform_settings '{"healthDelayMs":0}'
expect POST /api/instances/minio-minio 201 'an instance' --json '{"name":"h1"}'
H=/api/instances/minio-minio

hostile()	# WHAT STATUS-ERE RULE-MEMBERS
{
	local began=$SECONDS

	fault "{\"path\":\"/minioinstance\",\"method\":\"GET\",\"times\":9,$3}"
	req GET "$H"
	like "$STATUS" "^$2\$" "$1"
	like "$(json '(.title|type) + (.detail|type)')" '^stringstring$' '  with a clear answer'
	yes '  in bounded time' test $((SECONDS - began)) -le 20
}
hostile '100 MB of JSON' 502 '"status":200,"contentType":"application/json","bodyHuge":100000000'
hostile 'as much JSON as just comes in' 502 '"status":200,"contentType":"application/json","bodyHuge":8000000'
hostile 'ten thousand levels' 502 '"status":200,"contentType":"application/json","bodyDeep":10000'
hostile 'a byte every second' 504 '"dripMs":1000'
hostile 'a page' 502 '"status":200,"contentType":"text/html","body":"<html><script>alert(1)</script></html>"'
hostile 'a page that says it is JSON' 502 '"status":200,"contentType":"application/json","body":"<html></html>"'
hostile 'text' 502 '"status":200,"contentType":"text/plain","body":"hello"'
hostile 'nothing' 502 '"status":200,"contentType":"application/json","body":""'
hostile 'a reply that is cut off' 502 '"cutAfter":10'
hostile 'wrong UTF-8' 502 '"status":200,"contentType":"application/json","bodyBase64":"WyL//iJd"'
hostile 'the wrong kind of JSON' 502 '"status":200,"contentType":"application/json","body":"{\"a\":1}"'
hostile 'hanging up' 502 '"drop":true'
hostile 'being too slow' 504 '"delayMs":6000'
hostile 'a status that nobody has' 502 '"status":599,"contentType":"application/json","body":"{}"'
forget_calls
hostile 'a redirect to elsewhere' 502 '"status":302,"headers":{"Location":"http://127.0.0.1:9/steal"},"body":""'
is "$(calls '.path == "/steal"')" 0 'is not followed'
no_faults

fault '{"path":"/minioinstance","method":"GET","times":1,"numbers":"huge"}'
expect GET "$H" 200 'numbers beyond any type do no harm'
fault '{"path":"/minioinstance","method":"GET","times":1,"remove":["url","_links","resources"]}'
expect GET "$H/h1" 200 'nor do missing members'
fault '{"path":"/minioinstance","method":"GET","times":1,"remove":["name"]},{"path":"/health","times":9,"numbers":"strings"}'
expect GET /api/instances 200 'nor a document without a name'
is "$(json '.errors | length')" 0 'in the list of all'
fault '{"path":"/mysubscriptions","times":1,"remove":["apiUrl","serviceInstanceOptions"]}'
expect GET /api/services 200 'nor services without addresses'
fault '{"role":"token","times":9,"set":{"expiry":"soon"}},{"role":"money","times":9,"numbers":"strings"}'
expect GET /api/plan 200 'a balance in strings'
is "$(json '.tokens.remainingTokens')" 180 'is read all the same'
platform_settings '{"nodes":1}'
expect GET /api/plan/nodes 200 'reserved nodes'
is "$(json length)" 1 'are listed'
platform_settings '{"nodes":0}'
no_faults

# Every other program hears the same nonsense, from whoever it asks.
everywhere()	# WHAT RULE-MEMBERS
{
	local path role rules=

	for role in catalog deploy money; do
		rules="$rules${rules:+,}{\"role\":\"$role\",\"times\":99,$2}"
	done
	fault "$rules"
	for path in services apps secrets/encore solutions solutions/x/log suspended plan/nodes jobs/eyevinn-ffmpeg-s3 \
	    instances/absent convert/pipeline; do
		req GET "/api/$path"
		is "$STATUS" 502 "$path: $1"
		like "$(json '(.title|type) + (.detail|type)')" '^stringstring$' '  with a clear answer'
	done
	expect GET /api/plan 200 "plan: $1"
	is "$(json '[.plan, .tokens] | tostring')" '[null,null]' '  tells that nothing is known'
	no_faults
}
if [ "$host" = lighttpd-fcgi ]; then
	forget_calls
	everywhere '100 MB of JSON' '"status":200,"contentType":"application/json","bodyHuge":100000000'
	everywhere 'as much JSON as just comes in' '"status":200,"contentType":"application/json","bodyHuge":8000000'
	everywhere 'ten thousand levels' '"status":200,"contentType":"application/json","bodyDeep":10000'
	everywhere 'a page' '"status":200,"contentType":"text/html","body":"<html></html>"'
	everywhere 'a redirect' '"status":307,"headers":{"Location":"http://127.0.0.1:9/steal"},"body":""'
	everywhere 'a reply that is cut off' '"cutAfter":1'
	everywhere 'wrong UTF-8' '"status":200,"contentType":"application/json","bodyBase64":"WyL//iJd"'
	is "$(calls '.path == "/steal"')" 0 'no redirect was followed'
fi

# The whole suite of processes has taken little memory for all this.
case $HOST in
*-cgi | *cgid) pass 'memory: a plain CGI process is gone' ;;
*)
	most=0
	for pid in $(host_processes instances); do
		kb=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null || echo 0)
		[ "${kb:-0}" -le "$most" ] || most=$kb
	done
	yes "memory stays bounded ($most kB at most)" test "$most" -lt 100000 -a "$most" -gt 0 ;;
esac

# Where tokens may not go.
forget_calls
astray()	# WHAT API-URL
{
	req GET /api/services
	fault "{\"path\":\"/mysubscriptions\",\"times\":9,\"set\":{\"apiUrl\":\"$2\"}}"
	req GET /api/services
	no_faults
	req GET "$H"
	is "$STATUS" 502 "a service at $1 is not asked"
	like "$(json .detail)" 'where a token may go.*OSC_TOKEN_HOSTS' '  which names the setting'
}
astray 'another host' 'https://evil.example/minioinstance'
astray 'a host whose name only begins like one of ours' 'https://osaas.io.evil.example/minioinstance'
astray 'a host that hides behind user information' 'https://api.osaas.io@evil.example/minioinstance'
astray 'a private address' 'https://10.0.0.1/minioinstance'
astray 'an address of the machine room' 'https://169.254.169.254/minioinstance'
astray 'a private IPv6 address' 'https://[fd00::1]/minioinstance'
astray 'plain http' 'http://api-minio.osaas.io/minioinstance'
astray 'another scheme' 'file:///etc/passwd'
req GET /api/services
expect GET "$H" 200 'back at its address it is asked again'

# Links are learned: a browser of its own, which has seen none.
new_browser astray
yes 'signing in once more' sign_in hugo
for href in https://evil.example/restart/h1 //evil.example/restart/h1 http://10.0.0.1/restart/h1 restart/h1; do
	fault "{\"path\":\"/minioinstance/h1\",\"method\":\"GET\",\"times\":9,\"set\":{\"href\":\"$href\"}}"
	forget_calls
	expect POST "$H/h1/restart" 404 "a link to $href is none"
	is "$(calls '.method == "POST" and (.path | test("restart"))')" 0 '  and nothing is sent'
done
no_faults
browser one
fault '{"path":"/minioinstance","method":"POST","times":9,"set":{"url":"https://evil.example"}}'
expect POST "$H?wait=5" 201 'an instance at another host is made, and not spoken to' --json '{"name":"h2"}'
no_faults
expect DELETE "$H/h1" 204 'away with one'
expect DELETE "$H/h2" 204 'and the other'
