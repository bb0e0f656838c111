# SPDX-License-Identifier: MIT
# The example configurations, and what fills them in.

exampleconfdir = $(pkgdatadir)/conf
dist_exampleconf_DATA = \
	%D%/README.md \
	%D%/apache-cgid.conf \
	%D%/apache-common.conf \
	%D%/apache-fcgid.conf \
	%D%/apache-guard.lua \
	%D%/lighttpd-cgi.conf \
	%D%/lighttpd-common.conf \
	%D%/lighttpd.conf \
	%D%/nginx.conf \
	%D%/oscgi.conf.example
dist_exampleconf_SCRIPTS = \
	%D%/nginx-spawn \
	%D%/render

dist_sbin_SCRIPTS = %D%/oscgi-enable
