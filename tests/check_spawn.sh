#!/bin/sh
# SPDX-License-Identifier: MIT
# conf/nginx-spawn gives up root before it makes anything; when it ends, it ends its own and nobody who has the number
# of one that is gone.
set -eu
srcdir=${srcdir:-.}
# Numbers are handed out again where there are few: in a namespace of ours that takes no time.
if [ "${1:-}" != inside ]; then
	for needed in spawn-fcgi unshare; do
		command -v "$needed" >/dev/null || { echo "1..0 # SKIP there is no $needed"; exit 0; }
	done
	[ -x /usr/bin/multiwatch ] || { echo "1..0 # SKIP there is no multiwatch"; exit 0; }
	unshare --pid --fork --mount-proc sh -c 'echo 50 >/proc/sys/kernel/ns_last_pid' 2>/dev/null ||
		{ echo "1..0 # SKIP process ids cannot be chosen here"; exit 0; }
	exec unshare --pid --fork --mount-proc sh "$0" inside
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 0711 "$scratch"
mkdir -m 0755 "$scratch/cgi"
mkdir -m 0777 "$scratch/sockets"
for name in one two; do
	printf '#!/bin/sh\nexec sleep 60\n' >"$scratch/cgi/$name"
	chmod 0755 "$scratch/cgi/$name"
done
mkdir "$scratch/bin"
cat >"$scratch/bin/spawn-fcgi" <<END
#!/bin/sh
id -un >>"$scratch/sockets/made-by"
exec $(command -v spawn-fcgi) "\$@"
END
chmod -R 0755 "$scratch/bin"
PATH=$scratch/bin:$PATH
"$srcdir/conf/nginx-spawn" "$scratch/cgi" "$scratch/sockets" nobody nogroup 1 2>/dev/null &
spawn=$!
children()
{
	sed -n "s/^\\([0-9]*\\) ([^)]*) . $spawn .*/\\1/p" /proc/[0-9]*/stat 2>/dev/null | xargs
}
for _ in $(seq 150); do
	[ "$(children | wc -w)" -lt 2 ] || [ ! -S "$scratch/sockets/one.sock" ] || [ ! -S "$scratch/sockets/two.sock" ] || break
	sleep 0.2
done
# shellcheck disable=SC2046 # two numbers
set -- $(children)
own=$1 gone=$2
kill -KILL "$gone"
while [ -d "/proc/$gone" ]; do sleep 0.1; done
echo $((gone - 1)) >/proc/sys/kernel/ns_last_pid
sleep 60 &
other=$!

n=0
check()	# SENTENCE COMMAND...
{
	n=$((n + 1))
	sentence=$1
	shift
	if "$@"; then echo "ok $n - $sentence"; else echo "not ok $n - $sentence"; fi
}
ended() { for _ in $(seq 150); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.2; done; return 1; }

check 'who makes the sockets is not root any more' [ "$(xargs <"$scratch/sockets/made-by")" = 'nobody nobody' ]
check 'they belong to the user' [ "$(stat -c %U:%G:%a "$scratch/sockets/one.sock")" = nobody:nogroup:600 ]
check 'another process has the number of one that ended' [ "$other" = "$gone" ]
kill -TERM "$spawn"
check 'the script ends on SIGTERM' ended "$spawn"
check 'with the program that still ran' ended "$own"
check 'and without the other process' kill -0 "$other"
kill "$other" 2>/dev/null || :
echo "1..$n"
