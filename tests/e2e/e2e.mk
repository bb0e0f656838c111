# SPDX-License-Identifier: MIT
# The suite under five web servers, and its pages in a browser.  Neither belongs
# to "make check": they want servers and a browser that a builder need not have.

E2E_HOSTS =
E2E_ENV = E2E_BUILD='$(abs_builddir)' E2E_SOURCE='$(abs_srcdir)'

noinst_PROGRAMS += %D%/params
tests_e2e_params_SOURCES = %D%/params.c
tests_e2e_params_LDADD = $(FCGI_LIBS)

check-e2e: all tests/sandbox/sandbox$(EXEEXT) tests/e2e/params$(EXEEXT)
	$(E2E_ENV) $(srcdir)/tests/e2e/run $(E2E_HOSTS)

# Beside the programs of another version, of which OTHER is the build directory.
check-upgrade: all tests/sandbox/sandbox$(EXEEXT)
	E2E_OTHER='$(OTHER)' $(E2E_ENV) $(srcdir)/tests/e2e/main.sh lighttpd-fcgi upgrade

check-browser: all tests/sandbox/sandbox$(EXEEXT)
	$(E2E_ENV) $(srcdir)/tests/e2e/browsers

.PHONY: check-e2e check-upgrade check-browser

EXTRA_DIST += \
	%D%/browser \
	%D%/browsers \
	%D%/cases/apps.sh \
	%D%/cases/callback.sh \
	%D%/cases/check.sh \
	%D%/cases/convert.sh \
	%D%/cases/guard.sh \
	%D%/cases/hostile.sh \
	%D%/cases/https.sh \
	%D%/cases/instances.sh \
	%D%/cases/intercom.sh \
	%D%/cases/jobs.sh \
	%D%/cases/leaks.sh \
	%D%/cases/metadata.sh \
	%D%/cases/metrics.sh \
	%D%/cases/operate.sh \
	%D%/cases/operations.sh \
	%D%/cases/pages.sh \
	%D%/cases/processes.sh \
	%D%/cases/refresh.sh \
	%D%/cases/requests.sh \
	%D%/cases/secrets.sh \
	%D%/cases/services.sh \
	%D%/cases/signin.sh \
	%D%/cases/signout.sh \
	%D%/cases/solutions.sh \
	%D%/cases/suspended.sh \
	%D%/cases/upgrade.sh \
	%D%/cases/upkeep.sh \
	%D%/cases/visitors.sh \
	%D%/cases/wire.sh \
	%D%/client.sh \
	%D%/guarded/whoami.pl \
	%D%/guarded/whoami.py \
	%D%/hosts.sh \
	%D%/load.sh \
	%D%/main.sh \
	%D%/run \
	%D%/sandbox.sh \
	%D%/store.sh \
	%D%/tap.sh
