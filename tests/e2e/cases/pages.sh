# SPDX-License-Identifier: MIT
# Static pages, and what the web server refuses by itself.

expect GET / 200 'the landing page is served'
like "$(header Content-Type)" '^text/html' 'as HTML'
csp=$(header Content-Security-Policy)
for want in "default-src 'none'" "frame-ancestors 'none'" "base-uri 'none'" "form-action 'self'"; do
	like "$csp" "$want" "its policy says $want"
done
unlike "$csp" 'unsafe' 'and nothing unsafe'
is "$(header Referrer-Policy)" same-origin 'its Referrer-Policy is same-origin'
is "$(header X-Content-Type-Options)" nosniff 'its type is not guessed'
unlike "$HEAD" '[Ss]et-[Cc]ookie' 'a page sets no cookie'

expect GET /no-such-page 404 'an unknown page is 404'
for path in /auth/signinx /api/instancesx /api/ /auth/ /cgi-bin/../oscgi.conf; do
	BY_SERVER=1 expect GET "$path" 404 "$path is nothing"
done
for path in '/api/instances/a%2Fb' '/api/instances/a%2fb/c' '/api/instances/..' '/api/instances/../plan' \
    '/api/instances/.' '/api/instances/./a' '/api/instances/%2e%2e/plan' '/api/instances/a/..%2f..%2fplan' \
    '/../../../etc/passwd' '/%2e%2e/%2e%2e/etc/passwd'; do
	BY_SERVER=1 req GET "$path"
	like "$STATUS" '^40[04]$' "$path is refused"
	unlike "$BODY" 'root:|signedIn|"plan"' 'and leads nowhere'
done
