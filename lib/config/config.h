/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_CONFIG_CONFIG_H
#define OSCGI_CONFIG_CONFIG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"

/*
 * The settings, read once at the start: from the environment, then from the
 * INI file named by OSCGI_CONFIG, then the defaults of config.def.  Members are
 * what the code wants: unset text is "", lists are NULL-terminated, URLs have no
 * slash at the end, platform URLs and the key file's path are always filled in.
 */
enum config_type {
	CONFIG_TYPE_TEXT, CONFIG_TYPE_SECRET, CONFIG_TYPE_INT, CONFIG_TYPE_FLAG, CONFIG_TYPE_URL, CONFIG_TYPE_LIST,
	CONFIG_TYPE_PATH, CONFIG_TYPE_CHOICE
};

/* The member of each. */
#define CONFIG_MEMBER_TEXT   const char *
#define CONFIG_MEMBER_SECRET struct secret
#define CONFIG_MEMBER_INT    int
#define CONFIG_MEMBER_FLAG   bool
#define CONFIG_MEMBER_URL    const char *
#define CONFIG_MEMBER_LIST   const char *const *
#define CONFIG_MEMBER_PATH   const char *
#define CONFIG_MEMBER_CHOICE const char *

enum config_source { CONFIG_FROM_DEFAULT, CONFIG_FROM_FILE, CONFIG_FROM_ENVIRONMENT };

enum config_id {
#define SETTING(member, name, type, preset, meaning) CONFIG_##name,
#include "config/config.def"
#undef SETTING
	CONFIG__MAX
};

struct config {
#define SETTING(member, name, type, preset, meaning) CONFIG_MEMBER_##type member;
#include "config/config.def"
#undef SETTING
	enum config_source source[CONFIG__MAX];
	const char        *refused[CONFIG__MAX];	/* what was given and is no value of its type; NULL: nothing */
	struct secret      store_password;	/* what STORE_PASSWORD_FILE holds; absent without one */
	const char        *file;	/* the file read, or that would have been */
	bool               platform_on_loopback;	/* OSC_APP_URL is: http and loopback addresses are fine upstream */
};

struct config_setting {
	const char      *name;
	enum config_type type;
	const char      *preset, *meaning;
};

/* The setting that was probably meant by a name that is none; NULL: no name is near it. */
const char *config_nearest(const char *name);

/* Borrowed constant description of a setting. */
const struct config_setting *config_setting(enum config_id id);

/*
 * Read and check.  env: NAME=value strings (the process environment).  Strings live in `a`.
 * What is wrong is added to `faults`, one sentence a line, naming the setting
 * and what would be right; ERR_CONFIG when there was any.  Unknown names in the
 * file are faults too.  ERR_NOMEM.
 */
WARN_UNUSED enum err config_read(char *const *env, struct arena *a, struct config *out, struct buf *faults);

/* The value as text for people, what was given where that is none; secrets masked; in `a`. */
const char *config_show(const struct config *cf, enum config_id id, struct arena *a);

/* host[:port] of every configured platform URL, lower case, NULL-terminated; in `a`. */
const char *const *config_platform_hosts(const struct config *cf, struct arena *a);
/* The same of PUBLIC_URL; empty without one. */
const char *const *config_site_hosts(const struct config *cf, struct arena *a);

#endif
