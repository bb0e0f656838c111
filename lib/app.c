/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "crypto/key_file.h"
#include "crypto/keyring.h"
#include "http/http_curl.h"
#include "metrics/metrics.h"

#define SETTINGS_MEMORY_MAX (1024 * 1024)
#define STORE_WAIT_MS       3000

struct store_setup
app_store_setup(const struct app *app)
{
	const struct config *cf = &app->config;

	return (struct store_setup){
		.where = cf->session_store,
		.dir = cf->state_dir,
		.prefix = cf->store_prefix,
		.password = cf->store_password,
		.clock = app->clock,
		.wait_ms = STORE_WAIT_MS,
	};
}

static enum err
open_store(struct app *app, struct buf *faults)
{
	const struct store_setup setup = app_store_setup(app);
	const char *setting, *wrong;

	wrong = store_setup_wrong(&setup, &setting);
	if (wrong == NULL)
		return store_open(&setup, &app->store);
	buf_str(faults, setting);
	buf_str(faults, ": ");
	buf_str(faults, wrong);
	buf_char(faults, '\n');
	return ERR_CONFIG;
}

static enum err
open_http(struct app *app)
{
	const struct config *cf = &app->config;
	struct http_curl_options *o = arena_alloc(&app->memory, sizeof(*o));

	if (o == NULL)
		return ERR_NOMEM;
	*o = (struct http_curl_options){
		.platform_hosts = config_platform_hosts(cf, &app->memory),
		.token_hosts = cf->osc_token_hosts,
		.site_hosts = config_site_hosts(cf, &app->memory),
		.loopback_allowed = cf->platform_on_loopback,
		.proxy = *cf->upstream_proxy != '\0' ? cf->upstream_proxy : NULL,
		.ca_file = *cf->ssl_cert_file != '\0' ? cf->ssl_cert_file : NULL,
		.timeout_ms = cf->upstream_timeout_s * 1000,
		.user_agent = PACKAGE_NAME "/" PACKAGE_VERSION,
	};
	if (o->platform_hosts == NULL || o->site_hosts == NULL)
		return ERR_NOMEM;
	return http_curl_open(o, &app->http);
}

/* Beside the store; counted only where somebody may ask. */
static enum err
open_metrics(struct app *app)
{
	const char *path;

	if (*app->config.metrics_allow == NULL)
		return ERR_OK;
	path = arena_concat(&app->memory, app->config.state_dir, "/metrics");
	return path == NULL ? ERR_NOMEM : metrics_open(path, &app->metrics);
}

enum err
app_open(struct app *app, char *const *env, struct buf *faults)
{
	enum err e;

	memset(app, 0, sizeof(*app));
	app->clock = &clock_system;
	arena_init(&app->memory, SETTINGS_MEMORY_MAX);
	e = config_read(env, &app->memory, &app->config, faults);
	if (e == ERR_OK) {
		log_set_level(log_level_named(app->config.log_level));
		e = open_store(app, faults);
	}
	if (e == ERR_OK)
		e = keyring_open(app->config.key_file, &app->keys);
	if (e == ERR_OK)
		e = open_http(app);
	if (e == ERR_OK)
		e = open_metrics(app);
	if (e != ERR_OK)
		app_close(app);
	return e;
}

void
app_close(struct app *app)
{
	http_close(app->http);
	metrics_close(app->metrics);
	keyring_close(app->keys);
	store_close(app->store);
	arena_free(&app->memory);
	memset(app, 0, sizeof(*app));
}

enum err
app_state_dir(struct app *app)
{
	const char *dir = app->config.state_dir;
	struct stat st;

	if (app->state_checked)
		return ERR_OK;
	if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
		log_event(LOG_LEVEL_ERROR, "state", "STATE_DIR %s cannot be made: %s; make it yourself, mode 0700, owned "
		    "by the user that the programs run as", dir, strerror(errno));
		app->state_fault = "The directory of its state, STATE_DIR, cannot be made.";
		return ERR_STORE;
	}
	if (lstat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
		log_event(LOG_LEVEL_ERROR, "state", "STATE_DIR %s is not a directory", dir);
		app->state_fault = "What should be the directory of its state, STATE_DIR, is none.";
		return ERR_STORE;
	}
	if (st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		log_event(LOG_LEVEL_ERROR, "state", "STATE_DIR %s must belong to user %ld alone: chown it, and chmod 0700",
		    dir, (long)geteuid());
		app->state_fault = "The directory of its state, STATE_DIR, can be read by others, or is not the programs' "
		    "own: it must have mode 0700.";
		return ERR_STORE;
	}
	app->state_checked = true;
	app->state_fault = NULL;
	return ERR_OK;
}

enum err
app_state(struct app *app)
{
	enum err e;

	if (app->key_checked)
		return ERR_OK;
	e = app_state_dir(app);
	if (e != ERR_OK)
		return e;
	if (!key_file_is_private(app->config.key_file)) {
		log_event(LOG_LEVEL_ERROR, "state", "KEY_FILE %s must belong to user %ld alone: chown it, and chmod 0600",
		    app->config.key_file, (long)geteuid());
		app->state_fault = "The file of its keys, KEY_FILE, can be read by others, or is not the programs' own: it "
		    "must have mode 0600.";
		return ERR_STORE;
	}
	app->key_checked = true;
	app->state_fault = NULL;
	return ERR_OK;
}
