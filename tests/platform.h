/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_PLATFORM_H
#define OSCGI_TESTS_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "app.h"
#include "http/http.h"

/*
 * The platform and a visitor's workspace in memory that processes share, so that
 * a test can kill the one that works on it and look at what is there, and how often it
 * was made.  Applications of instances answer only to the credentials that their options
 * lead to.
 */
#define PLATFORM_THINGS_MAX 64

enum platform_kind { PLATFORM_SERVICE, PLATFORM_INSTANCE, PLATFORM_SECRET, PLATFORM_DATABASE, PLATFORM_BUCKET,
	PLATFORM_SUSPENDED, PLATFORM_FILE, PLATFORM_JOB, PLATFORM_TOLD };

struct platform_thing {
	enum platform_kind kind;
	char service[48], name[64];
	char value[2048];	/* of a secret; an instance's options, a job: JSON */
	bool there;
	int  made;		/* how often; so often was the listener told of a job */
	int  looks;		/* at its health: the first says "starting" */
	int  restarts;
};

struct platform {
	struct http           http;	/* first; valid in every process that was forked after platform_open */
	struct platform_thing things[PLATFORM_THINGS_MAX];
	int                   n, calls;
	int                   die_at;	/* the call at which the process is killed; 0: none */
	bool                  die_before;	/* before it takes effect, or after */
	char                  refuse[48];	/* creating an instance of this service is refused with 403 */
	char                  race[48];	/* somebody else makes the instance of this service, a moment before: once */
	char                  fail[48];		/* its instances' health is "failed" */
	char                  tenant[32];
	int64_t               now_s;
};

/* In shared memory. */
struct platform *platform_open(void);
void platform_close(struct platform *p);
/* Do it in a process of its own that is killed at that call, before it takes effect or after; true: it lived to the end. */
bool platform_outlived(struct platform *p, void (*act)(void *ctx), void *ctx, int at, bool before);
void platform_reset(struct platform *p);
struct platform_thing *platform_find(struct platform *p, enum platform_kind kind, const char *service, const char *name);
struct platform_thing *platform_add(struct platform *p, enum platform_kind kind, const char *service, const char *name,
    const char *value);
/* "kind service name xN;" for everything that is there, in the order in which it was made. */
const char *platform_summary(struct platform *p, struct arena *a);

/* A site around it: a database in `dir`, the platform's clock; the same from every process. */
struct site {
	struct app       app;
	struct clock     clock;
	struct platform *platform;
	char             key_path[128];
};
void site_open(struct site *s, struct platform *p, const char *dir);
void site_close(struct site *s);

#endif
