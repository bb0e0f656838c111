# SPDX-License-Identifier: MIT
#
# fcgi.sh - FastCGI under lighttpd, beside an empty responder under the same one.  Sourced by run.

bench_fcgi()
{
	local cookie pid

	HOST_MORE=$(fcgi_at /empty empty)
	start_host lighttpd-fcgi
	sign_in bench
	cookie="oscgi=$(cookie_value)"
	rounds "empty=$BASE/empty" "nobody=$BASE/auth/status" "status=$BASE/auth/status|$cookie" \
	    "signin=$BASE/auth/signin" "check=$BASE/auth/check|$cookie"
	row "FastCGI: empty responder" empty empty 1
	row "FastCGI: /auth/status without a cookie" nobody empty ""
	row "FastCGI: /auth/status signed in" status empty 0.85
	row "FastCGI: /auth/signin" signin empty 0.6
	row "FastCGI: /auth/check" check empty 0.8
	for pid in $(host_processes); do
		awk -v exe="$(basename "$(readlink "/proc/$pid/exe")")" \
		    '/^VmRSS/ { printf "| resident memory of %s: %.1f MB |||||\n", exe, $2 / 1024 }' "/proc/$pid/status"
	done | sort -u
	stop_host
}
