/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <string.h>

#include "doctor/doctor.h"
#include "store/backends.h"

/* What the store logs when it cannot be used, and what that means. */
static const struct {
	const char  *event, *words;	/* words: somewhere in what was said; "" = anything */
	enum finding what;
	const char  *remedy;
} causes[] = {
	{ "store_full",    "", STATE_FULL, "make room: df -h %1$s" },
	{ "store_busy",    "", STORE_HELD, "fuser -v %1$s/store.gate shows who holds it: end that process" },
	{ "store_broken",  "network file system", STATE_NETWORK, "set STATE_DIR to a directory on a disk of this machine" },
	{ "store_broken",  "newer version", STORE_NEWER, "install the newer version of oscgi again" },
	{ "store_newer",   "", STORE_NEWER, "install the newer version of oscgi again" },
	{ "store_broken",  "", STORE_BROKEN, "restore records.db and log.* of %1$s from a backup, or move them away: "
	    "then visitors sign in again" },
	{ "store_library", "", STORE_LIBRARY, "install it: apt-get install libdb5.3 libhiredis0.14, or what it names" },
	{ "store_gate",    "belongs to", STATE_FILE, "chown -R %2$s: %1$s && chmod -R go= %1$s" },
	{ "store_file",    "", STATE_FILE, "chown -R %2$s: %1$s && chmod -R go= %1$s" },
	{ "store_gone",    "", REDIS_UNREACHABLE, "start the server, or put SESSION_STORE right" },
	{ "store_lost",    "", REDIS_UNREACHABLE, "look at the server's log; SESSION_STORE must name a Valkey or Redis "
	    "server without TLS" },
	{ "store_refused", "WRONGPASS", REDIS_PASSWORD, "put the user in SESSION_STORE and the password there or in "
	    "STORE_PASSWORD_FILE right" },
	{ "store_refused", "NOAUTH", REDIS_PASSWORD, "put the password into the file that STORE_PASSWORD_FILE names" },
	{ "store_refused", "invalid password", REDIS_PASSWORD, "put the password in SESSION_STORE or STORE_PASSWORD_FILE "
	    "right" },
	{ "store_refused", "without any password", REDIS_PASSWORD, "remove the password from SESSION_STORE: the server "
	    "wants none" },
	{ "store_refused", "", REDIS_REFUSES, "put the server right: it must take writes and scripts (EVAL) below "
	    "STORE_PREFIX" },
};

static void
tell_cause(struct visit *v, const struct hearing *h)
{
	const char *dir = v->app->config.state_dir;
	size_t i;

	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strcmp(causes[i].event, h->event) == 0 && strstr(h->detail, causes[i].words) != NULL) {
			visit_found(v, causes[i].what, "%s", h->detail);
			visit_do(causes[i].remedy, dir, v->user);
			return;
		}
	visit_found(v, STORE_FAILED, "%s", *h->detail != '\0' ? h->detail : "no reason was given");
	visit_do("look into the log of the programs, and at %s: ls -la %s", dir, dir);
}

void
check_store(struct visit *v)
{
	const struct hearing *heard;
	enum err e;

	hearing_begin();
	e = store_probe(v->app->store);
	heard = hearing_end();
	if (e == ERR_OK)
		visit_well(v, WELL_STORE);
	else
		tell_cause(v, heard);
}

void
check_store_server(struct visit *v)
{
	const struct store_setup setup = app_store_setup(v->app);
	struct store_facts facts;

	hearing_begin();
	if (store_setup_facts(&setup, &v->memory, &facts) != ERR_OK)
		memset(&facts, 0, sizeof(facts));
	(void)hearing_end();	/* a server that does not tell has nothing against it */
	if (facts.evicts != NULL) {
		visit_found(v, REDIS_EVICTS, "maxmemory-policy is %s", facts.evicts);
		visit_do("redis-cli CONFIG SET maxmemory-policy noeviction, and the same in the server's configuration");
	}
	if (facts.forgets) {
		visit_found(v, REDIS_FORGETS, "neither appendonly nor save is set");
		visit_do("redis-cli CONFIG SET appendonly yes, and the same in the server's configuration");
	}
}
