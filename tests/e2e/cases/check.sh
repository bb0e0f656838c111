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

# Asked by the web server itself, as plain CGI: the token is told only where the setting and the server's own mark allow it.
ask()		# VARIABLE=VALUE...
{
	"${AS_SUITE[@]}" env OSCGI_CONFIG="$OSCGI_CONFIG" REQUEST_METHOD=OPTIONS SCRIPT_NAME=/auth/check REMOTE_ADDR=127.0.0.1 \
	    HTTP_HOST=localhost HTTP_COOKIE="oscgi=$(cookie_value)" "$@" "$SCRATCH/cgi-bin/authorize" </dev/null 2>/dev/null
}
like "$(ask)" '^Status: 200' 'a web server may ask itself, whatever is asked of it'
unlike "$(ask OSCGI_INTERNAL=1)" 'oken' 'without the setting it is told no token'
unlike "$(ask PASS_TOKEN=1)" 'oken' 'nor without its own mark'
unlike "$(ask PASS_TOKEN=1 HTTP_OSCGI_INTERNAL=1 OSCGI_INTERNAL=0)" 'oken' 'nor by a header that looks like it'
like "$(ask PASS_TOKEN=1 OSCGI_INTERNAL=1)" 'X-OSC-Access-Token: [A-Za-z0-9._-]{20,}' 'with both it is'
like "$(ask PASS_TOKEN=1 OSCGI_INTERNAL=1 HTTP_COOKIE=)" '^Status: 401' 'but for nobody there is none'
expect POST /auth/check 200 'whatever the method of the guarded request' -H 'Origin: https://evil.example'
browser one
