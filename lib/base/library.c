/* SPDX-License-Identifier: MIT */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

#include "base/log.h"

bool
library_find(void *library, const char *name, void *function, size_t size, const char *event)
{
	void *symbol = dlsym(library, name);

	if (symbol == NULL) {
		log_event(LOG_LEVEL_ERROR, event, "%s", dlerror());
		return false;
	}
	/* POSIX lets dlsym give functions; ISO C has no cast for it, hence the copy. */
	memcpy(function, &symbol, size);
	return true;
}
