# SPDX-License-Identifier: MIT
# Signing out.

new_browser one
yes 'signing in' sign_in ada
cookie=$(cookie_value)
expect POST /auth/signout 403 'not when another site asks' -H 'Origin: https://evil.example'
yes 'which changes nothing' signed_in
forget_calls
expect POST /auth/signout 204 'signing out'
like "$(header Set-Cookie)" '^oscgi=;|^oscgi=""|^oscgi=[^;]*;.*([Mm]ax-[Aa]ge=0|1970)' 'the cookie is expired'
is "$(calls '.method == "POST" and (.path | test("revoke"))')" 1 'the token is revoked'
bare GET /auth/status -H "Cookie: oscgi=$cookie"
is "$BODY" '{"signedIn":false}' 'the session is deleted'
expect POST /auth/signout 204 'the same without a session'

yes 'signing in' sign_in ada
expect POST /auth/signout 303 'by a form' -H "Origin: $BASE" -H 'Sec-Fetch-Site: same-origin' \
    -H 'Content-Type: application/x-www-form-urlencoded' --data ''
like "$(header Location)" "^($BASE)?/\$" 'leads to the first page'
req GET /auth/status
is "$BODY" '{"signedIn":false}' 'signed out'

yes 'signing in' sign_in ada
fault "{\"role\":\"app\",\"method\":\"POST\",\"path\":\"$REVOKE_PATH\",\"times\":9,\"status\":500}"
expect POST /auth/signout 204 'also when the platform cannot revoke'
no_faults
req GET /auth/status
is "$BODY" '{"signedIn":false}' 'signed out'
