/* SPDX-License-Identifier: MIT */
#include "store/redis_lib.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "base/log.h"

/* Its structs are read directly, so it must be the version compiled for. */
#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)
#define LIBRARY  "libhiredis.so." TEXT(HIREDIS_SONAME)

/* POSIX makes a function pointer of dlsym's result; ISO C wants it said this way. */
static bool
find(void *lib, const char *name, void *fn, size_t size)
{
	void *p = dlsym(lib, name);

	if (p == NULL) {
		log_event(LOG_LEVEL_ERROR, "store_library", "%s has no %s", LIBRARY, name);
		return false;
	}
	memcpy(fn, &p, size);
	return true;
}

#define FIND(lib, name, fn) find(lib, name, &(fn), sizeof(fn))

const struct redis_lib *
redis_lib_load(void)
{
	static struct redis_lib functions;
	static bool loaded;
	void *lib;

	if (loaded)
		return &functions;
	lib = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	if (lib == NULL) {
		log_event(LOG_LEVEL_ERROR, "store_library", "%s; SESSION_STORE=redis: needs the package libhiredis"
		    TEXT(HIREDIS_SONAME), dlerror());
		return NULL;
	}
	loaded = FIND(lib, "redisConnectWithTimeout", functions.connect) &&
	    FIND(lib, "redisSetTimeout", functions.set_timeout) &&
	    FIND(lib, "redisCommandArgv", functions.command) &&
	    FIND(lib, "freeReplyObject", functions.free_reply) && FIND(lib, "redisFree", functions.free);
	if (!loaded)
		(void)dlclose(lib);
	return loaded ? &functions : NULL;
}
