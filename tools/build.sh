# SPDX-License-Identifier: MIT
#
# build.sh - configure and build outside the source tree.  Sourced.
#
#	build_in DIR [CONFIGURE-ARGUMENTS...]
#
# SOURCE is the checkout.  Everything is made anew only where it is out of date.

build_in()
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
	make -s -C "$dir" -j"$(nproc)" all
}
