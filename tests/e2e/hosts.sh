# SPDX-License-Identifier: MIT
#
# hosts.sh - start and stop the suite under one of five web servers.  Sourced.
# lighttpd-redis is the first of them again, with the store of store.sh.
#
#	host_prepare BUILD_DIR SOURCE_DIR	scratch directory, copies of the executables
#	setting NAME [VALUE]			a setting of the suite; without VALUE: none
#	start_host NAME [PORT]			serve at $BASE
#	stop_host				end it; fails when a process would not end
#	restart_host, fresh_host		again with the settings of now; without any state too
#	host_cleanup				end all, remove the scratch directory
#
# The web server and the executables run as one user that is not root: root
# starts the servers as their examples say, and they change to $RUN_USER.  What
# they serve is copied to the scratch directory, which that user can read
# wherever the checkout is.  The configurations are those of conf/, filled in
# by conf/render as a user would.

HOSTS='lighttpd-fcgi lighttpd-cgi apache-fcgid apache-cgid nginx lighttpd-redis'

declare -A SETTINGS=()
HOST=			# the one that runs
HOST_PIDS=()
HOST_PLACES=()		# more NAME=VALUE for conf/render
HOST_MORE=		# lines for the end of the configuration
SCRATCH=

host_prepare()
{
	HOST_BUILD=$1
	HOST_SOURCE=$2

	RUN_USER=$(id -un)
	RUN_GROUP=$(id -gn)
	if [ "$(id -u)" -eq 0 ]; then
		RUN_USER=www-data
		RUN_GROUP=www-data
	fi

	SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/oscgi-host.XXXXXX") || return 1
	chmod 0711 "$SCRATCH"
	mkdir -p "$SCRATCH"/{cgi-bin,www,conf,bin}
	chmod 0755 "$SCRATCH"/{cgi-bin,www,conf,bin}
	CGI_DIR=$SCRATCH/cgi-bin
	STATE_DIR=$SCRATCH/state
	LOG_DIR=$SCRATCH/log
	SOCKET_DIR=$SCRATCH/socket
	RUN_DIR=$SCRATCH/run
	OSCGI_CONFIG=$SCRATCH/oscgi.conf
	install -d -m 0700 "$STATE_DIR" "$SOCKET_DIR"
	install -d -m 0755 "$RUN_DIR" "$LOG_DIR"
	[ "$(id -u)" -ne 0 ] || chown "$RUN_USER:$RUN_GROUP" "$STATE_DIR" "$SOCKET_DIR"

	# What runs as the suite does: its user, and nothing of our environment.
	CLEAN=(env -i "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	    "OSCGI_CONFIG=$OSCGI_CONFIG")
	AS_SUITE=("${CLEAN[@]}")
	if [ "$(id -u)" -eq 0 ]; then
		AS_SUITE=(setpriv --reuid "$RUN_USER" --regid "$RUN_GROUP" --clear-groups -- "${CLEAN[@]}")
	fi

	local program
	for program in "$HOST_BUILD"/cgi-bin/*; do
		[ -f "$program" ] && [ -x "$program" ] || continue
		install -m 0755 "$program" "$SCRATCH/cgi-bin/"
	done
	[ ! -x "$HOST_BUILD/bin/oscgi" ] || install -m 0755 "$HOST_BUILD/bin/oscgi" "$SCRATCH/bin/"
	install -m 0644 "$HOST_SOURCE/conf/apache-guard.lua" "$HOST_SOURCE/conf/nginx-program.conf" "$SCRATCH/conf/"
	cp -R "$HOST_SOURCE/www/." "$SCRATCH/www/"
	chmod -R a+rX "$SCRATCH/www"
	setting STATE_DIR "$STATE_DIR"
}

# The command, as the suite's user.
oscgi_command()
{
	"${AS_SUITE[@]}" "$SCRATCH/bin/oscgi" "$@"
}

setting()
{
	if [ $# -eq 1 ]; then
		unset "SETTINGS[$1]"
	else
		SETTINGS[$1]=$2
	fi
}

# Secrets may be among the settings: for the suite's user alone.
host_write_settings()
{
	local name

	(
		umask 077
		for name in "${!SETTINGS[@]}"; do
			printf '%s = %s\n' "$name" "${SETTINGS[$name]}"
		done | sort >"$OSCGI_CONFIG.new"
	)
	[ "$(id -u)" -ne 0 ] || chown "$RUN_USER:$RUN_GROUP" "$OSCGI_CONFIG.new"
	mv "$OSCGI_CONFIG.new" "$OSCGI_CONFIG"
}

# A free port, which stays that until somebody listens to it: it is none of those that the kernel
# gives to connections and to who asks for any.
host_free_port()
{
	perl -MIO::Socket::INET -e '
		my $s;
		for (my $try = 0; !$s && $try < 100; $try++) {
			$s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 12000 + int rand 20000);
		}
		print $s->sockport, "\n" if $s or die'
}

# Start one server in a session of its own, so that it ends with all it started.
host_launch()
{
	"${CLEAN[@]}" setsid "$@" </dev/null >>"$LOG_DIR/server.log" 2>&1 &
	HOST_PIDS+=($!)
}

host_render()
{
	"$HOST_SOURCE/conf/render" "$HOST_SOURCE/conf/$1" \
	    "ADDRESS=${HOST_ADDRESS:-127.0.0.1}" "PORT=$PORT" "USER=$RUN_USER" "GROUP=$RUN_GROUP" \
	    "CGI_DIR=$CGI_DIR" "WWW_DIR=$SCRATCH/www" \
	    "OSCGI_CONFIG=$OSCGI_CONFIG" "SOCKET_DIR=$SOCKET_DIR" \
	    "STORAGE=http://127.0.0.1:*" \
	    "RUN_DIR=$RUN_DIR" "LOG_DIR=$LOG_DIR" "CONF_DIR=$SCRATCH/conf" \
	    "${HOST_PLACES[@]+"${HOST_PLACES[@]}"}" >"$SCRATCH/conf/$1" &&
	printf '%s' "$HOST_MORE" >>"$SCRATCH/conf/$1"
}

host_launch_named()
{
	# Apache and nginx open files there as root, to whom it then belongs; lighttpd does so as who it has become.
	case $1 in
	lighttpd*) [ "$(id -u)" -ne 0 ] || chown "$RUN_USER:$RUN_GROUP" "$RUN_DIR" "$LOG_DIR" ;;
	esac
	case $1 in
	lighttpd-fcgi|lighttpd-redis)
		host_render lighttpd.conf &&
		host_launch lighttpd -D -f "$SCRATCH/conf/lighttpd.conf" ;;
	lighttpd-cgi)
		host_render lighttpd-cgi.conf &&
		host_launch lighttpd -D -f "$SCRATCH/conf/lighttpd-cgi.conf" ;;
	apache-fcgid)
		host_render apache-fcgid.conf &&
		host_launch apache2 -D FOREGROUND -f "$SCRATCH/conf/apache-fcgid.conf" ;;
	apache-cgid)
		host_render apache-cgid.conf &&
		host_launch apache2 -D FOREGROUND -f "$SCRATCH/conf/apache-cgid.conf" ;;
	nginx)
		host_render nginx.conf || return 1
		host_launch "$HOST_SOURCE/conf/nginx-spawn" "$CGI_DIR" "$SOCKET_DIR" \
		    "$RUN_USER" "$RUN_GROUP"
		host_launch nginx -c "$SCRATCH/conf/nginx.conf" -e "$LOG_DIR/error.log" -g 'daemon off;' ;;
	*)
		echo "hosts.sh: no host is called '$1' (there are: $HOSTS)" >&2
		return 1 ;;
	esac
}

# Is the server of $PORT up, with every socket that it needs?
host_answers()
{
	local program

	curl -s -o /dev/null --max-time 5 "http://127.0.0.1:$PORT/" || return 1
	[ "$HOST" = nginx ] || return 0
	for program in "$CGI_DIR"/*; do
		host_listens "$SOCKET_DIR/${program##*/}.sock" || return 1
	done
}

# A socket is there before anybody listens to it.
host_listens()	# PATH|PORT
{
	case $1 in
	/*) grep -q " 00010000 .* $1\$" /proc/net/unix ;;
	*)  (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null ;;
	esac
}

# Until it succeeds; no longer than a machine can be slow.
wait_for()	# COMMAND...
{
	local look

	for look in {1..600}; do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

start_host()
{
	local try wait wanted=${2:-}

	host_write_settings
	for try in 1 2 3; do
		PORT=${HOST_PORT:-${wanted:-$(host_free_port)}}
		wanted=
		BASE=http://127.0.0.1:$PORT
		HOST=$1
		host_launch_named "$1" || return 1
		for wait in {1..600}; do
			host_answers && return 0
			kill -0 "${HOST_PIDS[@]}" 2>/dev/null || break
			sleep 0.1
		done
		stop_host || :
	done
	echo "hosts.sh: $1 did not come up; its log:" >&2
	tail -n 20 "$LOG_DIR"/*.log >&2
	return 1
}

# The processes that run one of our copies: all, or those of one name.
host_processes()
{
	# In one go: what is looked for may be gone in a moment, and that is no failure.
	{ find /proc/[0-9]*/exe -maxdepth 0 -lname "$CGI_DIR/${1:-}*" -printf '%h\n' 2>/dev/null || :; } | sed 's|^/proc/||'
}

stop_host()
{
	local pid left wait

	[ ${#HOST_PIDS[@]} -gt 0 ] || return 0
	for pid in "${HOST_PIDS[@]}"; do
		kill -TERM "$pid" 2>/dev/null || :
	done
	for wait in {1..600}; do
		kill -0 "${HOST_PIDS[@]}" 2>/dev/null || [ -n "$(host_processes)" ] || break
		sleep 0.05
	done
	left=$(host_processes)
	for pid in "${HOST_PIDS[@]}"; do
		kill -KILL -- "-$pid" 2>/dev/null || :
	done
	# shellcheck disable=SC2086 # a list of process ids
	[ -z "$left" ] || kill -KILL $left 2>/dev/null || :
	wait "${HOST_PIDS[@]}" 2>/dev/null || :
	HOST_PIDS=()
	# A socket that is left behind would pass for one that somebody listens to.
	rm -f "$SOCKET_DIR"/*
	if [ -n "$left" ]; then
		echo "hosts.sh: $HOST: processes went on after SIGTERM: $left" >&2
		return 1
	fi
}

# At the address of before: a browser finds it again, and so does the registration.
restart_host()
{
	stop_host
	start_host "$HOST" "$PORT"
}

# As on the day of installation: no key, no registration, no session.
fresh_host()
{
	stop_host
	find "$STATE_DIR" -mindepth 1 -delete
	[ -z "${STORE_PID:-}" ] || store_cli FLUSHALL >/dev/null
	start_host "$HOST"
}

host_cleanup()
{
	stop_host || :
	[ -z "$SCRATCH" ] || rm -rf "$SCRATCH"
	SCRATCH=
}
