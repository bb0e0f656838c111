# SPDX-License-Identifier: MIT
# The store: the contract, what is done by its verbs, and the memory backend stand alone; the others are at the edge.
libcore_a_SOURCES += \
	%D%/bulk.c %D%/bulk.h \
	%D%/store.c %D%/store.h \
	%D%/store_mem.c %D%/store_mem.h

# libdb and hiredis themselves are loaded at run time (dlopen): nothing links them.
libedge_a_SOURCES += \
	%D%/backends.c %D%/backends.h \
	%D%/bdb_env.c %D%/bdb_env.h \
	%D%/bdb_format.c %D%/bdb_format.h \
	%D%/bdb_gate.c %D%/bdb_gate.h \
	%D%/bdb_lease.c %D%/bdb_lease.h \
	%D%/bdb_lib.c %D%/bdb_lib.h \
	%D%/bdb_recent.c %D%/bdb_recent.h \
	%D%/bdb_regions.c %D%/bdb_regions.h \
	%D%/header.c %D%/header.h \
	%D%/place.c %D%/place.h \
	%D%/redis_lib.c %D%/redis_lib.h \
	%D%/redis_link.c %D%/redis_link.h \
	%D%/redis_url.c %D%/redis_url.h \
	%D%/store_bdb.c %D%/store_bdb.h \
	%D%/store_valkey.c %D%/store_valkey.h \
	%D%/valkey_facts.c %D%/valkey_facts.h \
	%D%/valkey_names.c %D%/valkey_names.h \
	%D%/valkey_scripts.h
