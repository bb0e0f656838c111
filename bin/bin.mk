# SPDX-License-Identifier: MIT
# The command: one file per subcommand.

bin_PROGRAMS += %D%/oscgi
%C%_oscgi_SOURCES = \
	%D%/cmd_backup.c \
	%D%/cmd_doctor.c \
	%D%/cmd_init.c \
	%D%/cmd_register.c \
	%D%/cmd_rotate_key.c \
	%D%/cmd_sessions.c \
	%D%/cmd_worker.c \
	%D%/command.c \
	%D%/command.h \
	%D%/doctor/ask.c \
	%D%/doctor/checks.def \
	%D%/doctor/client.c \
	%D%/doctor/doctor.h \
	%D%/doctor/exposure.c \
	%D%/doctor/findings.def \
	%D%/doctor/hearing.c \
	%D%/doctor/key.c \
	%D%/doctor/machine.c \
	%D%/doctor/platform.c \
	%D%/doctor/settings.c \
	%D%/doctor/site.c \
	%D%/doctor/state.c \
	%D%/doctor/store.c \
	%D%/doctor/visit.c \
	%D%/doctor/work.c \
	%D%/oscgi.c
%C%_oscgi_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/bin
%C%_oscgi_LDADD = $(suite_ldadd)
