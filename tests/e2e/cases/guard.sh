# SPDX-License-Identifier: MIT
# Pages of the site's own that only a visitor may see, where the web server can ask.

case $host in
lighttpd-fcgi|apache-fcgid|nginx)
	mkdir -p "$SCRATCH/www/private"
	echo 'the inner sanctum' >"$SCRATCH/www/private/page.txt"
	chmod -R a+rX "$SCRATCH/www"
	stop_host
	HOST_PLACES=(GUARD=/private)
	start_host "$host"
	new_browser nobody
	expect GET /private/page.txt 401 'a stranger is kept out'
	unlike "$BODY" sanctum 'and sees nothing'
	expect GET /private/page.txt 401 'also one who claims to be somebody' -H 'X-OSC-Tenant: ada' -H 'OSC_TENANT: ada' \
	    -H "Cookie: oscgi=$(printf 'A%.0s' {1..43})"
	expect GET /private/page.txt?a=%2F..%2F 401 'whatever the address holds'
	new_browser one
	yes 'signing in' sign_in ada
	expect GET /private/page.txt 200 'a visitor may pass'
	like "$BODY" sanctum 'and sees it'
	unlike "$HEAD" '[Aa]ccess.[Tt]oken' 'without a token in the answer'
	expect GET / 200 'the other pages are open'
	stop_host
	HOST_PLACES=()
	start_host "$host" ;;
esac
