# SPDX-License-Identifier: MIT
# The Debian package, built from what "make dist" has, and its test in a bare root.

deb: dist
	$(srcdir)/tests/deb/build '$(abs_builddir)' '$(PACKAGE_VERSION)'

# Needs root (chroot), debootstrap and lintian; a minute or two.
check-deb: all deb tests/sandbox/sandbox$(EXEEXT)
	$(srcdir)/tests/deb/run '$(abs_builddir)' '$(abs_builddir)/deb/oscgi_$(PACKAGE_VERSION)_'*.deb

.PHONY: deb check-deb

EXTRA_DIST += \
	%D%/changelog \
	%D%/control \
	%D%/copyright \
	%D%/oscgi.postinst \
	%D%/oscgi.postrm \
	%D%/oscgi.prerm \
	%D%/rules \
	%D%/source/format \
	tests/machine.sh \
	tests/deb/build \
	tests/deb/run
