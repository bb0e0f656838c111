# SPDX-License-Identifier: MIT
# Hostile bytes.  make check replays seeds and mutations; for more:
#	clang -fsanitize=fuzzer,address,undefined ... tests/fuzz/fuzz_X.c

fuzz_common = %D%/driver.c %D%/fuzz.h
fuzz_cppflags = $(AM_CPPFLAGS) -I$(srcdir)/tests -I$(srcdir)/%D%

check_PROGRAMS += %D%/bytes.t
tests_fuzz_bytes_t_SOURCES = %D%/fuzz_bytes.c $(fuzz_common)
tests_fuzz_bytes_t_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_bytes_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/request.t
tests_fuzz_request_t_SOURCES = %D%/fuzz_request.c $(fuzz_common)
tests_fuzz_request_t_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_request_t_LDADD = $(tests_ldadd)

check_PROGRAMS += %D%/answer.t
tests_fuzz_answer_t_SOURCES = %D%/fuzz_answer.c $(fuzz_common)
tests_fuzz_answer_t_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_answer_t_LDADD = $(tests_ldadd)
