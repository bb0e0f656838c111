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
	%D%/nginx-program.conf \
	%D%/nginx.conf \
	%D%/oscgi.conf.example
dist_exampleconf_SCRIPTS = \
	%D%/nginx-spawn \
	%D%/render

dist_sbin_SCRIPTS = %D%/oscgi-enable

# What systemd runs.  The places are known to make only.
if UNITS
systemdsystemunit_DATA = %D%/oscgi.service %D%/oscgi-worker.service %D%/oscgi-worker.timer
endif
EXTRA_DIST += %D%/oscgi.service.in %D%/oscgi-worker.service.in %D%/oscgi-worker.timer
CLEANFILES += %D%/oscgi.service %D%/oscgi-worker.service

%D%/oscgi.service %D%/oscgi-worker.service: Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && sed \
	    -e 's|@exampleconfdir[@]|$(exampleconfdir)|g' -e 's|@cgibindir[@]|$(cgibindir)|g' \
	    -e 's|@bindir[@]|$(bindir)|g' -e 's|@default_state_dir[@]|$(default_state_dir)|g' \
	    $(srcdir)/$@.in >$@.new && mv $@.new $@

%D%/oscgi.service: %D%/oscgi.service.in
%D%/oscgi-worker.service: %D%/oscgi-worker.service.in
