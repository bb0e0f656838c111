# SPDX-License-Identifier: MIT
#
# fleet.sh - the machines as one site.  Sourced by main.sh.
#
#	fleet_start, fleet_stop	all of them, with one key and one store
#	on NAME			from here on the visitor is led to that machine
#	everywhere N METHOD PATH	N requests at once, in turn to each machine; like many
#	processes		the suite's long-lived processes, as a text to compare
#	answer_of_each METHOD PATH [...]	one after the other: $EACH is "STATUS STATUS STATUS"
#
# To the visitor they are one: the site's name leads now to this and now to that machine, as a load balancer does.

# A FastCGI server keeps its connections to the store, plain CGI makes one for each request.
MACHINES=(one two three)
declare -A WEB=([one]=lighttpd-fcgi [two]=lighttpd-fcgi [three]=lighttpd-cgi)
declare -A ADDRESS=([one]=10.77.0.11 [two]=10.77.0.12 [three]=10.77.0.13)
declare -A CGI=()	# where each has its executables
TOOLS=()		# the processes of the machines
MACHINE=one		# the one that the visitor is led to
EACH=			# of answer_of_each

BASE=http://app.example.org
PUBLIC=$BASE

curl()
{
	command curl --connect-to "app.example.org:80:${ADDRESS[$MACHINE]}:8080" "$@"
}

on()
{
	MACHINE=$1
}

# As an administrator does it: the key is made by one of them and copied to all.
fleet_key()
{
	host_write_settings
	"${AS_SUITE[@]}" "$SCRATCH/bin/oscgi" init >/dev/null && cp "$STATE_DIR/key" "$SHARED/key"
}

fleet_settings()
{
	store_settings
	setting PUBLIC_URL "$PUBLIC"
	setting ALLOW_HTTP 1
	setting CLIENT_NAME 'a fleet'
	setting UPSTREAM_TIMEOUT 5
	setting LOG_LEVEL info
	fleet_key || return 1
	local name
	for name in "${!SETTINGS[@]}"; do
		case $name in STATE_DIR|STORE_PASSWORD_FILE) continue ;; esac
		echo "$name ${SETTINGS[$name]}"
	done >"$SHARED/settings"
	cp "$SCRATCH/store.password" "$SHARED/store.password"
}

fleet_start()
{
	local name wait

	SHARED=$SCRATCH/shared
	install -d -m 0700 "$SHARED"
	printf '%s\n' "${SANDBOX_LINES[@]}" | sed -nE 's/.*:([0-9]+)$/\1/p' >"$SHARED/ports"
	relay_start 10.77.0.1 127.0.0.1 "$SHARED/ports" || return 1
	machine store 10.77.0.2 || return 1
	at store
	STORE_IN=("${AT[@]}")
	store_start 10.77.0.2 || return 1
	fleet_settings || return 1
	for name in "${MACHINES[@]}"; do
		machine "$name" "${ADDRESS[$name]}" || return 1
		at "$name"
		"${AT[@]}" "$HERE/machine" "$name" "${WEB[$name]}" "$SHARED" </dev/null >"$LOG_DIR/$name" 2>&1 &
		TOOLS+=($!)
	done
	for name in "${MACHINES[@]}"; do
		for wait in {1..1200}; do
			[ ! -e "$SHARED/$name.ready" ] || break
			kill -0 "${TOOLS[@]}" 2>/dev/null || break
			sleep 0.05
		done
		if [ ! -e "$SHARED/$name.ready" ]; then
			echo "fleet.sh: machine $name did not come up" >&2
			cat "$LOG_DIR/$name" >&2
			return 1
		fi
		CGI[$name]=$(cat "$SHARED/$name.ready")
	done
}

fleet_stop()
{
	local pid name bad=0

	for pid in "${TOOLS[@]+"${TOOLS[@]}"}"; do
		kill -TERM "$pid" 2>/dev/null
	done
	for pid in "${TOOLS[@]+"${TOOLS[@]}"}"; do
		wait "$pid" 2>/dev/null	# which is 1 by the signal in any case
	done
	for name in "${MACHINES[@]}"; do
		! grep 'went on after SIGTERM' "$LOG_DIR/$name" 2>/dev/null || bad=1
	done
	TOOLS=()
	return "$bad"
}

eval "$(declare -f one_of_many | sed '1s/one_of_many/one_here/')"
one_of_many()
{
	local number=${*: -1}

	[ -z "${EVERYWHERE:-}" ] || MACHINE=${MACHINES[number % ${#MACHINES[@]}]}
	one_here "$@"
}

everywhere()
{
	local EVERYWHERE=yes

	many "$@"
}

processes()
{
	local name

	for name in one two; do
		CGI_DIR=${CGI[$name]} host_processes | sort -n | xargs
	done
}

answer_of_each()
{
	local name was=$MACHINE all=

	for name in "${MACHINES[@]}"; do
		on "$name"
		req "$@"
		all+=" $STATUS"
	done
	on "$was"
	EACH=${all# }
}
