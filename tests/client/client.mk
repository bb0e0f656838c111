# SPDX-License-Identifier: MIT
# The platform's JavaScript client on the sandbox.  Not of "make check": it
# wants Node.js, and a registry the first time.

check-client: tests/sandbox/sandbox$(EXEEXT)
	$(srcdir)/tests/client/run.sh $(abs_builddir)/tests/sandbox/sandbox$(EXEEXT) $(abs_builddir)/tests/client/modules

.PHONY: check-client

EXTRA_DIST += \
	%D%/main.cjs \
	%D%/osc.cjs \
	%D%/package-lock.json \
	%D%/package.json \
	%D%/preload.cjs \
	%D%/run.sh \
	%D%/sandbox.cjs \
	%D%/storage.cjs \
	%D%/tap.cjs
