# SPDX-License-Identifier: MIT
# The store: the contract and the memory backend stand alone; Berkeley DB's is at the edge.
libcore_a_SOURCES += \
	%D%/store.c %D%/store.h \
	%D%/store_mem.c %D%/store_mem.h

# libdb itself is loaded at run time (dlopen): nothing links it.
libedge_a_SOURCES += \
	%D%/bdb_env.c %D%/bdb_env.h \
	%D%/bdb_format.c %D%/bdb_format.h \
	%D%/bdb_gate.c %D%/bdb_gate.h \
	%D%/bdb_lease.c %D%/bdb_lease.h \
	%D%/bdb_lib.c %D%/bdb_lib.h \
	%D%/bdb_recent.c %D%/bdb_recent.h \
	%D%/bdb_regions.c %D%/bdb_regions.h \
	%D%/store_bdb.c %D%/store_bdb.h
