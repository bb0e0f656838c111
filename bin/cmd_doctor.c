/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <libgen.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/call.h"
#include "base/text.h"
#include "command.h"
#include "crypto/keyring.h"
#include "oauth/oauth.h"
#include "store/store.h"

#define MEMORY_MAX (2 * 1024 * 1024)
#define FAULTS_MAX (64 * 1024)

static const char usage[] =
    "Usage: oscgi doctor\n"
    "\n"
    "Print every setting with where it came from (secrets masked), and check the\n"
    "settings, the permissions of STATE_DIR and KEY_FILE, whether the store can be\n"
    "written and read, and whether Open Source Cloud answers.  Nothing is made that is\n"
    "not there yet.\n"
    "\n"
    "Settings of the environment count as they are here: run it with the environment\n"
    "that the web server gives to the executables.\n"
    "\n"
    "Exit status: 0 when all is well, 1 when something is wrong.\n";

extern char **environ;

/* What the doctor has found so far. */
struct visit {
	struct arena memory;
	struct buf   faults;	/* of the settings: "NAME: sentence" lines */
	int          wrong;
};

static void
say(struct visit *v, bool good, const char *what, const char *text)
{
	printf("  %-4s  %-10s %s\n", good ? "ok" : "BAD", what, text);
	if (!good)
		v->wrong++;
}

static void
advise(const char *text)
{
	printf("  note  %s\n", text);
}

/* The faults that begin with this setting's name, indented below it. */
static void
show_faults_of(const struct buf *faults, const char *name)
{
	const char *p = buf_cstr(faults);
	size_t n, len = strlen(name);

	for (; *p != '\0'; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (strncmp(p, name, len) == 0 && p[len] == ':')
			printf("        ^ %.*s\n", (int)(n - len - 2), p + len + 2);
	}
}

static bool
names_setting(const char *line)
{
	size_t n = strcspn(line, ":");
	int i;

	for (i = 0; i < CONFIG__MAX; i++)
		if (strlen(config_setting((enum config_id)i)->name) == n &&
		    strncmp(config_setting((enum config_id)i)->name, line, n) == 0)
			return true;
	return false;
}

static void
show_settings(struct visit *v, const struct config *cf)
{
	static const char *const sources[] = {
		[CONFIG_FROM_DEFAULT] = "default", [CONFIG_FROM_FILE] = "file", [CONFIG_FROM_ENVIRONMENT] = "environment"
	};
	const struct config_setting *s;
	const char *value, *p;
	size_t n;
	int i;

	printf("Settings (file: %s%s)\n", cf->file, command_exists(cf->file) ? "" : ", not there");
	for (i = 0; i < CONFIG__MAX; i++) {
		s = config_setting((enum config_id)i);
		value = config_show(cf, (enum config_id)i, &v->memory);
		printf("  %-18s %-11s %s\n", s->name, sources[cf->source[i]],
		    value == NULL || *value == '\0' ? "-" : value);
		show_faults_of(&v->faults, s->name);
	}
	for (p = buf_cstr(&v->faults); *p != '\0'; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		v->wrong++;
		if (!names_setting(p))
			printf("  BAD   %.*s\n", (int)n, p);
	}
}

/* Right, but perhaps not meant. */
static void
advise_on(const struct config *cf)
{
	const char *const *p;
	struct stat st;

	if (*cf->public_url == '\0' && *cf->allowed_hosts == NULL)
		advise("PUBLIC_URL is not set: only addresses on the loopback are answered");
	if (text_starts_with(cf->public_url, "http:") && !cf->allow_http)
		advise("PUBLIC_URL is http: off the loopback nobody can sign in unless ALLOW_HTTP is 1");
	if (cf->allow_http)
		advise("ALLOW_HTTP is 1: whoever listens on the way can take over a session");
	for (p = cf->trusted_proxies; *p != NULL; p++)
		if (text_ends_with(*p, "/0"))
			advise("TRUSTED_PROXIES trusts everybody: visitors can forge X-Forwarded-Host and -Proto");
	if (cf->source[CONFIG_CLIENT_SECRET] == CONFIG_FROM_FILE && *cf->client_secret_file == '\0' &&
	    stat(cf->file, &st) == 0 && (st.st_mode & 007) != 0)
		advise("others can read the settings file, with CLIENT_SECRET in it: chmod o= or use CLIENT_SECRET_FILE");
}

/* A directory that is not there yet: could it be made? */
static void
check_parent(struct visit *v, const char *dir)
{
	char *copy = arena_strdup(&v->memory, dir);
	const char *parent = copy != NULL ? dirname(copy) : NULL;

	if (parent == NULL) {
		say(v, false, "state", "out of memory");
		return;
	}
	if (access(parent, W_OK | X_OK) == 0)
		say(v, true, "state", arena_printf(&v->memory, "%s is not there yet; it is made on first use, or by "
		    "'oscgi init'", dir));
	else
		say(v, false, "state", arena_printf(&v->memory, "%s is not there, and cannot be made in %s (%s): make it, mode "
		    "0700, owned by the user that the executables run as", dir, parent, strerror(errno)));
}

/* True: it is there and good. */
static bool
check_state(struct visit *v, struct app *app)
{
	const char *dir = app->config.state_dir;
	bool good;

	if (!command_exists(dir)) {
		check_parent(v, dir);
		return false;
	}
	good = app_state_dir(app) == ERR_OK;	/* logs what is wrong with it */
	say(v, good, "state", dir);
	return good;
}

static void
check_key(struct visit *v, struct app *app)
{
	if (!command_exists(app->config.key_file))
		say(v, true, "key", arena_printf(&v->memory, "%s is not there yet; it is made on first use",
		    app->config.key_file));
	else
		say(v, keyring_load(app->keys) == ERR_OK, "key", app->config.key_file);
}

static void
check_store(struct visit *v, struct app *app)
{
	bool good = store_probe(app->store) == ERR_OK;

	say(v, good, "store", good ? "can be written and read" : "cannot be written and read");
}

static void
check_upstream(struct visit *v, struct app *app)
{
	const char *url = app->config.osc_app_url;
	struct call call = { .arena = &v->memory, .request_id = "doctor" };
	struct oauth_server server;
	enum err e;

	e = oauth_metadata_fetch(app->http, &call, url, app->config.platform_on_loopback, &server);
	if (e == ERR_OK)
		say(v, true, "upstream", arena_printf(&v->memory, "%s answers", url));
	else if (e == ERR_PROTOCOL)
		say(v, true, "upstream", arena_printf(&v->memory, "%s answers, but does not describe itself: the documented "
		    "addresses are used", url));
	else
		say(v, false, "upstream", arena_printf(&v->memory, "%s: %s%s%s", url, err_info(e)->title,
		    call.detail != NULL ? ": " : "", call.detail != NULL ? call.detail : ""));
}

static void
check_running(struct visit *v)
{
	const struct passwd *pw = getpwuid(geteuid());
	struct app app;
	struct buf faults;

	printf("\nChecks, as user %s\n", pw != NULL ? pw->pw_name : "(without a name)");
	buf_init(&faults, FAULTS_MAX);
	if (app_open(&app, environ, &faults) != ERR_OK) {
		say(v, false, "settings", "cannot be used");
		fputs(buf_cstr(&faults), stdout);
	} else {
		advise_on(&app.config);
		if (check_state(v, &app)) {
			check_key(v, &app);
			check_store(v, &app);
		}
		check_upstream(v, &app);
		app_close(&app);
	}
	buf_free(&faults);
}

/* The settings, read anew once we are who we should be: files may be readable to one user only. */
static enum err
read_settings(struct visit *v, struct config *cf, bool *became)
{
	enum err e;

	*became = true;
	e = config_read(environ, &v->memory, cf, &v->faults);
	if (e == ERR_NOMEM || geteuid() != 0)
		return e;
	*became = command_become_owner(cf->state_dir);
	buf_clear(&v->faults);
	return config_read(environ, &v->memory, cf, &v->faults);
}

/* doctor - show the settings, and what is wrong */
int
cmd_doctor(int argc, char **argv)
{
	struct visit v = { .wrong = 0 };
	struct config cf;
	bool became;
	int status;
	enum err e;

	if (command_plain(argc, argv, usage, &status))
		return status;
	arena_init(&v.memory, MEMORY_MAX);
	buf_init(&v.faults, FAULTS_MAX);
	e = read_settings(&v, &cf, &became);
	if (e == ERR_NOMEM) {
		fputs("oscgi doctor: out of memory\n", stderr);
		v.wrong++;
	} else {
		show_settings(&v, &cf);
		if (e == ERR_OK && became)
			check_running(&v);
	}
	if (!became || (e != ERR_OK && v.wrong == 0))
		v.wrong++;
	printf("\n%s\n", v.wrong == 0 ? "All is well." : "Something is wrong: see above.");
	buf_free(&v.faults);
	arena_free(&v.memory);
	return v.wrong == 0 ? COMMAND_OK : COMMAND_FAILED;
}
