/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "crypto/keyring.h"
#include "doctor/doctor.h"
#include "flow/authority.h"
#include "store/bulk.h"

#define IN_USE_S 86400

void
check_key_file(struct visit *v)
{
	const char *path = v->app->config.key_file;
	const struct hearing *heard;
	struct stat st;
	bool file;

	if (!command_exists(path)) {	/* whether it may be made is seen once the store has been looked at */
		visit_note("%s is not there yet: it is made on first use", path);
		return;
	}
	hearing_begin();
	if (keyring_load(v->app->keys) == ERR_OK) {
		(void)hearing_end();
		visit_well(v, WELL_KEY);
		return;
	}
	heard = hearing_end();
	file = lstat(path, &st) == 0 && S_ISREG(st.st_mode);	/* of anything else no owner is to be changed */
	if (file && st.st_uid != geteuid()) {
		visit_found(v, KEY_OWNER, "%s", path);
		visit_do("chown %s: %s", v->user, path);
	} else if (file && (st.st_mode & 077) != 0) {
		visit_found(v, KEY_READABLE, "%s has mode %03o", path, (unsigned)st.st_mode & 0777);
		visit_do("chmod 600 %s; if somebody did read it, oscgi rotate-key", path);
	} else {
		visit_found(v, KEY_BAD, "%s", *heard->detail != '\0' ? heard->detail : path);
		visit_do("restore %s from a backup", path);
	}
}

/* Asked of the store alone: the keyring would make the file. */
static bool
store_has_records(struct visit *v)
{
	static const char *const kinds[] = { "m:", "r:", "s:", "o:" };
	long n = 0;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && n == 0; i++)
		if (store_count(v->app->store, kinds[i], 1, &n) != ERR_OK)
			return false;
	return n > 0;
}

void
check_key_and_store(struct visit *v)
{
	const char *path = v->app->config.key_file;
	struct authority_survey survey;

	if (!command_exists(path)) {
		if (!store_has_records(v))
			return;
		visit_found(v, KEY_MISSING, "%s: a new one would open none of them", path);
		visit_do("restore %s from a backup; if it is lost, let everybody sign in again: oscgi sessions --end-all", path);
		return;
	}
	if (!(v->well & WELL_KEY) || authority_survey(v->app, &v->call, &survey) != ERR_OK ||
	    survey.opened == survey.documents)
		return;
	visit_found(v, survey.opened == 0 ? KEY_FOREIGN : KEY_PARTLY, "%d of %d records are sealed with another key, %s",
	    survey.documents - survey.opened, survey.documents, path);
	visit_do("restore the key file that belongs to this store, or set KEY_FILE to it; if it is lost, let everybody "
	    "sign in again: oscgi sessions --end-all");
}

static const char *
or_none(const char *value)
{
	return *value != '\0' ? value : "(not set)";
}

/*
 * Another set of settings that was used after ours began: not one that was changed.  While ours has not been used
 * yet nobody can tell, and it is said all the same: this is when a second site is set up.
 */
void
check_one_site(struct visit *v)
{
	struct authority_survey survey;
	const struct authority_use *u;
	int64_t now = clock_now_s(v->app->clock);
	size_t i;

	if (authority_survey(v->app, &v->call, &survey) != ERR_OK)
		return;
	for (i = 0; i < survey.others; i++) {
		u = &survey.other[i];
		if (now - u->seen_s > IN_USE_S || (survey.since_s != 0 && u->seen_s < survey.since_s))
			continue;
		visit_found(v, STATE_SHARED, "%lld minutes ago PUBLIC_URL was %s, CLIENT_ID %s, COOKIE_NAME %s, OSC_APP_URL %s",
		    (long long)(now - u->seen_s) / 60, or_none(u->site), or_none(u->client_id), u->cookie_name, u->issuer);
		visit_do("give each site a STATE_DIR of its own (or STORE_PREFIX, where SESSION_STORE is a server); nothing, if it "
		    "is this site and its settings were changed since");
	}
}
