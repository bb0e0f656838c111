#!/bin/bash
# SPDX-License-Identifier: MIT
# The command oscgi: what it prints, what it makes, how it ends.
set -u
srcdir=${srcdir:-.}
oscgi=$PWD/bin/oscgi
cgi=$PWD/cgi-bin
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/e2e/tap.sh
. "$srcdir/tests/e2e/tap.sh"

has()	# TEXT PATTERN SENTENCE: a line of it
{
	if grep -qE -- "$2" <<<"$1"; then
		pass "$3"
	else
		fail "$3" "got:  $1" "want: $2"
	fi
}

# Run with these settings and no others; $out is all that was said, $rc how it ended.
run()	# NAME=VALUE... COMMAND...
{
	out=$(env -i PATH="$PATH" OSCGI_CONFIG="$tmp/conf" STATE_DIR="$tmp/state" OSC_APP_URL=http://127.0.0.1:1 \
	    OSC_CATALOG_URL=http://127.0.0.1:1 OSC_TOKEN_URL=http://127.0.0.1:1 OSC_DEPLOY_URL=http://127.0.0.1:1 \
	    OSC_MONEY_URL=http://127.0.0.1:1 "$@" 2>&1 </dev/null)
	rc=$?
}

: >"$tmp/conf"
chmod 700 "$tmp"

run "$oscgi" --version
is $rc 0 'the version is told'
has "$out" '^oscgi [0-9]' 'and is one'
for c in '' backup doctor init register rotate-key sessions worker; do
	# shellcheck disable=SC2086 # no word for the first
	run "$oscgi" $c --help
	is $rc 0 "help is told: ${c:-oscgi}"
	has "$out" "^Usage: oscgi ${c:-COMMAND}" 'and how to use it'
done
for wrong in '' nonsense --nonsense 'doctor --nonsense' 'init more' 'sessions --purge --end-all' 'sessions more' \
    'sessions --copy' 'sessions --password-file x' backup 'backup a b' 'rotate-key more' 'rotate-key --prepare --use x'; do
	# shellcheck disable=SC2086 # words
	run "$oscgi" $wrong
	is $rc 2 "wrong usage: oscgi $wrong"
done
is "$(find "$tmp" -name state)" '' 'none of that makes anything'

run "$oscgi" sessions
is "$rc" 0 'sessions can be counted before there is a store'
is "$(find "$tmp" -name state)" '' 'which makes none'

run CLIENT_ID=c CLIENT_SECRET=do-not-show UPSTREAM_PROXY=http://u:do-not-show@127.0.0.1:1 "$oscgi" doctor
is $rc 1 'a platform that does not answer is a fault'
has "$out" '^ *CLIENT_ID +environment +c$' 'a setting is shown with where it came from'
has "$out" '^ *SESSION_IDLE +default +86400$' 'also one that was not given'
has "$out" '^ *CLIENT_SECRET +environment +\*\*\*$' 'a secret is masked'
is "$(printf '%s' "$out" | grep -c do-not-show)" 0 'nor shown anywhere else'
is "$(find "$tmp" -name state)" '' 'a look makes nothing'
printf 'SESSION_IDLE = soon\nNONSENSE = 1\n' >"$tmp/conf"
run "$oscgi" doctor
is $rc 1 'wrong settings are a fault'
has "$out" '^ *SESSION_IDLE +file +soon$' 'that of the file is shown'
has "$out" '\^ .*number' 'with what is wrong with it'
has "$out" 'is no setting: NONSENSE' 'and what is no setting'
run "$oscgi" init
is "$rc $(find "$tmp" -name state)" '1 ' 'with wrong settings nothing is made'
: >"$tmp/conf"

run "$oscgi" init
is $rc 0 'what is missing is made'
is "$(stat -c '%a %F' "$tmp/state")" '700 directory' 'a directory for us alone'
is "$(stat -c '%a %F' "$tmp/state/key")" '600 regular file' 'and a key'
key=$(cat "$tmp/state/key")
run "$oscgi" init
is "$rc $(cat "$tmp/state/key")" "0 $key" 'once'
is "$(printf '%s' "$out" | grep -cF -e "${key#* }")" 0 'the key is not shown'
run "$oscgi" sessions
has "$rc $out" '0 sessions$' 'nobody is signed in'
run "$oscgi" sessions --purge
is $rc 0 'what has expired can be removed'
run "$oscgi" sessions --end-all
is $rc 0 'and all ended'
chmod 755 "$tmp/state"
run "$oscgi" sessions
is $rc 1 'state that others can read is refused'
has "$out" 'STATE_DIR.*chmod 0700' 'with what to do'
chmod 700 "$tmp/state"
chmod 640 "$tmp/state/key"
run "$oscgi" init
is $rc 1 'a key that others can read is refused'
chmod 600 "$tmp/state/key"

# Run as root, it goes on as the owner of STATE_DIR.
if [ "$(id -u)" -eq 0 ]; then
	chmod 711 "$tmp"
	chmod 644 "$tmp/conf"
	rm -rf "$tmp/state"
	install -d -m 700 -o 65534 -g 65534 "$tmp/state"
	cp "$oscgi" "$cgi/status" "$tmp" && oscgi=$tmp/oscgi
	run "$oscgi" init
	is "$rc $(stat -c %u "$tmp/state/key")" '0 65534' 'root makes the key as the owner of STATE_DIR'
	run REQUEST_METHOD=GET SCRIPT_NAME=/healthz setpriv --reuid 65534 --regid 65534 --clear-groups "$tmp/status"
	has "$out" '^Status: 200' 'whose programs can use it'
	run "$oscgi" sessions
	is "$rc $out" '0 0 sessions' 'root counts as the owner'
	run "$oscgi" doctor
	has "$out" 'Checks, as user' 'and checks as the owner'
	is "$(find "$tmp/state" ! -uid 65534)" '' 'nothing there is root'\''s'
	chmod 600 "$tmp/conf"
	run "$oscgi" doctor
	has "$out" 'conf cannot be read' 'settings that the owner cannot read are a fault, for root too'
fi
tap_end
