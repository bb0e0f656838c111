# SPDX-License-Identifier: MIT
#
# sandbox.sh - run the stand-in for the platform.  Sourced after hosts.sh, used
# after host_prepare.
#
#	sandbox_start		$SANDBOX_APP is its app origin, $SANDBOX_DIR holds what its instances write
#	sandbox_settings	point the suite's settings at it
#	sandbox_stop

SANDBOX_PID=
SANDBOX_APP=
SANDBOX_DIR=
SANDBOX_LINES=()

sandbox_start()
{
	local wait

	install -m 0755 "$HOST_BUILD/tests/sandbox/sandbox" "$SCRATCH/bin/sandbox"
	SANDBOX_DIR=$SCRATCH/sandbox
	install -d -m 0700 "$SANDBOX_DIR"
	[ "$(id -u)" -ne 0 ] || chown "$RUN_USER:$RUN_GROUP" "$SANDBOX_DIR"
	"${AS_SUITE[@]}" TMPDIR="$SANDBOX_DIR" setsid "$SCRATCH/bin/sandbox" </dev/null >"$SCRATCH/sandbox.out" 2>"$SCRATCH/sandbox.err" &
	SANDBOX_PID=$!
	for wait in {1..600}; do
		! grep -qx READY "$SCRATCH/sandbox.out" || break
		kill -0 "$SANDBOX_PID" 2>/dev/null || break
		sleep 0.05
	done
	if ! grep -qx READY "$SCRATCH/sandbox.out"; then
		echo "sandbox.sh: the sandbox did not come up" >&2
		cat "$SCRATCH/sandbox.out" "$SCRATCH/sandbox.err" >&2
		return 1
	fi
	mapfile -t SANDBOX_LINES < <(grep -E '^[A-Z_]+=' "$SCRATCH/sandbox.out")
	SANDBOX_APP=$(sed -n 's/^OSC_APP_URL=//p' "$SCRATCH/sandbox.out")
}

sandbox_settings()
{
	local line

	for line in "${SANDBOX_LINES[@]}"; do
		setting "${line%%=*}" "${line#*=}"
	done
}

sandbox_stop()
{
	[ -n "$SANDBOX_PID" ] || return 0
	kill -TERM "$SANDBOX_PID" 2>/dev/null || :
	wait "$SANDBOX_PID" 2>/dev/null || :
	SANDBOX_PID=
}
