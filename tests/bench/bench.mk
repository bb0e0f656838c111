# SPDX-License-Identifier: MIT
# Speed, as ratios against peers measured in the same run.  Not part of any
# check: a busy machine must not fail one.

EXTRA_PROGRAMS += %D%/empty %D%/curl_linked
tests_bench_empty_SOURCES = %D%/empty.c
tests_bench_empty_LDADD = $(FCGI_LIBS)
tests_bench_curl_linked_SOURCES = %D%/curl_linked.c
tests_bench_curl_linked_LDADD = $(CURL_LIBS)
CLEANFILES += %D%/empty %D%/curl_linked

bench: all tests/sandbox/sandbox$(EXEEXT) %D%/empty$(EXEEXT) %D%/curl_linked$(EXEEXT)
	E2E_BUILD='$(abs_builddir)' E2E_SOURCE='$(abs_srcdir)' $(srcdir)/%D%/run

.PHONY: bench

EXTRA_DIST += %D%/run %D%/fcgi.sh %D%/cgi.sh
