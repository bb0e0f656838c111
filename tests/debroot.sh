# SPDX-License-Identifier: MIT
#
# debroot.sh - a bare Debian to install into.  Sourced; needs root.
#
#	debroot_possible		can there be one on this machine?  If not, says so as a TAP plan
#	debroot_make DIR [PACKAGES...]	a fresh root in DIR, with these packages
#	debroot_run DIR COMMAND...	a command in it
#	debroot_remove DIR
#
# The root beneath all of them is made once, in $DEBROOT_BASE; what one changes
# is laid over it, or over a copy where no file system can be.

DEBROOT_BASE=${DEBROOT_BASE:-/var/cache/oscgi-debroot}
DEBROOT_SUITE=bookworm

debroot_possible()
{
	local why=

	if [ "$(id -u)" -ne 0 ]; then
		why='needs root'
	elif ! command -v debootstrap >/dev/null; then
		why='needs debootstrap (tools/deps bare)'
	elif ! unshare --mount --net true 2>/dev/null; then
		why='mounts and namespaces are not permitted here'
	elif ! debroot_base; then
		why='a bare Debian cannot be fetched and unpacked here'
	fi
	[ -n "$why" ] || return 0
	echo "1..0 # SKIP $why"
	return 1
}

# One at a time: two tests may begin together.
debroot_base()
{
	[ ! -e "$DEBROOT_BASE/done" ] || return 0
	mkdir -p "$DEBROOT_BASE"
	(
		flock 9 && { [ -e "$DEBROOT_BASE/done" ] || debroot_bootstrap; }
	) 9>"$DEBROOT_BASE/lock"
}

debroot_bootstrap()
{
	rm -rf "$DEBROOT_BASE/root"
	debootstrap --variant=minbase "$DEBROOT_SUITE" "$DEBROOT_BASE/root" >"$DEBROOT_BASE/log" 2>&1 ||
		{ tail -n 5 "$DEBROOT_BASE/log" >&2; return 1; }
	# Nothing may start by being installed.
	printf '#!/bin/sh\nexit 101\n' >"$DEBROOT_BASE/root/usr/sbin/policy-rc.d"
	chmod 0755 "$DEBROOT_BASE/root/usr/sbin/policy-rc.d"
	touch "$DEBROOT_BASE/done"
}

debroot_make()
{
	local dir=$1

	shift
	debroot_base || return 1
	mkdir -p "$dir" "$dir.upper" "$dir.work" || return 1
	mount -t overlay -o "lowerdir=$DEBROOT_BASE/root,upperdir=$dir.upper,workdir=$dir.work" oscgi "$dir" 2>/dev/null ||
		cp -a "$DEBROOT_BASE/root/." "$dir" || return 1
	cp /etc/resolv.conf /etc/hosts "$dir/etc/"
	mkdir -p "$dir/proc" "$dir/dev/shm"
	chmod 1777 "$dir/dev/shm"
	mount -t proc proc "$dir/proc" || return 1
	[ $# -eq 0 ] || debroot_install "$dir" "$@"
}

debroot_install()
{
	local dir=$1

	shift
	debroot_run "$dir" sh -c 'apt-get update -q && apt-get install -q -y --no-install-recommends "$@"' sh "$@" \
	    >"$dir/install.log" 2>&1 || { tail -n 20 "$dir/install.log" >&2; return 1; }
}

debroot_run()
{
	local dir=$1

	shift
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$dir" "$@"
}

debroot_remove()
{
	umount "$1/proc" 2>/dev/null
	umount "$1" 2>/dev/null
	! mountpoint -q "$1/proc" && ! mountpoint -q "$1" || return 1
	rm -rf "$1" "$1.upper" "$1.work"
}
