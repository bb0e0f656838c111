# SPDX-License-Identifier: MIT
# A stand-in for the platform.  It shares nothing with the suite: an honest peer to test against.

noinst_PROGRAMS += %D%/sandbox

dist_check_SCRIPTS += %D%/test_sandbox.sh
EXTRA_DIST += %D%/harness.sh %D%/test_parts.sh

# Wants the programs that instances are made of, which a builder need not have.
check-parts: %D%/sandbox$(EXEEXT)
	SANDBOX=$(abs_builddir)/tests/sandbox/sandbox$(EXEEXT) $(srcdir)/tests/sandbox/test_parts.sh

.PHONY: check-parts

%C%_sandbox_CPPFLAGS = -D_DEFAULT_SOURCE -D_GNU_SOURCE
%C%_sandbox_CFLAGS = $(AM_CFLAGS) $(MICROHTTPD_CFLAGS) -pthread
%C%_sandbox_LDFLAGS = $(AM_LDFLAGS) -pthread
%C%_sandbox_LDADD = $(MICROHTTPD_LIBS) $(CURL_LIBS) $(NETTLE_LIBS) $(CJSON_LIBS)
%C%_sandbox_SOURCES = \
	%D%/app.c \
	%D%/application.c \
	%D%/body.c %D%/body.h \
	%D%/call.c %D%/call.h \
	%D%/catalog.c \
	%D%/client.c %D%/client.h \
	%D%/control.c \
	%D%/couchdb.h \
	%D%/data.c %D%/data.h \
	%D%/deploy.c \
	%D%/deployment.c %D%/deployment.h \
	%D%/encode.c %D%/encode.h \
	%D%/encore.c %D%/encore.h \
	%D%/fault.c %D%/fault.h \
	%D%/fetch.c %D%/fetch.h \
	%D%/form.c %D%/form.h \
	%D%/instance.c %D%/instance.h \
	%D%/intercom.c %D%/intercom.h \
	%D%/journal.c %D%/journal.h \
	%D%/jwt.c %D%/jwt.h \
	%D%/manage.c \
	%D%/mangle.c %D%/mangle.h \
	%D%/map.c %D%/map.h \
	%D%/mem.c %D%/mem.h \
	%D%/money.c \
	%D%/myapp.c %D%/myapp.h \
	%D%/oauth.h %D%/oauth_authorize.c %D%/oauth_metadata.c %D%/oauth_register.c %D%/oauth_token.c \
	%D%/option.c %D%/option.h \
	%D%/origin.c %D%/origin.h \
	%D%/page.c %D%/page.h \
	%D%/part.c %D%/part.h \
	%D%/part_callback_listener.c \
	%D%/part_couchdb.c \
	%D%/part_encore.c \
	%D%/part_intercom.c \
	%D%/part_packager.c \
	%D%/part_sfu.c \
	%D%/part_profile_server.c \
	%D%/part_storage.c \
	%D%/part_valkey.c \
	%D%/process.c %D%/process.h \
	%D%/profile.c %D%/profile.h \
	%D%/redis.c %D%/redis.h \
	%D%/route.c %D%/route.h \
	%D%/sandbox.c \
	%D%/server.c %D%/server.h \
	%D%/services.c %D%/services.h \
	%D%/servicetoken.c \
	%D%/settings.c %D%/settings.def %D%/settings.h \
	%D%/sigv4.c %D%/sigv4.h \
	%D%/solution.c %D%/solution.h \
	%D%/spool.c %D%/spool.h \
	%D%/storage.c %D%/storage.h \
	%D%/stream.c %D%/stream.h \
	%D%/token.c %D%/token.h \
	%D%/transcode.c \
	%D%/world.c %D%/world.h \
	%D%/xml.c %D%/xml.h
