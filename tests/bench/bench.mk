# SPDX-License-Identifier: MIT
# Speed, as ratios against peers measured in the same run.  Not part of any
# check: a busy machine must not fail one.

EXTRA_PROGRAMS += %D%/empty %D%/curl_linked %D%/fill
tests_bench_empty_SOURCES = %D%/empty.c
tests_bench_empty_LDADD = $(FCGI_LIBS)
tests_bench_curl_linked_SOURCES = %D%/curl_linked.c
tests_bench_curl_linked_LDADD = $(CURL_LIBS)
tests_bench_fill_SOURCES = %D%/fill.c
tests_bench_fill_LDADD = libcore.a $(suite_ldadd)
CLEANFILES += %D%/empty %D%/curl_linked %D%/fill

bench_programs = %D%/empty$(EXEEXT) %D%/curl_linked$(EXEEXT) %D%/fill$(EXEEXT)
bench_run = E2E_BUILD='$(abs_builddir)' E2E_SOURCE='$(abs_srcdir)' $(srcdir)/%D%/run

bench: all tests/sandbox/sandbox$(EXEEXT) $(bench_programs)
	$(bench_run)

# A Valkey or Redis server beside Berkeley DB.
bench-stores: all tests/sandbox/sandbox$(EXEEXT) $(bench_programs)
	$(bench_run) stores

.PHONY: bench bench-stores

EXTRA_DIST += %D%/run %D%/fcgi.sh %D%/cgi.sh %D%/stores.sh
