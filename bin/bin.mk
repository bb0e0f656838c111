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
	%D%/oscgi.c
%C%_oscgi_LDADD = $(suite_ldadd)
