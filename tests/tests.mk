# SPDX-License-Identifier: MIT
# Unit tests, one program a concern, and scripts that hold the structure together.

check_LIBRARIES += tests/libfake.a
tests_libfake_a_SOURCES = %D%/fake_http.c %D%/fake_http.h %D%/fixture.c %D%/fixture.h \
	%D%/redis_server.c %D%/redis_server.h %D%/tap.c %D%/tap.h %D%/visitor.c %D%/visitor.h
tests_ldadd = tests/libfake.a libcore.a $(suite_ldadd)

check_PROGRAMS += %D%/gateway.t
tests_gateway_t_SOURCES = %D%/test_gateway.c
tests_gateway_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_gateway_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/json.t
tests_json_t_SOURCES = %D%/test_json.c
tests_json_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_json_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/metrics.t
tests_metrics_t_SOURCES = %D%/test_metrics.c
tests_metrics_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_metrics_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/origin.t
tests_origin_t_SOURCES = %D%/test_origin.c
tests_origin_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_origin_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/renew.t
tests_renew_t_SOURCES = %D%/test_renew.c
tests_renew_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_renew_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/serve.t
tests_serve_t_SOURCES = %D%/test_serve.c
tests_serve_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_serve_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/session.t
tests_session_t_SOURCES = %D%/test_session.c
tests_session_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_session_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/signin.t
tests_signin_t_SOURCES = %D%/test_signin.c
tests_signin_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_signin_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/work.t
tests_work_t_SOURCES = %D%/platform.c %D%/platform.h %D%/test_work.c
tests_work_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_work_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/packaging.t
tests_packaging_t_SOURCES = %D%/platform.c %D%/platform.h %D%/test_packaging.c
tests_packaging_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_packaging_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/store.t
tests_store_t_SOURCES = %D%/test_store.c
tests_store_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_store_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/text.t
tests_text_t_SOURCES = %D%/test_text.c
tests_text_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_text_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/crypto.t
tests_crypto_t_SOURCES = %D%/test_crypto.c
tests_crypto_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_crypto_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/config.t
tests_config_t_SOURCES = %D%/test_config.c
tests_config_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_config_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/http.t
tests_http_t_SOURCES = %D%/test_http.c
tests_http_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_http_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/pattern.t
tests_pattern_t_SOURCES = %D%/test_pattern.c
tests_pattern_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_pattern_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/deploy.t
tests_deploy_t_SOURCES = %D%/test_deploy.c
tests_deploy_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_deploy_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/instance.t
tests_instance_t_SOURCES = %D%/test_instance.c
tests_instance_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_instance_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/osc.t
tests_osc_t_SOURCES = %D%/test_osc.c
tests_osc_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_osc_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/s3.t
tests_s3_t_SOURCES = %D%/test_s3.c
tests_s3_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_s3_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/valkey.t
tests_valkey_t_SOURCES = %D%/test_valkey.c
tests_valkey_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_valkey_t_LDADD = $(tests_ldadd)

dist_check_SCRIPTS += \
	%D%/check_command.sh \
	%D%/check_curl.sh \
	%D%/check_docs.sh \
	%D%/check_doctor.sh \
	%D%/check_features.sh \
	%D%/check_guard.sh \
	%D%/check_handlers.sh \
	%D%/check_layers.sh \
	%D%/check_reference.sh \
	%D%/check_spawn.sh \
	%D%/check_register.sh

# Loaded beside the command by check_doctor.sh.
noinst_PROGRAMS += %D%/misfortune.so
tests_misfortune_so_SOURCES = %D%/misfortune.c
tests_misfortune_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_misfortune_so_LDFLAGS = $(AM_LDFLAGS) -shared

EXTRA_DIST += %D%/page.sh %D%/served.sh %D%/routes.awk

include %D%/campaign/campaign.mk
include %D%/formats/formats.mk
include %D%/bench/bench.mk
include %D%/fuzz/fuzz.mk
