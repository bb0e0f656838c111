# SPDX-License-Identifier: MIT
# Manual pages, and one page a mechanism.

dist_man1_MANS = %D%/man/oscgi.1
dist_man5_MANS = %D%/man/oscgi.conf.5
dist_man8_MANS = %D%/man/oscgi-enable.8 %D%/man/oscgi-programs.8
dist_doc_DATA = \
	%D%/build-your-own.md \
	%D%/curl.md \
	%D%/features.md \
	%D%/http.md \
	%D%/operations.md \
	%D%/protect.md \
	%D%/sandbox.md \
	%D%/scaling.md \
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
