# SPDX-License-Identifier: MIT
# The pages in a browser: run by tools/check against a suite that runs, so
# nothing of it is built or run by make check.

EXTRA_DIST += \
	%D%/access.mjs \
	%D%/apps.mjs \
	%D%/browser.mjs \
	%D%/every-page.mjs \
	%D%/hostile.mjs \
	%D%/layout.mjs \
	%D%/main-job.mjs \
	%D%/main.mjs \
	%D%/package-lock.json \
	%D%/own-app.mjs \
	%D%/package.json \
	%D%/run.sh \
	%D%/source.mjs \
	%D%/tap.mjs \
	%D%/trouble.mjs \
	%D%/two-apps.mjs \
	%D%/whole.mjs \
	%D%/workspace.mjs
