# SPDX-License-Identifier: MIT
#
# stores.sh - a Valkey or Redis server beside Berkeley DB: what a request costs, what a session takes.  Sourced by run.
#
# doc/scaling.md works with these figures.

FILL=20000	# records to see the size of one by

# The same programs twice under one lighttpd: with the server below /, with Berkeley DB below /bdb.
stores_places()
{
	fcgi_at /empty empty
	fcgi_at /bdb/status status "$SCRATCH/bdb.conf"
	fcgi_at /bdb/check authorize "$SCRATCH/bdb.conf"
}

info()	# FIELD
{
	store_cli INFO all | tr -d '\r' | sed -n "s/^$1://p"
}

# What the server spent, in microseconds.
server_us()
{
	store_cli INFO cpu | tr -d '\r' | awk -F: '/^used_cpu_(sys|user):/ { s += $2 } END { printf "%d", s * 1000000 }'
}

# Commands that the server ran for each of N times; those inside scripts are counted too.
commands()	# WHAT N COMMAND...
{
	local what=$1 n=$2 i

	shift 2
	store_cli CONFIG RESETSTAT >/dev/null
	for ((i = 0; i < n; i++)); do
		"$@"
	done
	printf '| %s | %s |\n' "$what" "$(store_cli INFO commandstats | tr -d '\r' |
	    sed -nE 's/^cmdstat_([a-z|]+):calls=([0-9]+),.*/\1 \2/p' | grep -vE '^(info|config|client|auth|ping|command)' |
	    sort | awk -v n="$n" '{ printf "%s%s %.4g", (NR > 1 ? ", " : ""), $1, $2 / n }')"
}

sign_in_anew()
{
	new_browser passing
	sign_in bench
}

# What the server does in the time that it has for itself, as its own tool sees it.
raw()	# NAME COMMAND...
{
	local name=$1 tool

	shift
	tool=$(command -v valkey-benchmark || command -v redis-benchmark)
	RATE[$name]=$(REDISCLI_AUTH=all "$tool" -h "$STORE_ADDRESS" -p "$STORE_PORT" --user test -a all -c 16 -n 100000 \
	    --csv "$@" 2>/dev/null | tail -n 1 | cut -d '"' -f 4 | cut -d . -f 1)
}

# Of each kind of record: how many, its bytes, and those with all that the server keeps for it.
kinds()
{
	local name

	store_cli --scan --pattern 'oscgi:r:*' | while read -r name; do
		echo "$(cut -d : -f 3 <<<"$name") $(store_cli STRLEN "$name") $(store_cli MEMORY USAGE "$name" SAMPLES 0)"
	done | awk '{ n[$1]++; len[$1] += $2; all[$1] += $3 }
		END { for (k in n) printf "%s %d %d %d\n", k, n[k], len[k] / n[k], all[k] / n[k] }' | sort
}

stores_speed()
{
	local before after requests

	rounds "empty=$BASE/empty" "bdb=$BASE/bdb/status|$1" "valkey=$BASE/auth/status|$2" "bdbcheck=$BASE/bdb/check|$1" \
	    "valkeycheck=$BASE/auth/check|$2"
	row "FastCGI: empty responder" empty empty 1
	row "status signed in, Berkeley DB" bdb empty ""
	row "status signed in, Valkey" valkey empty ""
	row "check, Berkeley DB" bdbcheck empty ""
	row "check, Valkey" valkeycheck empty ""
	raw get GET oscgi:r:none
	row "the server alone: GET, 16 clients" get empty ""
	store_cli CONFIG RESETSTAT >/dev/null
	before=$(server_us)
	rate "$BASE/auth/status" "$2" >/dev/null
	after=$(server_us)
	requests=$(info cmdstat_get | sed 's/calls=\([0-9]*\).*/\1/')
	awk -v us=$((after - before)) -v n="$requests" \
	    'BEGIN { printf "\nThe server itself spends %.1f microseconds for a status: one core of it carries %d a second.\n", us / n, 1000000 * n / us }'
}

stores_commands()
{
	printf '\n| request | commands |\n|---|---|\n'
	commands 'GET /auth/status' 50 req GET /auth/status
	commands 'GET /auth/check' 50 req GET /auth/check
	commands 'GET /api/plan' 50 req GET /api/plan
	commands 'GET /api/services' 20 req GET /api/services
	commands 'POST /auth/refresh' 20 req POST /auth/refresh
	commands 'a sign-in, both requests' 20 sign_in_anew
	browser leaver
	sign_in bench
	commands 'POST /auth/signout' 1 req POST /auth/signout
	commands 'GET /healthz' 50 req GET /healthz
	browser one
}

# What eight processes write in a second, each record synced.
eight()	# STORE DIR BYTES
{
	local i

	for i in 1 2 3 4 5 6 7 8; do
		"$BUILD/tests/bench/fill" "$1" "$2" oscgi: $((FILL / 20)) "$3" durable 2>/dev/null &
	done | awk '{ sum += $1 } END { printf "%d", sum }'
}

# Many records of so many bytes each (17 of them are the store's own).
stores_size()	# BYTES
{
	local fill=$BUILD/tests/bench/fill len=$(($1 - 17)) before used lazy always eight

	before=$(info used_memory)
	store_cli CONFIG SET appendfsync everysec >/dev/null
	lazy=$("$fill" "$STORE_URL" / oscgi:a "$FILL" "$len" durable)
	used=$(($(info used_memory) - before))
	store_cli CONFIG SET appendfsync always >/dev/null
	always=$("$fill" "$STORE_URL" / oscgi:b "$FILL" "$len" durable)
	eight=$(eight "$STORE_URL" / "$len")
	store_cli FLUSHALL >/dev/null
	install -d -m 0700 "$SCRATCH/fill" "$SCRATCH/lazy" "$SCRATCH/eight"
	printf '\n| %d records of %d bytes | Berkeley DB | Valkey |\n|---|---|---|\n' "$FILL" "$1"
	echo "| written a second by one process, each synced | $("$fill" bdb "$SCRATCH/fill" - "$FILL" "$len" durable \
	    2>/dev/null) | $always |"
	echo "| by eight processes | $(eight bdb "$SCRATCH/eight" "$len") | $eight |"
	echo "| not synced each (\`everysec\`) | $("$fill" bdb "$SCRATCH/lazy" - "$FILL" "$len" lazy 2>/dev/null) | $lazy |"
	echo "| bytes for each | $(($(stat -c %s "$SCRATCH/fill/records.db") / FILL)) of disk | $((used / FILL)) of memory |"
	echo "| bytes beside them | $(du -cb "$SCRATCH"/fill/log.* | tail -n 1 | cut -f 1) of log | |"
	rm -rf "$SCRATCH/fill" "$SCRATCH/lazy" "$SCRATCH/eight"
}

took()	# WHAT COMMAND...: in milliseconds
{
	local what=$1 began

	shift
	began=$(date +%s%N)
	"$@" >/dev/null
	echo "| $what | $((($(date +%s%N) - began) / 1000000)) ms |"
}

# What looks at every record.
stores_each()
{
	"$BUILD/tests/bench/fill" "$STORE_URL" / oscgi: "$FILL" 2031 durable >/dev/null
	printf '\n| with %d records of 2048 bytes | Valkey |\n|---|---|\n' "$FILL"
	took '`oscgi sessions`, as `/metrics` counts too' "${AS_SUITE[@]}" "$SCRATCH/bin/oscgi" sessions
	took '`GET /api/operations`, which looks at the names' req GET /api/operations
}

bench_stores()
{
	local bdb valkey

	store_installed || { echo "bench: no valkey-server and no redis-server is installed" >&2; exit 1; }
	store_start
	HOST_MORE=
	start_host lighttpd-fcgi
	sign_in bench
	bdb="oscgi=$(cookie_value)"
	stop_host
	cp -p "$OSCGI_CONFIG" "$SCRATCH/bdb.conf"
	store_settings
	HOST_MORE=$(stores_places)
	start_host lighttpd-redis
	sign_in bench
	valkey="oscgi=$(cookie_value)"
	stores_speed "$bdb" "$valkey"
	stores_commands
	printf '\n| kind of record | how many | bytes | with what the server needs for it |\n|---|---|---|---|\n'
	kinds | sed 's/ / | /g; s/.*/| & |/'
	export STORE_PASSWORD
	stores_size 577
	stores_size 2048
	sign_in_anew
	stores_each
	stop_host
}
