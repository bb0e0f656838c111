# SPDX-License-Identifier: MIT
# The pages: served by the web server as they are, built by nothing.

# nobase: each lands at its own path, so www/js/api.js in $(pkgdatadir)/www/js.
wwwdir = $(pkgdatadir)
nobase_dist_www_DATA = \
	%D%/apps.html \
	%D%/convert.html \
	%D%/dashboard.html \
	%D%/icon.svg \
	%D%/index.html \
	%D%/intercom.html \
	%D%/jobs.html \
	%D%/secrets.html \
	%D%/solutions.html \
	%D%/style.css \
	%D%/js/api.js \
	%D%/js/apps.js \
	%D%/js/birth.js \
	%D%/js/busy.js \
	%D%/js/chooser.js \
	%D%/js/confirm.js \
	%D%/js/convert-form.js \
	%D%/js/convert-rules.js \
	%D%/js/convert.js \
	%D%/js/create.js \
	%D%/js/dashboard.js \
	%D%/js/desk.js \
	%D%/js/details.js \
	%D%/js/dom.js \
	%D%/js/draft.js \
	%D%/js/facts.js \
	%D%/js/field.js \
	%D%/js/form-sheet.js \
	%D%/js/icons.js \
	%D%/js/instances.js \
	%D%/js/intercom.js \
	%D%/js/job-result.js \
	%D%/js/jobs.js \
	%D%/js/landing.js \
	%D%/js/listing.js \
	%D%/js/log-view.js \
	%D%/js/offer.js \
	%D%/js/operation-card.js \
	%D%/js/operations.js \
	%D%/js/option-rules.js \
	%D%/js/options-form.js \
	%D%/js/pages.js \
	%D%/js/pattern-check.js \
	%D%/js/pattern-worker.js \
	%D%/js/pattern.js \
	%D%/js/plan.js \
	%D%/js/poll.js \
	%D%/js/problem.js \
	%D%/js/roster.js \
	%D%/js/row.js \
	%D%/js/secrets.js \
	%D%/js/services.js \
	%D%/js/session.js \
	%D%/js/sheet.js \
	%D%/js/solution-rules.js \
	%D%/js/solutions.js \
	%D%/js/spoken.js \
	%D%/js/status.js \
	%D%/js/suspended.js \
	%D%/js/system-card.js \
	%D%/js/time-words.js \
	%D%/js/upload.js \
	%D%/js/watch.js \
	%D%/js/work-list.js

EXTRA_DIST += %D%/README.md
