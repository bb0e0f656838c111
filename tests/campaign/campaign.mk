# SPDX-License-Identifier: MIT
# Real processes, killed, stopped and rebooted around one store.  Short in "make
# check"; `make check-campaign` is the long one, about a minute.

check_LIBRARIES += %D%/libcampaign.a
tests_campaign_libcampaign_a_SOURCES = %D%/state.c %D%/state.h
tests_campaign_libcampaign_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
campaign_ldadd = %D%/libcampaign.a $(tests_ldadd)

check_PROGRAMS += %D%/kill.t
tests_campaign_kill_t_SOURCES = %D%/kill.c
tests_campaign_kill_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_campaign_kill_t_LDADD = $(campaign_ldadd)

check_PROGRAMS += %D%/power.t
tests_campaign_power_t_SOURCES = %D%/power.c
tests_campaign_power_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_campaign_power_t_LDADD = $(campaign_ldadd)

check_PROGRAMS += %D%/trouble.t
tests_campaign_trouble_t_SOURCES = %D%/trouble.c
tests_campaign_trouble_t_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_campaign_trouble_t_LDADD = $(campaign_ldadd)

# Killed at every request of both recipes; half a minute, most of it waiting.
dist_check_SCRIPTS += %D%/steps.sh

check-campaign: $(check_LIBRARIES) %D%/kill.t %D%/power.t %D%/trouble.t
	%D%/kill.t --full
	%D%/power.t --full
	%D%/trouble.t --full

.PHONY: check-campaign
