# SPDX-License-Identifier: MIT
#
# store.sh - run a Valkey or Redis server for the suite.  Sourced after hosts.sh,
# used after host_prepare.
#
#	store_installed		is there one?
#	store_start [ADDRESS]	a fresh one, every write synced; $STORE_URL for the suite
#	store_settings		point the suite's settings at it
#	store_cli ARGUMENTS	its own client, with all rights
#	store_kill, store_again	as a power failure would; with what it had
#	store_stop
#
# The suite is the user "oscgi", with the rights that doc/store.md names and the
# password in a file; $STORE_IN is put before the server's command.

STORE_PID=
STORE_PORT=
STORE_ADDRESS=
STORE_DIR=
STORE_PASSWORD='p@ss:w/rd'
STORE_URL=
STORE_IN=()

store_program()
{
	command -v valkey-server || command -v redis-server
}

store_installed()
{
	store_program >/dev/null && { command -v valkey-cli || command -v redis-cli; } >/dev/null
}

store_cli()
{
	local cli

	cli=$(command -v valkey-cli || command -v redis-cli)
	REDISCLI_AUTH=all "$cli" -h "$STORE_ADDRESS" -p "$STORE_PORT" --user test "$@" 2>&1
}

# The lines of doc/store.md, as an administrator copies them.
store_acl()
{
	echo 'user test on >all ~* &* +@all'
	sed -n 's/^    \(user .*\)$/\1/p' "$HOST_SOURCE/doc/store.md" | sed "s|PASSWORD|$STORE_PASSWORD|"
}

store_start()
{
	STORE_ADDRESS=${1:-127.0.0.1}
	STORE_PORT=$(host_free_port)
	STORE_DIR=$SCRATCH/store
	STORE_URL=redis://oscgi:@$STORE_ADDRESS:$STORE_PORT
	install -d -m 0700 "$STORE_DIR"
	store_acl >"$STORE_DIR/users.acl"
	printf '%s\n' "$STORE_PASSWORD" >"$SCRATCH/store.password"
	chmod 0600 "$SCRATCH/store.password"
	[ "$(id -u)" -ne 0 ] || chown -R "$RUN_USER:$RUN_GROUP" "$STORE_DIR" "$SCRATCH/store.password"
	store_again
}

store_again()
{
	local wait

	"${STORE_IN[@]+"${STORE_IN[@]}"}" "${AS_SUITE[@]}" "$(store_program)" --bind "$STORE_ADDRESS" --port "$STORE_PORT" \
	    --dir "$STORE_DIR" --aclfile "$STORE_DIR/users.acl" --save '' --appendonly yes --appendfsync always \
	    --maxmemory-policy noeviction --enable-debug-command no </dev/null >>"$STORE_DIR.log" 2>&1 &
	STORE_PID=$!
	for wait in {1..600}; do
		[ "$(store_cli PING)" != PONG ] || return 0
		kill -0 "$STORE_PID" 2>/dev/null || break
		sleep 0.05
	done
	echo "store.sh: the server did not come up" >&2
	tail -n 5 "$STORE_DIR.log" >&2
	return 1
}

store_settings()
{
	setting SESSION_STORE "$STORE_URL"
	setting STORE_PASSWORD_FILE "$SCRATCH/store.password"
}

store_kill()
{
	kill -KILL "$STORE_PID"
	wait "$STORE_PID" 2>/dev/null || :
	STORE_PID=
}

store_stop()
{
	[ -z "$STORE_PID" ] || store_kill
}
