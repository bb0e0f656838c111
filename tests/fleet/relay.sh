# SPDX-License-Identifier: MIT
#
# relay.sh - the platform from one machine to another.  Sourced after hosts.sh.
#
#	relay_start ADDRESS TO PORTS	what is said to ADDRESS goes to TO, for each port in the file PORTS
#	relay_stop
#
# The suite takes plain http from the loopback alone, which is where the sandbox
# is; on every other machine its ports are played by a relay to that one.

RELAY=

relay_start()
{
	local port first

	first=$(head -n 1 "$3")
	{
		echo 'server.modules = ( "mod_proxy" )'
		echo "server.document-root = \"$SCRATCH/www\""
		echo "server.bind = \"$1\""
		echo "server.port = $first"
		while read -r port; do
			echo "\$SERVER[\"socket\"] == \"$1:$port\" {"
			echo "  proxy.server = ( \"\" => ( ( \"host\" => \"$2\", \"port\" => $port ) ) )"
			echo '}'
		done <"$3"
	} >"$SCRATCH/relay.conf"
	lighttpd -D -f "$SCRATCH/relay.conf" </dev/null >>"$LOG_DIR/relay.log" 2>&1 &
	RELAY=$!
	wait_for curl -s -o /dev/null --max-time 5 "http://$1:$first/"
}

relay_stop()
{
	[ -z "$RELAY" ] || kill "$RELAY" 2>/dev/null
	RELAY=
}
