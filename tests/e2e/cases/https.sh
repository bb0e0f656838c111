# SPDX-License-Identifier: MIT
# Behind https, as PUBLIC_URL says.

PUBLIC=https://app.example.org
setting PUBLIC_URL "$PUBLIC"
setting ALLOWED_HOSTS
restart_host
public=(-H 'Host: app.example.org')

new_browser secure
begin / "${public[@]}"
is "$STATUS" 303 'signing in at the public address'
like "$AUTHORIZE" 'redirect_uri=https(:|%3A)(/|%2F)(/|%2F)app.example.org(/|%2F)auth(/|%2F)callback' 'comes back there'
set_cookie=$(header Set-Cookie)
like "$set_cookie" '^__Host-oscgi=' 'the cookie is bound to the host'
like "$set_cookie" '; *Secure' 'and to https'
like "$set_cookie" '; *HttpOnly' 'and hidden from scripts'
like "$set_cookie" '; *Path=/(;|$)' 'for the whole site'
unlike "$set_cookie" '[Dd]omain' 'without a domain'
cookie=$(sed -E 's/^[^=]*=([^;]*).*/\1/' <<<"$set_cookie")
consent heidi
like "$CALLBACK" "^$PUBLIC/auth/callback" 'the platform sends back there'
come_back "${public[@]}" -H "Cookie: __Host-oscgi=$cookie" -H 'X-Forwarded-Proto: http'
is "$STATUS" 303 'callback'
set_cookie=$(header Set-Cookie)
cookie=$(sed -E 's/^[^=]*=([^;]*).*/\1/' <<<"$set_cookie")
req GET /auth/status "${public[@]}" -H "Cookie: __Host-oscgi=$cookie"
is "$(json .signedIn)" true 'signed in'
req GET /auth/status "${public[@]}" -H "Cookie: oscgi=$cookie"
is "$(json .signedIn)" false 'the name of http does not count over https'
expect GET /auth/status 400 'no other host answers now' -H "Host: 127.0.0.1:$PORT"
expect POST /auth/refresh 200 'an Origin of the public address is ours' "${public[@]}" \
    -H "Cookie: __Host-oscgi=$cookie" -H "Origin: $PUBLIC"
expect POST /auth/refresh 403 'the address of the server behind is not' "${public[@]}" \
    -H "Cookie: __Host-oscgi=$cookie" -H "Origin: $BASE"
expect POST /auth/signout 204 'signing out' "${public[@]}" -H "Cookie: __Host-oscgi=$cookie" -H "Origin: $PUBLIC"
like "$(header Set-Cookie)" '^__Host-oscgi=.*Secure' 'expires the cookie under its own terms'

setting PUBLIC_URL
PUBLIC=
setting ALLOWED_HOSTS "127.0.0.1,localhost,app.example.org"
setting ALLOW_HTTP 1
restart_host
new_browser plain
expect GET /auth/signin 303 'ALLOW_HTTP lets sign in over http' -H 'Host: app.example.org'
setting ALLOW_HTTP
restart_host

# A site below a path that a proxy takes off: a Location is the address that browsers use.
new_browser below
yes 'signing in' sign_in heidi
setting PUBLIC_URL "$BASE/app"
restart_host
expect POST /api/intercom 202 'long work below a path' --json '{"name":"below"}'
like "$(header Location)" '^/app/api/operations/' 'is looked at there'
operation=$(header Location)
expect DELETE "${operation#/app}" 202 'and cancelled'
expect POST /api/secrets/encore 201 'a secret' --json '{"name":"below","value":"x"}'
is "$(header Location)" /app/api/secrets/encore/below 'is there too'
expect DELETE /api/secrets/encore/below 204 'away with it'
setting PUBLIC_URL
restart_host
yes 'what was begun ends' until_ended "${operation#/app}"
browser one
