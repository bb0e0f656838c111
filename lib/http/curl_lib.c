/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* dl_iterate_phdr */
#endif

#include "http/curl_lib.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/library.h"
#include "base/log.h"

#define LIBRARY "libcurl-gnutls.so.4"

/* Code and constants come back from the file when they are used again; nothing else is given up. */
static int
drop_unwritten(struct dl_phdr_info *object, size_t size, void *ctx)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start, end;

	(void)size;
	(void)ctx;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

		if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0)
			continue;
		start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
		end = object->dlpi_addr + segment->p_vaddr + segment->p_memsz;
		/* A failure changes nothing. */
		(void)madvise((void *)start, end - start, MADV_DONTNEED);
	}
	return 0;
}

/*
 * The start of libcurl runs through some thirty libraries, most of whose code is
 * never used again, but would count as this process's memory for its whole life:
 * where that is limited, as in shared hosting, by two megabytes too much.
 */
static void
drop_startup_code(void)
{
	(void)dl_iterate_phdr(drop_unwritten, NULL);
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
	if (library == NULL)
		log_event(LOG_LEVEL_ERROR, "library", "%s cannot be loaded", LIBRARY);
#define FIND(name) && library_find(library, #name, &lib.name, sizeof(lib.name), "library")
	if (!(library != NULL CURL_LIB_FUNCTIONS(FIND)))
		return NULL;
#undef FIND
	if (lib.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		log_event(LOG_LEVEL_ERROR, "library", "%s cannot be initialised", LIBRARY);
		return NULL;
	}
	drop_startup_code();
	loaded = true;
	return &lib;
}
