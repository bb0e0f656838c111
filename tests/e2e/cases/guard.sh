# SPDX-License-Identifier: MIT
# Pages and programs of the site's own that only a visitor may see, where the web server can ask.

# Programs that say what they were told, in two languages.
guard_prepare()
{
	mkdir -p "$SCRATCH/www/private"
	echo 'the inner sanctum' >"$SCRATCH/www/private/page.txt"
	cp "$E2E_SOURCE"/tests/e2e/guarded/whoami.py "$E2E_SOURCE"/tests/e2e/guarded/whoami.pl "$SCRATCH/www/private/"
	chmod -R a+rX "$SCRATCH/www"
	chmod a+rx "$SCRATCH"/www/private/whoami.*
}

guard_start()
{
	stop_host
	HOST_PLACES=(GUARD=/private)
	case $host in
	nginx) HOST_PLACES+=("GUARD_SOCKET=$SOCKET_DIR/fcgiwrap") ;;
	*)     HOST_PLACES+=(GUARD_CGI=1) ;;
	esac
	start_host "$host"
	# nginx runs no programs: what does, runs as the suite's user too, after the server has come up.
	[ "$host" != nginx ] || {
		rm -f "$SOCKET_DIR/fcgiwrap"
		host_launch setpriv --reuid "$RUN_USER" --regid "$RUN_GROUP" --clear-groups -- \
		    /usr/sbin/fcgiwrap -s "unix:$SOCKET_DIR/fcgiwrap"
		wait_for host_listens "$SOCKET_DIR/fcgiwrap"
	}
}

# What the outside may try: claims in every spelling, and the marks of the inside.
FORGED=(-H 'X-OSC-Tenant: mallory' -H 'X_OSC_Tenant: mallory' -H 'OSC-Tenant: mallory' -H 'OSC_TENANT: mallory'
    -H 'OSC-Subject: mallory' -H 'OSC_SUBJECT: mallory' -H 'OSC-Access-Token: mallory' -H 'OSC_ACCESS_TOKEN: mallory'
    -H 'Variable-OSC_TENANT: mallory' -H 'Variable-OSC-TENANT: mallory' -H 'OSCGI_INTERNAL: 1' -H 'OSCGI-Internal: 1'
    -H 'FCGI_ROLE: AUTHORIZER' -H 'FCGI-Role: AUTHORIZER' -H 'Remote-User: mallory')

guard_strangers()
{
	local path kind

	new_browser nobody
	for path in page.txt whoami.py whoami.pl whoami.py/more 'page.txt?a=%2F..%2F'; do
		expect GET "/private/$path" 401 "a script that nobody signed in is kept out of $path"
		unlike "$BODY" 'sanctum|tenant' 'and sees nothing'
	done
	for kind in POST DELETE OPTIONS HEAD; do
		expect "$kind" /private/whoami.py 401 "and by $kind" -H 'Accept: text/html'
	done
	expect GET /private/whoami.py 401 'so is one who claims to be somebody' "${FORGED[@]}" \
	    -H "Cookie: oscgi=$(printf 'A%.0s' {1..43})"
	unlike "$BODY" 'tenant|mallory' 'and sees nothing'
	expect GET /private/page.txt 401 "so is a page's own script" -H 'Sec-Fetch-Mode: cors' -H 'Accept: text/html'
}

# A browser that is sent to sign in comes back to the page that it asked for.
guard_browser()
{
	local page='/private/whoami.py/more?a=1&b=%20x' address

	new_browser one
	expect GET "$page" 303 'a browser is sent to sign in' -H 'Accept: text/html,*/*' -H 'Sec-Fetch-Mode: navigate'
	address=$(header Location)
	like "$address" "^($BASE)?/auth/signin\?return_to=" 'at our own address'
	unlike "$BODY" 'tenant' 'and sees nothing before'
	req GET "${address#"$BASE"}"
	AUTHORIZE=$(header Location)
	yes 'it signs in' consent ada
	come_back
	is "$STATUS" 303 'and is sent on'
	is "$(header Location)" "$page" 'to where it wanted to go'
	expect GET "$page" 200 'which it sees now' "${FORGED[@]}" -H 'Accept: text/html'
}

# What a program is told: in both languages, and whatever else was sent along.
guard_programs()
{
	local program cookie

	cookie=$(cookie_value)
	for program in whoami.py whoami.pl; do
		# One Cookie header, ours in the midst, as a browser with cookies of other programs sends it.
		JAR='' expect GET "/private/$program/more?a=1" 200 "$program may be asked" "${FORGED[@]}" \
		    -H "Cookie: other=1; oscgi=$cookie; zulu=2"
		is "$(json .tenant)" ada "$program: it is told who it is"
		is "$(json .pathInfo)" /more "$program: its path is its own"
		is "$(json .query)" 'a=1' "$program: its query too"
		is "$(json .token)" "$1" "$program: the token, when it shall have it: $1"
		unlike "$(json '[.environment[] | select(test("^(OSC_|Variable|REMOTE_USER|OSCGI_INTERNAL)"))] | join(" ")')" mallory \
		    "$program: nothing that was claimed outside arrives as said by the server"
		is "$(json '.claims | join(" ")')" '' "$program: nor as a header of ours"
		[ "$host" = lighttpd-fcgi ] || is "$(json .ourCookie)" false "$program: our cookie does not reach it"
		like "$(json '.cookies')" 'other=1;[; ]*zulu=2' "$program: other cookies do"
		unlike "$HEAD" 'sandbox-|[Aa]ccess.[Tt]oken|[Vv]ariable' "$program: no header of the answer tells more"
		# A separator that nothing comes before is the end of all cookies to some programs.
		JAR='' expect GET "/private/$program" 200 "$program may be asked" -H "Cookie: oscgi=$cookie; other=1"
		[ "$host" = lighttpd-fcgi ] || is "$(json .cookies)" 'other=1' "$program: what is left of its cookies begins with one"
		expect POST "/private/$program" 200 "$program takes a form" -d x=1
		is "$(json .method)" POST "$program: the method arrives"
		is "$(json .body)" 'x=1' "$program: the form too, which the guard has not taken"
	done
}

guard_ask_from_outside()
{
	local path

	for path in /private/absent /private/absent.py /private/page.txt; do
		req GET "$path"
		unlike "$HEAD" '[Aa]ccess.?[Tt]oken|[Vv]ariable-' "$path: tells a browser no token"
	done
	for path in /auth/check /auth/check/enter /oscgi-guard/auth/check /oscgi-guard; do
		BY_SERVER=1 req GET "$path" "${FORGED[@]}"
		unlike "$HEAD" '[Aa]ccess.?[Tt]oken|[Vv]ariable-' "$path: tells a browser no token, whatever it claims"
	done
	is "$STATUS" 404 'the address of the inside is not found from outside'
	expect GET /auth/check 200 'the plain check says'
	is "$(header X-OSC-Tenant)" ada 'who it is'
	expect GET /auth/check/enter 303 'who asks for the page of the refused is sent to sign in' -H 'Accept: text/html'
	like "$(header Location)" 'return_to=%2F$' 'and comes back to the start'
}

# A location of the site's own, such as one for all that is PHP, must not be the way around.
guard_beside_others()
{
	local wait

	sed -i '/# --- static pages/i location ~ [.]txt$ { } location = /reloaded { return 204; }' "$SCRATCH/conf/nginx.conf"
	kill -HUP "$(cat "$RUN_DIR/nginx.pid")"
	for wait in {1..600}; do
		[ "$(curl -s -o /dev/null -w '%{http_code}' "$BASE/reloaded")" = 204 ] && break
		sleep 0.1
	done
	new_browser nobody
	expect GET /private/page.txt 401 'a location for its ending leaves a page guarded'
	unlike "$BODY" sanctum 'and unseen'
}

case $host in
lighttpd-fcgi|apache-fcgid|nginx)
	guard_prepare
	guard_start
	[ "$host" != nginx ] || guard_beside_others
	guard_strangers
	guard_browser
	guard_programs false
	expect GET /private/page.txt 200 'a page is shown'
	like "$BODY" sanctum 'and seen'
	expect GET / 200 'the other pages are open'
	setting PASS_TOKEN 1
	guard_start
	guard_programs true
	guard_ask_from_outside
	setting PASS_TOKEN
	stop_host
	HOST_PLACES=()
	rm -rf "$SCRATCH/www/private"
	start_host "$host" ;;
esac
