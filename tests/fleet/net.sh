# SPDX-License-Identifier: MIT
#
# net.sh - machines: network namespaces on one bridge.  Sourced by main.sh, in
# a namespace of its own, so that nothing of it is seen outside or outlives it.
#
#	net_start		the bridge; this side is 10.77.0.1
#	machine NAME ADDRESS	another machine
#	at NAME			sets AT: what to put before a command to run it there
#	cable NAME up|down	pull its cable
#	narrow NAME RATE	its line carries no more (such as 64kbit), either way
#	wide NAME		as before; narrow_possible: the kernel can do it
#	net_stop

NET_PREFIX=10.77.0
declare -A MACHINE_PID=()

net_start()
{
	ip link set lo up &&
	ip link add name bridge0 type bridge &&
	ip addr add "$NET_PREFIX.1/24" dev bridge0 &&
	ip link set bridge0 up
}

machine()
{
	local name=$1 address=$2 wait own

	own=$(readlink /proc/self/ns/net)
	unshare --net sleep infinity </dev/null &
	MACHINE_PID[$name]=$!
	for wait in {1..1000}; do
		[ "$(readlink "/proc/${MACHINE_PID[$name]}/ns/net")" = "$own" ] || break
		sleep 0.02
	done
	at "$name"
	ip link add name "$name" type veth peer name eth0 netns "${MACHINE_PID[$name]}" &&
	ip link set "$name" master bridge0 up &&
	"${AT[@]}" ip link set lo up &&
	"${AT[@]}" ip addr add "$address/24" dev eth0 &&
	"${AT[@]}" ip link set eth0 up
}

at()
{
	AT=(nsenter --net="/proc/${MACHINE_PID[$1]}/ns/net" --)
}

cable()
{
	ip link set "$1" "$2"
}

narrow_possible()
{
	command -v tc >/dev/null && tc qdisc add dev bridge0 root tbf rate 1mbit burst 4kb latency 1s 2>/dev/null &&
	    tc qdisc del dev bridge0 root
}

# What waits longer than five seconds is dropped, as by any router.
narrow()
{
	at "$1"
	tc qdisc replace dev "$1" root tbf rate "$2" burst 4kb latency 5s &&
	    "${AT[@]}" tc qdisc replace dev eth0 root tbf rate "$2" burst 4kb latency 5s
}

wide()
{
	at "$1"
	tc qdisc del dev "$1" root && "${AT[@]}" tc qdisc del dev eth0 root
}

net_stop()
{
	[ ${#MACHINE_PID[@]} -eq 0 ] || kill "${MACHINE_PID[@]}" 2>/dev/null
}
