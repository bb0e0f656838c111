# SPDX-License-Identifier: MIT
# Manual pages, and one page a mechanism.

dist_man1_MANS = %D%/man/oscgi.1
dist_man5_MANS = %D%/man/oscgi.conf.5
dist_man8_MANS = %D%/man/oscgi-enable.8 %D%/man/oscgi-nginx-spawn.8 %D%/man/oscgi-programs.8 %D%/man/oscgi-render.8

# One page describes the executables; each is found by its name.
install-data-hook:
	cd '$(DESTDIR)$(man8dir)' && for program in $(cgibin_PROGRAMS); do \
	    ln -sf oscgi-programs.8 "oscgi-$$(basename "$$program" '$(EXEEXT)').8" || exit 1; \
	done

uninstall-hook:
	cd '$(DESTDIR)$(man8dir)' && for program in $(cgibin_PROGRAMS); do \
	    rm -f "oscgi-$$(basename "$$program" '$(EXEEXT)').8"; \
	done

dist_doc_DATA = \
	%D%/README.md \
	%D%/apache.md \
	%D%/build-your-own.md \
	%D%/curl.md \
	%D%/features.md \
	%D%/getting-started.md \
	%D%/http.md \
	%D%/lighttpd.md \
	%D%/nginx.md \
	%D%/operations.md \
	%D%/protect.md \
	%D%/sandbox.md \
	%D%/scaling.md \
	%D%/security.md \
	%D%/sessions.md \
	%D%/settings.md \
	%D%/shared-hosting.md \
	%D%/signin.md \
	%D%/store.md \
	%D%/troubleshooting.md \
	%D%/upkeep.md

# What README.md shows, in a smaller size.
EXTRA_DIST += \
	%D%/pictures/convert-played.png \
	%D%/pictures/convert-progress.png \
	%D%/pictures/intercom-making.png \
	%D%/pictures/intercom.png

# The pages that begin with nothing, followed by a user on a machine to throw away.  Needs root.
check-doc:
	$(srcdir)/tests/doc/run '$(abs_srcdir)'

.PHONY: check-doc

EXTRA_DIST += \
	tests/doc/apt-get \
	tests/doc/run \
	tests/doc/systemctl
