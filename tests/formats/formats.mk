# SPDX-License-Identifier: MIT
# What earlier builds wrote, kept, and that this one gets along with it.

formats_sources = %D%/sample.c %D%/sample.h
check_PROGRAMS += %D%/formats.t
tests_formats_formats_t_SOURCES = %D%/opened.c %D%/opened.h %D%/raw.c %D%/raw.h %D%/reads.c %D%/reads.h \
	%D%/test_formats.c $(formats_sources)
tests_formats_formats_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_formats_formats_t_LDADD = $(tests_ldadd)

EXTRA_PROGRAMS += %D%/write
CLEANFILES += %D%/write$(EXEEXT)
tests_formats_write_SOURCES = %D%/write.c $(formats_sources)
tests_formats_write_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_formats_write_LDADD = $(tests_ldadd)

EXTRA_DIST += %D%/record %D%/1/facts %D%/1/key %D%/1/records
