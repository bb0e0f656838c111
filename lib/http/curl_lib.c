/* SPDX-License-Identifier: MIT */
#include "http/curl_lib.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "base/log.h"

#define LIBRARY "libcurl-gnutls.so.4"

/* POSIX lets dlsym give functions; ISO C has no cast for it, hence the copy. */
static bool
find(void *library, const char *name, void *pointer, size_t size)
{
	void *symbol = dlsym(library, name);

	if (symbol == NULL) {
		log_event(LOG_LEVEL_ERROR, "library", "%s has no %s", LIBRARY, name);
		return false;
	}
	memcpy(pointer, &symbol, size);
	return true;
}

const struct curl_lib *
curl_lib_load(void)
{
	static struct curl_lib lib;
	static bool loaded;
	void *library;

	if (loaded)
		return &lib;
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL) {
		log_event(LOG_LEVEL_ERROR, "library", "%s cannot be loaded", LIBRARY);
		return NULL;
	}
#define FIND(name)                                                      \
	if (!find(library, #name, &lib.name, sizeof(lib.name))) \
		return NULL;
	CURL_LIB_FUNCTIONS(FIND)
#undef FIND
	if (lib.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		log_event(LOG_LEVEL_ERROR, "library", "%s cannot be initialised", LIBRARY);
		return NULL;
	}
	loaded = true;
	return &lib;
}
