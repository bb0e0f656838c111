# SPDX-License-Identifier: MIT
# The kit for shared hosting, and its test in a bare Debian.

kit:
	$(srcdir)/kit/build '$(abs_srcdir)' '$(abs_builddir)' '$(PACKAGE_VERSION)'

# Needs root (chroot) and debootstrap; about two minutes, of which one is the bare root's first time.
check-kit: all kit tests/sandbox/sandbox$(EXEEXT)
	$(srcdir)/tests/kit/run '$(abs_builddir)' '$(abs_builddir)/oscgi-$(PACKAGE_VERSION)-kit.tar.gz'

.PHONY: kit check-kit

EXTRA_DIST += \
	%D%/build \
	%D%/htaccess \
	%D%/htaccess.cgi-bin \
	%D%/htaccess.closed \
	%D%/htaccess.www \
	tests/kit/run \
	tests/debroot.sh
