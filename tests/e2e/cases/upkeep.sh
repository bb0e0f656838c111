# SPDX-License-Identifier: MIT
# Looking after it while it is used: backup, new keys, another store.

# What is meant is the store and the command; one web server is enough for that.
[ "$host" = lighttpd-fcgi ] || return 0

VISITORS="anna berta cleo dora emil"
platform_settings '{"latencyMs":0}'
for visitor in $VISITORS; do
	new_browser "$visitor"
	yes "$visitor signs in" sign_in "$visitor"
done

# Each of them works while it is done.
load_begin "$BASE"
for round in 1 2 3 4; do
	out=$(oscgi_command rotate-key 2>&1)
	is "$?" 0 "a new key under load ($round)"
	sleep 0.5
done
load_end 'keys are rotated' 20
like "$out" '^key [^ ]+ seals from now on' 'the command says which key'
like "$(oscgi_command rotate-key)" 'is gone: nothing needs it' 'keys that nothing needs go'
yes 'at most a few are left' test "$(wc -l <"$STATE_DIR/key")" -le 4
all_signed_in 'after five new keys'
out=$(oscgi_command rotate-key --prepare)
like "$out" '^key [^ ]+ opens from now on' 'a key for several machines is prepared'
id=$(cut -d ' ' -f 2 <<<"$out")
isnt "$(head -n 1 "$STATE_DIR/key" | cut -d ' ' -f 1)" "$id" 'it does not seal yet'
like "$(oscgi_command rotate-key --use "$id")" "key $id seals" 'then it is used'
is "$(head -n 1 "$STATE_DIR/key" | cut -d ' ' -f 1)" "$id" 'and seals'
out=$(oscgi_command rotate-key --use nonsense 2>&1)
is "$?" 1 'one that is not there cannot be'
like "$out" 'holds no key nonsense' 'which is said'
all_signed_in 'after that'

# A backup is a state directory.
BACKUPS=$SCRATCH/backups
"${AS_SUITE[@]}" mkdir -m 0700 "$SCRATCH/socket/backups" && mv "$SCRATCH/socket/backups" "$BACKUPS"
load_begin "$BASE"
sleep 0.5
out=$(oscgi_command backup --with-key "$BACKUPS/full" 2>&1)
is "$?" 0 'a backup under load'
like "$out" '[0-9]+ records in .*/full, with the key' 'which says what it has'
out=$(oscgi_command backup "$BACKUPS/plain" 2>&1)
is "$?" 0 'one without the key'
load_end 'meanwhile' 20
is "$(ls "$BACKUPS")" "$(printf 'full\nplain')" 'both are whole'
is "$(ls "$BACKUPS/plain/key" 2>/dev/null)" '' 'the key is not in it'
is "$(find "$BACKUPS/full" -perm /077)" '' 'nothing in it is open to others'
out=$(oscgi_command backup "$BACKUPS/full" 2>&1)
is "$?" 1 'another one does not write over it'
like "$out" 'will not write over' 'and says so'

# Tokens rotate: what was refreshed after the backup would be refused, so the last act is a backup.
out=$(oscgi_command backup --with-key "$BACKUPS/last")
stop_host
mv "$STATE_DIR" "$SCRATCH/state.lost"
mv "$BACKUPS/last" "$STATE_DIR"
start_host "$host" "$PORT"
all_signed_in 'restored from the backup'
for visitor in $VISITORS; do
	browser "$visitor"
	expect POST /auth/refresh 200 "$visitor's token is renewed there" -H "Origin: $BASE"
done

# To a server and back.
if server=$(command -v valkey-server || command -v redis-server); then
	stop_host
	redis_port=$(host_free_port)
	"$server" --port "$redis_port" --bind 127.0.0.1 --save '' --dir "$SCRATCH" --requirepass 'a b%c' >/dev/null 2>&1 &
	HOST_PIDS+=($!)
	printf 'a b%%c\n' >"$SCRATCH/password"
	chmod 0640 "$SCRATCH/password"
	[ "$(id -u)" -ne 0 ] || chgrp "$RUN_GROUP" "$SCRATCH/password"
	wait_for host_listens "$redis_port"
	out=$(oscgi_command sessions --copy "redis://127.0.0.1:$redis_port" --password-file "$SCRATCH/password" 2>&1)
	is "$?" 0 'everything is copied to a server'
	like "$out" '^[0-9]+ records copied to the server, 0 removed there' 'which is said'
	mv "$STATE_DIR" "$SCRATCH/state.before"
	"${AS_SUITE[@]}" mkdir -m 0700 "$SCRATCH/socket/state" && mv "$SCRATCH/socket/state" "$STATE_DIR"
	cp -p "$SCRATCH/state.before/key" "$STATE_DIR/key"
	setting SESSION_STORE "redis://127.0.0.1:$redis_port"
	setting STORE_PASSWORD_FILE "$SCRATCH/password"
	stop_keeping=("${HOST_PIDS[@]}")
	start_host "$host" "$PORT"
	all_signed_in 'on the server'
	browser dora
	expect POST /auth/signout 204 'one signs out there' -H "Origin: $BASE"
	VISITORS="anna berta cleo emil"
	out=$(oscgi_command sessions --copy "redis://localhost:$redis_port" --password-file "$SCRATCH/password" 2>&1)
	is "$?" 1 'the server by another name is the same store'
	like "$out" 'SESSION_STORE is that store' 'which is found out'
	out=$(oscgi_command sessions --copy bdb 2>&1)
	is "$?" 0 'and everything back into a file'
	like "$out" 'copied to the file in STATE_DIR' 'which is said'
	rm -rf "$SCRATCH/state.before/key"
	setting SESSION_STORE
	setting STORE_PASSWORD_FILE
	restart_host
	all_signed_in 'in the file'
	browser dora
	req GET /api/plan
	is "$STATUS" 401 'but for who signed out meanwhile'
	kill "${stop_keeping[-1]}" 2>/dev/null
fi
