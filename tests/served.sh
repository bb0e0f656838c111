# SPDX-License-Identifier: MIT
#
# served.sh - a place to serve the suite from and a sandbox, for tests in shell.  Sourced by a
# script in tests/, whose working directory (or $builddir) is the build's.
#
#	served_begin [PROGRAMS...]	skips the test when one of these is not installed; then
#					settings can be made, start_host, and all of e2e/*.sh.
#					At the end everything is put away, by served_end too

SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$(cd "${builddir:-$PWD}" && pwd)
export PATH=$PATH:/usr/sbin:/sbin

for part in hosts sandbox tap client; do
	# shellcheck source=/dev/null
	. "$SOURCE/tests/e2e/$part.sh"
done

# A test that has more to put away says so by a function of this name of its own.
served_end()
{
	host_cleanup
	sandbox_stop
}

served_begin()
{
	local program

	for program in curl gojq perl "$@"; do
		if ! command -v "$program" >/dev/null; then
			echo "1..0 # SKIP $program is not installed"
			exit 0
		fi
	done
	trap served_end EXIT
	trap 'exit 1' INT TERM HUP
	host_prepare "$BUILD" "$SOURCE" || exit 1
	client_prepare
}
