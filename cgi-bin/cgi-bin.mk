# SPDX-License-Identifier: MIT
# One stanza a program: main.c compiled with its name, and its own file.

cgibindir = $(libexecdir)/oscgi/cgi-bin
cgibin_PROGRAMS = \
	%D%/signin \
	%D%/callback \
	%D%/refresh \
	%D%/signout \
	%D%/status \
	%D%/authorize \
	%D%/services \
	%D%/instances \
	%D%/jobs \
	%D%/apps \
	%D%/secrets \
	%D%/solutions \
	%D%/plan \
	%D%/operations \
	%D%/intercom \
	%D%/convert

cgi_bin_common = %D%/main.c %D%/routes.def %D%/routes.h
cgi_bin_acting = $(cgi_bin_common) %D%/answering.c %D%/answering.h
cgi_bin_beginning = $(cgi_bin_acting) %D%/beginning.c %D%/beginning.h

cgi_bin_signin_SOURCES = $(cgi_bin_common) %D%/signin.c
cgi_bin_signin_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=signin -DPROGRAM_signin
cgi_bin_signin_LDADD = $(suite_ldadd)

cgi_bin_callback_SOURCES = $(cgi_bin_common) %D%/callback.c
cgi_bin_callback_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=callback -DPROGRAM_callback
cgi_bin_callback_LDADD = $(suite_ldadd)

cgi_bin_refresh_SOURCES = $(cgi_bin_common) %D%/refresh.c
cgi_bin_refresh_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=refresh -DPROGRAM_refresh
cgi_bin_refresh_LDADD = $(suite_ldadd)

cgi_bin_signout_SOURCES = $(cgi_bin_common) %D%/signout.c
cgi_bin_signout_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=signout -DPROGRAM_signout
cgi_bin_signout_LDADD = $(suite_ldadd)

cgi_bin_status_SOURCES = $(cgi_bin_common) %D%/status.c
cgi_bin_status_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=status -DPROGRAM_status
cgi_bin_status_LDADD = $(suite_ldadd)

cgi_bin_authorize_SOURCES = $(cgi_bin_common) %D%/authorize.c
cgi_bin_authorize_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=authorize -DPROGRAM_authorize
cgi_bin_authorize_LDADD = $(suite_ldadd)

cgi_bin_services_SOURCES = $(cgi_bin_acting) %D%/services.c
cgi_bin_services_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=services -DPROGRAM_services
cgi_bin_services_LDADD = $(suite_ldadd)

cgi_bin_instances_SOURCES = $(cgi_bin_acting) %D%/instances.c %D%/suspended.c
cgi_bin_instances_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=instances -DPROGRAM_instances
cgi_bin_instances_LDADD = $(suite_ldadd)

cgi_bin_plan_SOURCES = $(cgi_bin_acting) %D%/plan.c
cgi_bin_plan_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=plan -DPROGRAM_plan
cgi_bin_plan_LDADD = $(suite_ldadd)

cgi_bin_jobs_SOURCES = $(cgi_bin_acting) %D%/jobs.c
cgi_bin_jobs_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=jobs -DPROGRAM_jobs
cgi_bin_jobs_LDADD = $(suite_ldadd)

cgi_bin_apps_SOURCES = $(cgi_bin_acting) %D%/apps.c
cgi_bin_apps_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=apps -DPROGRAM_apps
cgi_bin_apps_LDADD = $(suite_ldadd)

cgi_bin_secrets_SOURCES = $(cgi_bin_acting) %D%/secrets.c
cgi_bin_secrets_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=secrets -DPROGRAM_secrets
cgi_bin_secrets_LDADD = $(suite_ldadd)

cgi_bin_solutions_SOURCES = $(cgi_bin_acting) %D%/solutions.c
cgi_bin_solutions_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=solutions -DPROGRAM_solutions
cgi_bin_solutions_LDADD = $(suite_ldadd)

cgi_bin_operations_SOURCES = $(cgi_bin_acting) %D%/operations.c
cgi_bin_operations_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=operations -DPROGRAM_operations
cgi_bin_operations_LDADD = $(suite_ldadd)

cgi_bin_intercom_SOURCES = $(cgi_bin_beginning) %D%/intercom.c
cgi_bin_intercom_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=intercom -DPROGRAM_intercom
cgi_bin_intercom_LDADD = $(suite_ldadd)

cgi_bin_convert_SOURCES = $(cgi_bin_beginning) %D%/convert.c
cgi_bin_convert_CPPFLAGS = $(AM_CPPFLAGS) -DPROGRAM=convert -DPROGRAM_convert
cgi_bin_convert_LDADD = $(suite_ldadd)
