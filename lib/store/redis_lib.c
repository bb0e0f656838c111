/* SPDX-License-Identifier: MIT */
#include "store/redis_lib.h"

#include <dlfcn.h>
#include <stdbool.h>

#include "base/library.h"
#include "base/log.h"

/* Its structs are read directly, so it must be the version compiled for. */
#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)
#define LIBRARY  "libhiredis.so." TEXT(HIREDIS_SONAME)

#define FIND(lib, name, fn) library_find(lib, name, &(fn), sizeof(fn), "store_library")

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
