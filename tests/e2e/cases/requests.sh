# SPDX-License-Identifier: MIT
# Cookies and requests: what is refused, how, and in which order.

new_browser one
yes 'signing in' sign_in grace
cookie=$(cookie_value)

# Methods.
method()	# PATH ALLOWED
{
	local path=$1 allowed=$2 m

	for m in GET POST PUT PATCH DELETE; do
		[[ " $allowed " != *" $m "* ]] || continue
		expect "$m" "$path" 405 "$m $path is 405"
		local allow
		allow=$(header Allow | tr -d ' ' | tr ',' '\n' | grep -vx -e HEAD -e OPTIONS | sort | xargs)
		is "$allow" "$allowed" "and Allow names $allowed"
	done
}
method /auth/signin GET
method /auth/callback GET
method /auth/refresh POST
method /auth/signout POST
method /auth/status GET
method /healthz GET
method /api/plan GET
method /api/services 'GET POST'
method /api/services/minio-minio 'DELETE GET'
method /api/instances GET
method /api/instances/minio-minio 'GET POST'
method /api/instances/minio-minio/a 'DELETE GET PATCH'
method /api/instances/minio-minio/a/health GET
expect HEAD /auth/signin 405 'HEAD signin is 405'
expect HEAD /auth/callback 405 'HEAD callback is 405'
for path in /auth/status /auth/check /api/plan /api/instances /healthz; do
	req GET "$path"; got=$STATUS$(header Content-Type)
	req HEAD "$path"
	is "$STATUS$(header Content-Type)" "$got" "HEAD $path is like GET"
done

# From elsewhere.
for from in 'Origin: https://evil.example' 'Origin: null' "Origin: http://127.0.0.1:1" "Origin: https://127.0.0.1:$PORT" \
    "Origin: http://localhost.evil.example:$PORT" 'Sec-Fetch-Site: cross-site' 'Sec-Fetch-Site: same-site' \
    'Sec-Fetch-Site: nonsense'; do
	expect POST /api/services 403 "from elsewhere ($from)" -H "$from" --json '{"serviceId":"minio-minio"}'
	expect POST /auth/refresh 403 'no refresh either' -H "$from"
done
expect POST /api/services 403 'a good Origin does not heal a bad Sec-Fetch-Site' \
    -H "Origin: $BASE" -H 'Sec-Fetch-Site: cross-site' --json '{"serviceId":"minio-minio"}'
expect POST /api/services 403 'nor the other way round' \
    -H 'Origin: https://evil.example' -H 'Sec-Fetch-Site: same-origin' --json '{"serviceId":"minio-minio"}'
for from in "Origin: $BASE" 'Sec-Fetch-Site: same-origin' 'Sec-Fetch-Site: none'; do
	expect POST /api/services 201 "from here ($from)" -H "$from" --json '{"serviceId":"minio-minio"}'
done
expect GET /auth/status 200 'reading from elsewhere is nothing to refuse' -H 'Sec-Fetch-Site: cross-site'

# Order of refusal.
evil='Host: evil.example'
far='Origin: https://evil.example'
big=$CLIENT_DIR/big
{ printf '{"name":"'; head -c 1100000 /dev/zero | tr '\0' a; printf '"}'; } >"$big"
expect POST /api/instances/UP/x/y/z/nonsense 400 'first the host' -H "$evil" -H "$far"
expect POST /api/instances/minio-minio/a/nonsense 404 'then the path' -H "$far"
expect PUT /api/instances/minio-minio 405 'then the method' -H "$far"
JAR=
expect POST /api/instances/minio-minio 403 'then where it comes from' -H "$far" -H 'Content-Type: text/plain' -d x
expect POST /api/instances/minio-minio 401 'then who asks' -H 'Content-Type: text/plain' -d x
browser one
expect POST /api/instances/minio-minio 415 'then the type' -H 'Content-Type: text/plain' --data-binary "@$big"
expect POST /api/instances/minio-minio 413 'then the size' -H 'Content-Type: application/json' --data-binary "@$big"
expect POST /api/instances/minio-minio 413 'also in chunks' -H 'Content-Type: application/json' \
    -H 'Transfer-Encoding: chunked' --data-binary "@$big"
like "$(json .title)$(json .detail)" . 'in our own words'
expect POST /api/instances/minio-minio 400 'then the body' -H 'Content-Type: application/json' -d '{"name":"é-"}'

# Types and bodies.
for type in 'text/plain' 'application/x-www-form-urlencoded' 'multipart/form-data; boundary=x' 'application/jsonx' \
    'application/json2; charset=utf-8' 'text/json'; do
	expect POST /api/services 415 "a body of type $type is 415" -H "Content-Type: $type" -d '{"serviceId":"minio-minio"}'
done
expect POST /api/services 415 'a body of no type is 415' -H 'Content-Type;' -d '{"serviceId":"minio-minio"}'
for type in 'application/json' 'Application/JSON' 'application/json; charset=utf-8' 'application/json;charset=UTF-8'; do
	expect POST /api/services 201 "a body of type $type is read" -H "Content-Type: $type" -d '{"serviceId":"minio-minio"}'
done
expect POST /api/services 201 'a chunked body is read' -H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' \
    -d '{"serviceId":"minio-minio"}'
bad_body()	# WHAT BODY
{
	printf '%b' "$2" >"$CLIENT_DIR/sent"
	expect POST /api/services 400 "a body $1 is 400" -H 'Content-Type: application/json' --data-binary "@$CLIENT_DIR/sent"
	isnt "$(json .detail)" '' 'which says why'
}
bad_body 'that is empty' ''
bad_body 'that is no JSON' 'serviceId=minio-minio'
bad_body 'that is cut off' '{"serviceId":"minio-minio"'
bad_body 'with something behind it' '{"serviceId":"minio-minio"} x'
bad_body 'that is an array' '[{"serviceId":"minio-minio"}]'
bad_body 'that is a string' '"minio-minio"'
bad_body 'that is null' 'null'
bad_body 'that is not UTF-8' '{"serviceId":"minio-\xff\xfeminio"}'
bad_body 'with an overlong encoding' '{"serviceId":"minio\xc0\xafminio"}'
bad_body 'with a NUL' '{"serviceId":"minio-minio\\u0000x"}'
bad_body 'with a raw NUL' '{"serviceId":"minio-minio"}\x00'
bad_body 'with a raw NUL inside' '{"serviceId":"minio\x00-minio"}'
bad_body 'with a raw line end in a string' '{"serviceId":"minio\x0aminio"}'
bad_body 'with the field twice' '{"serviceId":"minio-minio","serviceId":"encore"}'
bad_body 'with another field twice, further in' '{"serviceId":"minio-minio","a":[{"b":1,"b":1}]}'
bad_body 'with a mask in it' '{"serviceId":"minio-minio","a":[{"b":"***"}]}'
bad_body 'that is too deep' "$(printf '{"a":%.0s' {1..2000})1$(printf '}%.0s' {1..2000})"
expect POST /auth/signout 204 'where no body is read none is needed, nor refused' -H 'Content-Type: text/plain' -d x
yes 'signing in again' sign_in grace
cookie=$(cookie_value)

# Hosts.
for name in evil.example 'evil.example:80' '127.0.0.1.evil.example' 'a b' 'localhost,evil.example' 'localhost@evil.example' \
    '[::1' '127.0.0.1:x' '127.0.0.1:99999' '-' 'evil.example#127.0.0.1' 'evil.example/127.0.0.1'; do
	BY_SERVER=1 req GET /auth/status -H "Host: $name"
	is "$STATUS" 400 "the host '$name' is 400"
	unlike "$BODY" signedIn 'and learns nothing'
done
expect GET /auth/status 400 'a host of others' -H 'Host: evil.example'
like "$BODY" ALLOWED_HOSTS 'is told which setting counts'
expect GET /auth/signin 400 'signing in for it' -H 'Host: evil.example'
is "$(header Location)" '' 'leads nowhere'
expect GET /healthz 200 'health answers any host' -H 'Host: evil.example'
is "$BODY" '{"ok":true}' 'that all is well'
expect GET /auth/signin 400 'plain http off the loopback' -H 'Host: app.example.org'
like "$BODY" ALLOW_HTTP 'is told which setting allows it'
expect GET /auth/status 200 'the rest of it works there' -H 'Host: app.example.org'
expect GET /auth/signin 303 'localhost is the loopback' -H "Host: localhost:$PORT"
like "$(header Location)" "localhost(:|%3A)$PORT" 'and comes back there'

# What claims to come from a proxy.
for forged in 'X-Forwarded-Proto: https' 'X_Forwarded_Proto: https' 'X-Forwarded_Proto: https' 'x_forwarded-proto: https' \
    'X-Forwarded-Host: evil.example' 'X_Forwarded_Host: evil.example' 'X-Forwarded-Proto: https, http' \
    'X-Forwarded-Host: a.example, b.example' 'Forwarded: host=evil.example;proto=https' 'X-Original-URL: /auth/signout' \
    'X_ORIGINAL_URL: /auth/signout' 'X-Rewrite-URL: /x' 'X-Forwarded-Ssl: on' 'Front-End-Https: on' 'HTTPS: on' \
    'X-Forwarded-Prefix: /evil' 'X-Forwarded-Port: 444' 'X-Forwarded-For: 10.1.2.3' 'X-Real-IP: 10.1.2.3' \
    'X-Script-Name: /evil' 'Script-Name: /evil' 'X-HTTP-Method-Override: DELETE' 'Proxy: http://127.0.0.1:1' \
    'OSC-APP-URL: http://127.0.0.1:1' 'OSC_APP_URL: http://127.0.0.1:1' 'PUBLIC_URL: https://evil.example'; do
	new_browser forger
	req GET /auth/signin -H "$forged"
	like "$(header Location)" "redirect_uri=http(:|%3A)(/|%2F)(/|%2F)127\.0\.0\.1(:|%3A)$PORT(/|%2F)auth(/|%2F)callback" "$forged changes nothing"
	like "$(header Set-Cookie)" '^oscgi=' 'nor the cookie'
done

# Cookies.
browser one
cookie_case()	# HEADER WANT WHAT
{
	bare GET /auth/status -H "Cookie: $1"
	is "$STATUS$(json .signedIn)" "200$2" "a cookie $3"
}
JAR=
cookie_case "oscgi=$cookie" true 'of ours'
cookie_case "a=b; oscgi=$cookie; c=d" true 'among others'
cookie_case "oscgi=$cookie; oscgi=$cookie" false 'given twice'
cookie_case "oscgi=$cookie; oscgi=other" false 'given twice, once wrong'
cookie_case "oscgi=other; oscgi=$cookie" false 'given twice, first wrong'
cookie_case "__Host-oscgi=$cookie" false 'of the https name'
cookie_case "OSCGI=$cookie" false 'of another case'
cookie_case "oscgi=${cookie%?}" false 'cut off'
cookie_case "oscgi=${cookie}A" false 'with more'
cookie_case "oscgi=$(printf 'A%.0s' {1..43})" false 'made up'
cookie_case "oscgi=$(printf 'A%.0s' {1..3000})" false 'of 3000 characters'
cookie_case 'oscgi=' false 'that is empty'
cookie_case 'oscgi' false 'without a value'
cookie_case "oscgi=\"$cookie\"; ;;=; =x" true 'in quotes, among rubbish'
cookie_case "oscgi=..%2f..%2fkey" false 'that looks like a path'
cookie_case "$(printf 'a%d=b; ' {1..200})oscgi=$cookie" true 'behind two hundred others'
req GET /auth/status -H "Cookie: oscgi=$cookie" -H "Cookie: oscgi=$cookie"
is "$STATUS$(json .signedIn)" 200false 'given in two headers counts as none'
browser one
yes 'the session is as it was' signed_in

# Line ends, NUL and length, wherever a visitor writes.
for path in '/auth/status?x=%00' '/auth/status?%0d%0aSet-Cookie:%20a=b' "/auth/status?x=$(printf 'y%.0s' {1..3000})"; do
	expect GET "$path" 200 "${path:0:60} is nothing to it"
	unlike "$HEAD" '[Ss]et-[Cc]ookie' 'and puts nothing in the answer'
done
for path in '/auth/callback?code=a%00b&state=c' '/auth/callback?code=a%0d%0ab&state=%0d%0aX-Evil:%201' '/auth/callback?state=%ff%fe' \
    '/auth/callback?state=%zz' '/auth/callback?error=%0d%0aX-Evil:%201&state=x'; do
	req GET "$path"
	is "$STATUS" 400 "$path is 400"
	is "$(header X-Evil)" '' 'and puts nothing in the answer'
done
for path in '/api/instances/minio-minio/a%00b' '/api/instances/minio-minio/a%0d%0ab' '/api/instances/mi%0anio' '/api/services/a%00'; do
	BY_SERVER=1 req GET "$path"
	like "$STATUS" '^40[04]$' "$path is refused"
done
req GET /auth/status -H "User-Agent: $(printf 'z%.0s' {1..6000})"
yes 'a long header is no trouble' test "$STATUS" -eq 200 -o "$STATUS" -eq 400 -o "$STATUS" -eq 431
req GET "/api/instances/$(printf 'x%.0s' {1..4000})"
like "$STATUS" '^4(04|14)$' 'a service id of 4000 characters'

# Metrics are for the peers named.
expect GET /metrics 404 'metrics are for nobody by default'
