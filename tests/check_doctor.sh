#!/bin/bash
# SPDX-License-Identifier: MIT
# oscgi doctor: each misconfiguration is staged, found, told with what to do, and explained
# in doc/troubleshooting.md; what is set up well has no finding.
set -uo pipefail

# shellcheck source=tests/served.sh
. "$(dirname "$0")/served.sh"
PAGE=$SOURCE/doc/troubleshooting.md

STAGED=()	# processes

served_end()
{
	unstage
	host_cleanup
	sandbox_stop
}

# --- the doctor ----------------------------------------------------------------

served_begin lighttpd python3
install -m 0755 "$BUILD/tests/misfortune.so" "$SCRATCH/bin/"

# Settings of the environment, or misfortunes, for this visit alone.
doctor()	# [NAME=VALUE...]
{
	local extra=()

	case "$*" in
	*MISFORTUNE_*) extra=("LD_PRELOAD=$SCRATCH/bin/misfortune.so" ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0) ;;
	esac
	OUT=$(ulimit -n "${FILES:-1024}"; "${AS_SUITE[@]}" "${extra[@]}" "$@" "$SCRATCH/bin/oscgi" doctor 2>&1)
	RC=$?
	LAST="oscgi doctor $*:
$(sed -n '/^Checks/,$p' <<<"$OUT")"
}

# The finding, its remedy (patterns), and what the page says; fail: exit status 1, warn: 0.
finds()		# LEVEL HEADLINE-AND-DETAILS REMEDY [NAME=VALUE...]
{
	local level=$1 what=$2 remedy=$3 line headline want=1

	shift 3
	doctor "$@"
	line=$(grep -A1 -E "^$level: $what" <<<"$OUT" | head -n 2)
	headline=$(sed -n "1s/^$level: \([^:]*\): .*/\1/p" <<<"$line")
	like "$line" "^$level: .*"$'\n'"  do: .*" "found: $what"
	like "$(sed -n 2p <<<"$line")" "$remedy" "${headline:-$what}: with what to do"
	yes "${headline:-$what}: is in doc/troubleshooting.md" grep -qF -e "${headline:-?}" "$PAGE"
	[ "$level" = fail ] || want=0
	is "$RC" "$want" "${headline:-$what}: exit status $want"
}

finds_nothing()	# WHAT [NAME=VALUE...]
{
	local what=$1

	shift
	doctor "$@"
	is "$RC $(grep -cE '^(fail|warn|skip|  do):' <<<"$OUT")" '0 0' "$what: no finding"
	like "$OUT" 'All is well' "$what: all is well"
}

# --- what is staged -----------------------------------------------------------

stage()		# COMMAND...: as the suite's user, until unstage
{
	"${AS_SUITE[@]}" "$@" </dev/null >>"$SCRATCH/staged.log" 2>&1 &
	STAGED+=($!)
}

unstage()
{
	[ ${#STAGED[@]} -gt 0 ] || return 0
	kill "${STAGED[@]}" 2>/dev/null
	wait "${STAGED[@]}" 2>/dev/null
	STAGED=()
}

answers()	# URL: within a while
{
	local wait

	for wait in {1..600}; do
		! curl -s -k -o /dev/null --max-time 5 "$1" || return 0
		sleep 0.05
	done
	return 1
}

listens()	# PORT: within a while
{
	local wait

	for wait in {1..600}; do
		! host_listens "$1" || return 0
		sleep 0.05
	done
	return 1
}

# A lighttpd with these lines of configuration, at $OTHER.
stage_lighttpd()	# LINES
{
	local port

	port=$(host_free_port)
	OTHER=http://127.0.0.1:$port
	printf 'server.bind = "127.0.0.1"\nserver.port = %s\nserver.document-root = "%s/www"\nserver.errorlog = "%s/staged.log"\n%s\n' \
	    "$port" "$SCRATCH" "$SCRATCH" "$1" >"$SCRATCH/staged.conf"
	stage lighttpd -D -f "$SCRATCH/staged.conf"
	answers "$OTHER/"
}

# A state of its own, like that of the site.
copy_state()
{
	COPY=$SCRATCH/copy
	rm -rf "$COPY"
	cp -a "$STATE_DIR" "$COPY"
	chmod 700 "$COPY"
}

own()
{
	[ "$(id -u)" -ne 0 ] || chown -R "$RUN_USER:$RUN_GROUP" "$@"
}

touch "$SCRATCH/staged.log"
chmod 666 "$SCRATCH/staged.log"
sandbox_start || exit 1
sandbox_settings
port=$(host_free_port)
setting PUBLIC_URL "http://127.0.0.1:$port"
setting CLIENT_NAME 'doctor'
start_host lighttpd-fcgi "$port" || exit 1
setting PUBLIC_URL "$BASE"
[ "$PORT" = "$port" ] || restart_host || exit 1

# --- all is well -----------------------------------------------------------------

finds_nothing 'before anybody came'
yes 'somebody signs in' sign_in ada
finds_nothing 'in use'

# --- settings ------------------------------------------------------------------

conf=$OSCGI_CONFIG
alter()		# LINE...: a settings file of its own
{
	OSCGI_CONFIG_OTHER=$SCRATCH/other.conf
	{ cat "$conf"; printf '%s\n' "$@"; } >"$OSCGI_CONFIG_OTHER"
	chmod 600 "$OSCGI_CONFIG_OTHER"
	own "$OSCGI_CONFIG_OTHER"
}

alter 'SESION_IDLE = 60'
finds fail 'a name in the settings file is no setting: SESION_IDLE' "write SESSION_IDLE instead.*other.conf" \
    OSCGI_CONFIG="$SCRATCH/other.conf"
alter 'NONSENSE = 60'
finds fail 'a name in the settings file is no setting: NONSENSE' 'remove NONSENSE' OSCGI_CONFIG="$SCRATCH/other.conf"
finds fail 'a setting is wrong: SESSION_IDLE must be' 'set SESSION_IDLE .* in the environment' SESSION_IDLE=soon
finds fail 'a setting is wrong: SESSION_STORE must be' 'set SESSION_STORE .* in the environment' SESSION_STORE=mysql
alter 'hello'
finds fail 'the settings file is wrong: ' 'put it right in ' OSCGI_CONFIG="$SCRATCH/other.conf"
chmod 000 "$SCRATCH/other.conf"
finds fail 'the settings file cannot be read: .*Permission denied' 'chgrp .* && chmod 640 .*other.conf' \
    OSCGI_CONFIG="$SCRATCH/other.conf"
alter 'UPSTREAM_PROXY = http://me:secret@127.0.0.1:1'
chmod 644 "$SCRATCH/other.conf"
finds fail 'others can read a file that holds a secret: .* mode 644' 'chmod o= .*other.conf' \
    OSCGI_CONFIG="$SCRATCH/other.conf"
unlike "$OUT" 'me:secret' 'and the secret is not shown'
echo me:secret >"$SCRATCH/secret"
chmod 644 "$SCRATCH/secret"
finds fail 'others can read a file that holds a secret: .*/secret has mode 644' 'chmod o= .*/secret' \
    CLIENT_ID=me CLIENT_SECRET_FILE="$SCRATCH/secret"
unlike "$OUT" 'me:secret' 'and that one is not shown either'
finds fail 'ALLOWED_HOSTS does not have the host of PUBLIC_URL' 'add 127.0.0.1 to ALLOWED_HOSTS' ALLOWED_HOSTS=app.example.org
finds fail 'PUBLIC_URL is http, so nobody can sign in: http://nobody.invalid' 'PUBLIC_URL = https://nobody.invalid' \
    PUBLIC_URL=http://nobody.invalid
finds warn 'ALLOW_HTTP lets visitors sign in unprotected' 'ALLOW_HTTP = 0' ALLOW_HTTP=1
finds warn 'TRUSTED_PROXIES trusts everybody' 'set TRUSTED_PROXIES to' TRUSTED_PROXIES=0.0.0.0/0
FILES=60 finds warn 'a process may open few files only: 60' 'ulimit -n'

# --- the state -------------------------------------------------------------------

finds fail 'STATE_DIR is not there and cannot be made: /nowhere/state' 'install -d -m 700 -o .* /nowhere/state' STATE_DIR=/nowhere/state
finds fail 'STATE_DIR is not a directory' 'set STATE_DIR to another path' STATE_DIR="$SCRATCH/other.conf"
finds fail 'STATE_DIR belongs to another user: /usr belongs to root' 'chown -R .*: /usr' STATE_DIR=/usr
copy_state
chmod 755 "$COPY"
finds fail 'others can read STATE_DIR: .* mode 755' "chmod 700 $COPY" STATE_DIR="$COPY"
chmod 500 "$COPY"
finds fail 'STATE_DIR cannot be written: .*Permission denied' "chmod 700 $COPY" STATE_DIR="$COPY"
chmod 700 "$COPY"
chmod 644 "$COPY/records.db"
finds fail 'a file in STATE_DIR is not this user.s alone: .*records.db .* 644' "chmod -R go= $COPY" STATE_DIR="$COPY"
finds fail 'STATE_DIR is on a network file system' 'SESSION_STORE = redis:' MISFORTUNE_NFS=1
finds fail 'the disk of STATE_DIR is full' 'df -h' MISFORTUNE_FULL=1

# --- the store -------------------------------------------------------------------

copy_state
stage python3 -c 'import fcntl, sys, time; f = open(sys.argv[1], "r+"); fcntl.flock(f, fcntl.LOCK_EX); time.sleep(600)' \
    "$COPY/store.gate"
for wait in {1..600}; do
	flock --nonblock "$COPY/store.gate" true || break
	sleep 0.05
done
finds fail 'a process keeps all others from the database' "fuser -v $COPY/store.gate" STATE_DIR="$COPY"
unstage
copy_state
rm -f "$COPY"/log.* "$COPY/store.regions" "$COPY/store.gate"
head -c 65536 /dev/urandom >"$COPY/records.db"
finds fail 'the database cannot be opened' 'restore records.db' STATE_DIR="$COPY"
copy_state
printf '\377' | dd of="$COPY/store.gate" bs=1 seek=8 conv=notrunc status=none	# its layout
finds fail 'the database was made by a newer version' 'install the newer version' STATE_DIR="$COPY"

FILES=5 finds fail 'the store cannot be written and read: .*Too many open files' 'look into the log'
FILES=6 finds fail 'the store cannot be written and read: .*Too many open files' 'look into the log'
copy_state
rm "$COPY/store.regions"
FILES=6 finds fail 'the store cannot be written and read: .*Too many open files' 'look into the log' STATE_DIR="$COPY"
doctor STATE_DIR="$COPY"
like "$OUT" 'ok: store' 'nor does it when all is to be recovered'
finds_nothing 'a process that may open too few files holds up no other'

finds fail 'a library of the store is missing, or of another version: ' 'apt-get install libdb5.3' MISFORTUNE_LIBRARY=libdb

redis=$(command -v valkey-server redis-server | head -n 1)
if [ -n "$redis" ]; then
	redis_port=$(host_free_port)
	store=redis://:good@127.0.0.1:$redis_port/0
	finds fail 'the server of SESSION_STORE cannot be reached: 127.0.0.1' 'start the server' SESSION_STORE="$store"
	stage "$redis" --port "$redis_port" --bind 127.0.0.1 --requirepass good --save '' --appendonly no \
	    --maxmemory 50mb --maxmemory-policy allkeys-lru --dir "$SCRATCH/run"
	listens "$redis_port"
	finds warn 'the server of SESSION_STORE may throw sessions away: .*allkeys-lru' 'maxmemory-policy noeviction' SESSION_STORE="$store"
	finds warn 'the server of SESSION_STORE keeps nothing over a restart' 'appendonly yes' SESSION_STORE="$store"
	finds fail 'the server of SESSION_STORE refuses the user or the password' 'password' \
	    SESSION_STORE="redis://:bad@127.0.0.1:$redis_port/0"
	unlike "$OUT" ':bad@' 'and the password is not shown'
	finds fail 'the server of SESSION_STORE refuses the user or the password' 'STORE_PASSWORD_FILE' \
	    SESSION_STORE="redis://127.0.0.1:$redis_port/0"
	unstage
	stage "$redis" --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly yes --dir "$SCRATCH/run"
	listens "$redis_port"
	finds_nothing 'a server that keeps what it is given' SESSION_STORE="redis://127.0.0.1:$redis_port/0"
	unstage
	stage "$redis" --port "$redis_port" --bind 127.0.0.1 --replicaof '127.0.0.1 1' --dir "$SCRATCH/run"
	listens "$redis_port"
	finds fail 'the server of SESSION_STORE refuses what it is asked: .*READONLY' 'it must take writes' \
	    SESSION_STORE="redis://127.0.0.1:$redis_port/0"
	unstage
fi

# --- the key ---------------------------------------------------------------------

copy_state
chmod 640 "$COPY/key"
finds fail 'others can read KEY_FILE: .* mode 640' "chmod 600 $COPY/key" STATE_DIR="$COPY"
chmod 600 "$COPY/key"
echo nonsense >"$COPY/key"
finds fail 'KEY_FILE cannot be used' "restore $COPY/key" STATE_DIR="$COPY"
# The log line about it is cut somewhere in its name.
for pad in '' a aa aaa; do
	long=$COPY/$pad$(printf 'ä%.0s' {1..120})
	cp "$COPY/key" "$long"
	own "$long"
	finds fail 'KEY_FILE cannot be used: KEY_FILE .*/copy/' 'restore ' STATE_DIR="$COPY" KEY_FILE="$long"
	rm "$long"
done
# Root may do as is told: then not to what a link leads to.
ln -sf /etc/passwd "$COPY/key"
finds fail 'KEY_FILE cannot be used: .* symbolic link' 'restore ' STATE_DIR="$COPY"
rm "$COPY/key"
finds fail 'KEY_FILE is missing though the store has records' "restore $COPY/key from a backup.*--end-all" STATE_DIR="$COPY"
yes 'looking makes no key' test ! -e "$COPY/key"
"${AS_SUITE[@]}" STATE_DIR="$SCRATCH/run/foreign" "$SCRATCH/bin/oscgi" init >/dev/null
cp "$SCRATCH/run/foreign/key" "$COPY/key"
own "$COPY/key"
finds fail 'KEY_FILE does not open what the store holds: 2 of 2 ' 'restore the key file' STATE_DIR="$COPY"
"${AS_SUITE[@]}" STATE_DIR="$COPY" COOKIE_NAME=third "$SCRATCH/bin/oscgi" register >/dev/null 2>&1
finds warn 'KEY_FILE opens only a part of what the store holds: 1 of 3 ' 'restore the key file' STATE_DIR="$COPY" COOKIE_NAME=third
finds warn 'this state is also used with other settings: .* PUBLIC_URL was http://127' 'a STATE_DIR of its own' \
    COOKIE_NAME=second

# --- the platform ----------------------------------------------------------------

finds fail 'the name of a platform address is not known: OSC_MONEY_URL' 'OSC_MONEY_URL' OSC_MONEY_URL=https://nowhere.invalid
finds fail 'a platform name leads to an address that is not public: OSC_MONEY_URL' 'public name' OSC_MONEY_URL=https://10.0.0.1
finds fail 'nobody answers at a platform address: OSC_MONEY_URL' 'OSC_MONEY_URL.*UPSTREAM_PROXY' OSC_MONEY_URL=http://127.0.0.1:1
if command -v openssl >/dev/null; then
	tls_port=$(host_free_port)
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2 \
	    -keyout "$SCRATCH/run/tls.key" -out "$SCRATCH/run/tls.pem" 2>/dev/null
	own "$SCRATCH/run"
	stage openssl s_server -quiet -www -accept "127.0.0.1:$tls_port" -key "$SCRATCH/run/tls.key" -cert "$SCRATCH/run/tls.pem"
	answers "https://localhost:$tls_port/"
	finds fail 'the certificate of a platform address is not trusted: OSC_MONEY_URL' 'SSL_CERT_FILE' \
	    OSC_MONEY_URL="https://localhost:$tls_port"
	finds_nothing 'a CA of its own' OSC_MONEY_URL="https://localhost:$tls_port" SSL_CERT_FILE="$SCRATCH/run/tls.pem"
	finds warn "the certificate at PUBLIC_URL is not trusted: https://localhost:$tls_port" 'certbot' PUBLIC_URL="https://localhost:$tls_port"
	if unshare -m mount -t tmpfs none /etc/ssl/certs 2>/dev/null; then
		as_suite=("${AS_SUITE[@]}")
		# shellcheck disable=SC2016 # that shell's
		AS_SUITE=(unshare -m sh -c 'mount -t tmpfs none /etc/ssl/certs && exec "$@"' sh "${AS_SUITE[@]}")
		finds fail 'there are no CA certificates to check by: OSC_MONEY_URL' 'apt-get install ca-certificates' \
		    OSC_MONEY_URL="https://localhost:$tls_port"
		AS_SUITE=("${as_suite[@]}")
	fi
	unstage
fi
platform_settings '{"faults":[{"role":"app","path":"/.well-known/oauth-authorization-server","status":200,"contentType":"text/html","body":"<p>"}]}'
finds warn 'OSC_APP_URL answers with a web page where it should describe itself' 'see that OSC_APP_URL'
platform_settings '{"faults":[{"role":"app","path":"/.well-known/oauth-authorization-server","status":503}]}'
finds fail 'a platform address answers with an error: OSC_APP_URL .* 503' 'wait'
platform_settings '{"faults":[],"discovery":"wrong-issuer"}'
finds warn 'OSC_APP_URL describes itself in a way that cannot be used' 'issuer'
platform_settings '{"discovery":"ok"}'
finds fail 'libcurl is missing: ' 'apt-get install libcurl3-gnutls' MISFORTUNE_LIBRARY=libcurl
finds fail 'the clock is off: this machine is 3[56][0-9][0-9] seconds ahead' 'timedatectl set-ntp true' MISFORTUNE_CLOCK=3600
finds fail 'the clock is off: this machine is [0-9]+ seconds behind' 'timedatectl set-ntp true' MISFORTUNE_CLOCK=-90

# --- the client --------------------------------------------------------------------

platform POST /api/connect/register "{\"client_name\":\"by hand\",\"redirect_uris\":[\"$BASE/auth/callback\"]}"
client=$(gojq -r .client_id <<<"$PLATFORM")
secret=$(gojq -r .client_secret <<<"$PLATFORM")
copy_state
one=STATE_DIR=$SCRATCH/run/fresh	# nobody's yet: no other site uses it
finds_nothing 'a client that was registered by hand' "$one" CLIENT_ID="$client" CLIENT_SECRET="$secret"
finds fail "CLIENT_SECRET is not set, and the platform wants one: CLIENT_ID $client" 'CLIENT_SECRET_FILE' CLIENT_ID="$client"
finds fail "the platform refuses CLIENT_ID or its secret: CLIENT_ID $client" 'CLIENT_SECRET' CLIENT_ID="$client" CLIENT_SECRET=wrong
platform POST /api/connect/register '{"client_name":"by hand","redirect_uris":["https://other.example/auth/callback"]}'
client=$(gojq -r .client_id <<<"$PLATFORM")
secret=$(gojq -r .client_secret <<<"$PLATFORM")
finds fail "the platform refuses the callback address: $BASE/auth/callback, for client $client" \
    "register $BASE/auth/callback as a redirect URI" CLIENT_ID="$client" CLIENT_SECRET="$secret"

# --- the site ---------------------------------------------------------------------

finds fail 'no web server answers at PUBLIC_URL: http://127.0.0.1:1' 'start the web server' PUBLIC_URL=http://127.0.0.1:1
finds fail 'the name in PUBLIC_URL is not known' '/etc/hosts' PUBLIC_URL=https://nowhere.invalid
finds fail "the path of PUBLIC_URL is wrong: nothing of ours is below $BASE/app" "set PUBLIC_URL = $BASE" PUBLIC_URL="$BASE/app"
finds fail 'the programs refuse the address of PUBLIC_URL: .*400.* localhost' 'ALLOWED_HOSTS' PUBLIC_URL="http://localhost:$PORT"
stage_lighttpd "$(sed -n '/^fastcgi.server\|^\$HTTP\["url"\] =~ "^.auth/p' "$SCRATCH/conf/lighttpd.conf" |
    sed "1i var.fcgi = ()\nvar.sock = \"\"\nvar.bin = \"\"")"
finds fail 'the web server does not know the programs: .*404' 'mod_fastcgi' PUBLIC_URL="$OTHER"
unstage
mkdir "$SCRATCH/www/cgi-bin"
cp "$CGI_DIR/status" "$SCRATCH/www/cgi-bin/status"
stage_lighttpd ''
finds fail 'the web server sends the programs as files instead of running them: .*/cgi-bin/status' 'mod_fastcgi or mod_cgi' PUBLIC_URL="$OTHER"
unstage
stage_lighttpd 'server.modules = ( "mod_access" ) $HTTP["url"] =~ "^/cgi-bin/" { url.access-deny = ( "" ) }'
finds fail 'the web server forbids the programs: .*403' 'chmod 755' PUBLIC_URL="$OTHER"
unstage
printf '#!/bin/sh\nexit 1\n' >"$SCRATCH/www/cgi-bin/status"
chmod 755 "$SCRATCH/www/cgi-bin/status"
stage_lighttpd 'server.modules = ( "mod_cgi" ) $HTTP["url"] =~ "^/cgi-bin/" { cgi.assign = ( "" => "" ) }'
finds fail 'the web server cannot run the programs: .*500' 'error log' PUBLIC_URL="$OTHER"
unstage
stage_lighttpd 'server.modules = ( "mod_redirect" ) url.redirect = ( "^/(.*)" => "https://www.example.org/$1" )'
finds fail 'the web server redirects PUBLIC_URL elsewhere: .*https://www.example.org/' 'set PUBLIC_URL' PUBLIC_URL="$OTHER"
unstage
stage_lighttpd 'server.modules = ( "mod_rewrite" ) url.rewrite-once = ( "" => "/index.html" ) mimetype.assign = ( ".html" => "text/html" )'
finds fail 'something else answers at PUBLIC_URL: .*200' 'see that PUBLIC_URL is this site' PUBLIC_URL="$OTHER"
unstage
rm -r "$SCRATCH/www/cgi-bin"

# Where nothing is mapped the programs are at /cgi-bin/NAME, and visitors come back there.
stage_lighttpd "server.modules = ( \"mod_cgi\", \"mod_alias\", \"mod_setenv\" )
alias.url = ( \"/cgi-bin/\" => \"$CGI_DIR/\" )
setenv.add-environment = ( \"OSCGI_CONFIG\" => \"$SCRATCH/other.conf\" )
\$HTTP[\"url\"] =~ \"^/cgi-bin/\" { cgi.assign = ( \"\" => \"\" ) }"
install -d -m 700 "$SCRATCH/run/other"
own "$SCRATCH/run/other"
sed "s|^PUBLIC_URL = .*|PUBLIC_URL = $OTHER|; s|^STATE_DIR = .*|STATE_DIR = $SCRATCH/run/other|" "$conf" >"$SCRATCH/other.conf"
"${AS_SUITE[@]}" OSCGI_CONFIG="$SCRATCH/other.conf" "$SCRATCH/bin/oscgi" register --cgi-bin >/dev/null 2>&1
finds_nothing 'without short addresses' OSCGI_CONFIG="$SCRATCH/other.conf"
unlike "$OUT" 'not registered' 'the client is found that was registered for there'
unstage

chmod 755 "$STATE_DIR"
copy_state
restart_host
finds fail 'the programs cannot use their state: .*STATE_DIR' "see that the web server runs the programs as user $RUN_USER" \
    STATE_DIR="$COPY"
chmod 700 "$STATE_DIR"
setting SESSION_IDLE soon
restart_host
finds fail 'the programs cannot work as they are set up: .*503' 'OSCGI_CONFIG' SESSION_IDLE=600
setting SESSION_IDLE
setting PUBLIC_URL http://127.0.0.1:1
restart_host
finds fail 'the programs take the site for another address: .*http://127.0.0.1:1' 'TRUSTED_PROXIES' PUBLIC_URL="$BASE"
setting PUBLIC_URL "$BASE"
setting STATE_DIR "$SCRATCH/www/state"
install -d -m 700 "$SCRATCH/www/state"
own "$SCRATCH/www/state"
restart_host
finds fail 'the web server hands out files of STATE_DIR: .*/state/store.gate' 'move .*/www/state out of the document root'
setting STATE_DIR "$STATE_DIR"
restart_host
rm -r "$SCRATCH/www/state"

# --- long work ----------------------------------------------------------------------

new_browser worker
yes 'somebody signs in' sign_in grace
req POST /api/intercom --json '{"name":"doctor"}'
is "$STATUS" 202 'and begins what takes long'
finds_nothing 'work that was begun just now'
doctor MISFORTUNE_CLOCK=600
like "$OUT" $'\nwarn: work waits, and no worker runs: 1 operation, for [0-9]+ minutes\n  do: systemctl enable --now oscgi-worker.timer' \
    'work that nobody looks at is found'
yes 'and explained' grep -qF 'work waits, and no worker runs' "$PAGE"

platform POST /sandbox/reset
sandbox_lost=$(gojq -r '.error // empty' <<<"$PLATFORM" 2>/dev/null)
is "$sandbox_lost" '' 'the platform forgets everybody'
finds warn 'the platform no longer knows this site.s registration' 'the next visitor'

# --- root ---------------------------------------------------------------------------------

if [ "$(id -u)" -eq 0 ]; then
	copy_state
	chown 65534 "$COPY/key"
	finds fail 'KEY_FILE belongs to another user' "chown $RUN_USER: $COPY/key" STATE_DIR="$COPY"
	AS_SUITE=("${CLEAN[@]}")
	chown -R 0 "$COPY"
	doctor STATE_DIR="$COPY"
	like "$OUT" $'\nwarn: STATE_DIR belongs to root: ' 'a state of root'\''s is found'
fi

# --- the page --------------------------------------------------------------------------

missing=$(sed -n 's/^FINDING(.*, "\(.*\)")$/\1/p' "$SOURCE/bin/doctor/findings.def" | while read -r headline; do
	grep -qF -e "$headline" "$PAGE" || echo "$headline"
done)
is "$missing" '' 'every finding is in doc/troubleshooting.md'
yes 'and there are many' test "$(grep -c '^FINDING(' "$SOURCE/bin/doctor/findings.def")" -ge 50
tap_end
