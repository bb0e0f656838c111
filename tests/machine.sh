# SPDX-License-Identifier: MIT
#
# machine.sh - boot a Debian that debroot.sh has made, with its own systemd.  Sourced.
#
#	machine_possible	can one boot here?  If not, says so as a TAP plan
#	machine_boot DIR	has processes, mounts and control groups of its own, and the caller's network
#	machine_run COMMAND...	in it
#	machine_end		all that runs in it
#
# MACHINE_PID is its init; /proc/$MACHINE_PID/root its files as it sees them,
# /run among them.  DIR needs the package systemd.

MACHINE_PID=
MACHINE_SHELL=
MACHINE_GROUP=

machine_group()
{
	MACHINE_GROUP=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET) || return 1
	MACHINE_GROUP=$MACHINE_GROUP/oscgi-machine.$$
	mkdir "$MACHINE_GROUP" 2>/dev/null
}

machine_possible()
{
	if ! machine_group; then
		echo '1..0 # SKIP no control group of the second version can be made here'
		return 1
	fi
	rmdir "$MACHINE_GROUP"
}

# What systemd wants to find.  It keeps track of processes by control groups of
# the second version; controllers it can do without, where the first has them.
machine_mounts()
{
	local dir=$1 device

	mount --make-rprivate / && mount --bind "$dir" "$dir" && mount -t proc proc "$dir/proc" &&
	    mount -t sysfs sysfs "$dir/sys" && mount -t cgroup2 cgroup2 "$dir/sys/fs/cgroup" || return 1
	mount -t tmpfs tmpfs "$dir/run" && mount -t tmpfs -o mode=755 tmpfs "$dir/dev" || return 1
	mkdir "$dir/dev/pts" "$dir/dev/shm"
	ln -s pts/ptmx "$dir/dev/ptmx"
	for device in null zero full random urandom tty; do
		: >"$dir/dev/$device"
		mount --bind "/dev/$device" "$dir/dev/$device" || return 1
	done
}

machine_init()
{
	# What systemd confines gets another root: none can in a mere chroot.
	machine_mounts "$1" && cd "$1" && pivot_root . mnt || exit 1
	exec env -i container=oscgi PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . \
	    sh -c 'umount -l /mnt && exec /lib/systemd/systemd --log-target=journal --show-status=no'
}

machine_boot()
{
	local dir=$1 wait

	machine_group || return 1
	# shellcheck disable=SC2016 # for that shell
	bash -c 'echo $$ >"$0/cgroup.procs" && exec unshare --mount --pid --uts --ipc --cgroup --fork --kill-child bash -c ". \"\$0\"; machine_init \"\$1\"" "$1" "$2"' \
	    "$MACHINE_GROUP" "${BASH_SOURCE[0]}" "$dir" </dev/null >"$dir/boot.log" 2>&1 &
	MACHINE_SHELL=$!
	for wait in {1..600}; do
		MACHINE_PID=$(pgrep -P "$MACHINE_SHELL")
		case $(machine_run systemctl is-system-running 2>/dev/null) in
		running|degraded) return 0 ;;
		esac
		kill -0 "$MACHINE_SHELL" 2>/dev/null || break
		sleep 0.2
	done
	tail -n 10 "$dir/boot.log" >&2
	return 1
}

machine_run()
{
	[ -n "$MACHINE_PID" ] || return 1
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C \
	    nsenter --target "$MACHINE_PID" --mount --pid --uts --ipc --cgroup "$@"
}

machine_end()
{
	local wait

	[ -n "$MACHINE_SHELL" ] || return 0
	kill -KILL "$MACHINE_PID" "$MACHINE_SHELL" 2>/dev/null
	wait "$MACHINE_SHELL" 2>/dev/null
	MACHINE_SHELL=
	MACHINE_PID=
	# Its processes end with its init, but not in the same moment.
	for wait in {1..300}; do
		find "$MACHINE_GROUP" -depth -type d -exec rmdir {} \; 2>/dev/null
		[ -d "$MACHINE_GROUP" ] || break
		sleep 0.1
	done
}
