# SPDX-License-Identifier: MIT
#
# build.sh - configure and build outside the source tree.  Sourced.
#
#	configure_in DIR [CONFIGURE-ARGUMENTS...]	ready for make
#	build_in DIR [CONFIGURE-ARGUMENTS...]		and made
#
# SOURCE is the checkout.  Everything is made anew only where it is out of date.

configure_in()
{
	local dir=$1

	shift
	if [ ! -x "$SOURCE/configure" ] || [ "$SOURCE/configure.ac" -nt "$SOURCE/configure" ]; then
		(cd "$SOURCE" && ./autogen.sh) || return 1
	fi
	mkdir -p "$dir" || return 1
	if [ ! -e "$dir/config.status" ]; then
		(cd "$dir" && "$SOURCE/configure" --quiet "$@") || return 1
	fi
}

build_in()
{
	configure_in "$@" || return 1
	make -s -C "$1" -j"$(nproc)" all
}
