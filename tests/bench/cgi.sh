# SPDX-License-Identifier: MIT
#
# cgi.sh - plain CGI under lighttpd, beside a program that links libcurl and does nothing.  Sourced by run.

bench_cgi()
{
	local cookie

	HOST_MORE=
	start_host lighttpd-cgi
	new_browser two
	sign_in bench
	cookie="oscgi=$(cookie_value)"
	rounds "curl=$BASE/cgi-bin/curl_linked" "least=$BASE/cgi-bin/empty" "cgi_nobody=$BASE/cgi-bin/status" \
	    "cgi_status=$BASE/cgi-bin/status|$cookie" "cgi_signin=$BASE/cgi-bin/signin"
	row "plain CGI: links libcurl, does nothing" curl curl 1
	row "plain CGI: links libfcgi, does nothing" least curl ""
	row "plain CGI: status without a cookie" cgi_nobody curl 3
	row "plain CGI: status signed in" cgi_status curl 1.5
	row "plain CGI: signin" cgi_signin curl 1.5
	stop_host
}
