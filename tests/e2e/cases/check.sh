# SPDX-License-Identifier: MIT
# The check that guards other pages.

new_browser nobody
expect GET /auth/check 401 'a stranger is 401'
new_browser one
yes 'signing in' sign_in ada
expect GET /auth/check 200 'a visitor is 200'
like "$(header X-OSC-Tenant)" '^[a-z0-9-]+$' 'and who it is'
ada=$(header X-OSC-Tenant)
new_browser two
yes 'another signs in' sign_in bob
req GET /auth/check
isnt "$(header X-OSC-Tenant)" "$ada" 'and is another'
unlike "$HEAD" '[Aa]ccess-[Tt]oken|ACCESS_TOKEN' 'no token'
req GET /auth/check -H 'OSCGI_INTERNAL: 1' -H 'OSCGI-Internal: 1' -H 'X-OSC-Tenant: root' -H 'X_OSC_TENANT: root'
unlike "$HEAD" '[Aa]ccess-[Tt]oken|ACCESS_TOKEN' 'also not for who calls himself internal'
unlike "$HEAD" 'root' 'and nobody names himself'
expect POST /auth/check 200 'whatever the method of the guarded request' -H 'Origin: https://evil.example'
browser one
