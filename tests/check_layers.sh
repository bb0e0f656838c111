#!/bin/sh
# SPDX-License-Identifier: MIT
# Includes go down only, and every third party has one room.
set -eu
cd "${srcdir:-.}"
n=0
check()	# SENTENCE OFFENDING-LINES
{
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

# room PATTERN: who includes it outside its room
only_in()	# ROOM HEADER-PATTERN
{
	grep -rnE "#include <$2>" lib cgi-bin bin --include='*.[ch]' | grep -v "^$1/" || :
}

# may ROOM ALLOWED...: includes of a room that are not of these
may()
{
	room=$1; shift
	allowed=$(echo "$@" | tr ' ' '|')
	grep -rnE '#include "[a-z]+/' "lib/$room" --include='*.[ch]' | grep -vE "#include \"($allowed)/" || :
}

check "libcurl is included in lib/http alone" "$(only_in lib/http 'curl/.*')"
check "Berkeley DB is included in lib/store alone" "$(only_in lib/store 'db\.h')"
check "hiredis is included in lib/store alone" "$(only_in lib/store 'hiredis/.*')"
check "PCRE2 is included in lib/pattern alone" "$(only_in lib/pattern 'pcre2\.h')"
check "libfcgi is included in lib/gateway alone" "$(only_in lib/gateway 'fcgi.*')"
check "nettle is included in lib/crypto alone" "$(only_in lib/crypto 'nettle/.*')"
check "cJSON is included in lib/json alone" "$(only_in lib/json '(cjson/)?cJSON\.h')"
check "inih is included in lib/config alone" "$(only_in lib/config 'ini\.h')"
check "base stands on nothing" "$(may base base)"
check "json stands on base" "$(may json base json)"
check "crypto stands on base" "$(may crypto base crypto)"
check "the store stands on base" "$(may store base store)"
check "http stands on base" "$(may http base http)"
check "the counters stand on base" "$(may metrics base metrics)"
check "the settings stand on base" "$(may config base config)"
check "oauth stands on json, crypto and http" "$(may oauth base json crypto http oauth)"
check "patterns stand on base" "$(may pattern base pattern)"
check "osc stands on json, crypto, http and patterns" "$(may osc base json crypto http pattern osc)"
check "the session stands on crypto and the store" "$(may session base json crypto store session)"
check "flows know nothing of the web" "$(may flow base json crypto store http config oauth osc session flow)"
check "nothing below the web includes it" \
    "$(grep -rnE '#include "(web|gateway)/' lib/oauth lib/osc lib/session lib/flow || :)"
echo "1..$n"
