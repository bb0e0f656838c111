# SPDX-License-Identifier: MIT
# Several machines that share a store: namespaces, so not for every builder.

check-fleet: all tests/sandbox/sandbox$(EXEEXT)
	$(E2E_ENV) $(srcdir)/%D%/run

.PHONY: check-fleet

EXTRA_DIST += \
	%D%/cases/renew.sh \
	%D%/cases/trouble.sh \
	%D%/cases/tunnel.sh \
	%D%/cases/visitors.sh \
	%D%/fleet.sh \
	%D%/machine \
	%D%/main.sh \
	%D%/net.sh \
	%D%/relay.sh \
	%D%/run
