# SPDX-License-Identifier: MIT
# TLS to the store, by the two files of doc/scaling.md.

if ! command -v stunnel >/dev/null; then
	pass 'a tunnel # SKIP stunnel is not installed'
	return 0
fi

# The block of the page that begins with this comment, with the places of this fleet.
tunnel_file()	# COMMENT FILE
{
	{
		printf 'foreground = yes\npid =\n'
		sed -n "/^    ; $1/,/^\$/s/^    //p" "$E2E_SOURCE/doc/scaling.md" | sed -e "s|/etc/stunnel|$SCRATCH|" \
		    -e 's|store.example.org|10.77.0.2|' -e "s|^connect = 127.0.0.1:6379|connect = 10.77.0.2:$STORE_PORT|"
	} >"$2"
}

tunnel()	# MACHINE FILE
{
	at "$1"
	"${AT[@]}" stunnel "$2" </dev/null >>"$LOG_DIR/stunnel" 2>&1 &
	TUNNELS+=($!)
}

sessions()
{
	at one
	"${AT[@]}" "${AS_SUITE[@]}" "$SCRATCH/bin/oscgi" sessions 2>&1
}

sessions_are()	# NUMBER
{
	local try

	for try in {1..200}; do
		[ "$(sessions)" != "$1" ] || return 0
		sleep 0.1
	done
	return 1
}

TUNNELS=()
new_browser digger
yes 'somebody is signed in' sign_in ada
at one
here=$(sessions)
(umask 077; sed -n 's/^    \((printf .*\) >.*/\1/p' "$E2E_SOURCE/doc/scaling.md" | bash >"$SCRATCH/valkey.psk")
like "$(cat "$SCRATCH/valkey.psk")" '^oscgi:[0-9a-f]{64}$' 'a key is made as the page says'
tunnel_file 'on the machine of the server' "$SCRATCH/far.conf"
tunnel_file 'on each web machine' "$SCRATCH/near.conf"
tunnel store "$SCRATCH/far.conf"
tunnel one "$SCRATCH/near.conf"
setting SESSION_STORE redis://oscgi:@127.0.0.1:6379
host_write_settings
like "$here" '^[0-9]' 'sessions are counted without a tunnel'
yes 'and as many through it' sessions_are "$here"

kill "${TUNNELS[0]}"
wait "${TUNNELS[0]}" 2>/dev/null
like "$(sessions)" 'store is not available' 'an end that is gone is a store that is gone'
sed -i 's/:.*/:00000000000000000000000000000000/' "$SCRATCH/valkey.psk"
tunnel store "$SCRATCH/far.conf"
sleep 0.5
like "$(sessions)" 'store is not available' 'one with another key too'
kill "${TUNNELS[@]}" 2>/dev/null
wait "${TUNNELS[@]}" 2>/dev/null
store_settings
host_write_settings
