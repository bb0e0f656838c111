/* SPDX-License-Identifier: MIT */
/*
 * write DIR - write the sample into DIR, an empty directory, as this build keeps it
 *
 * Leaves records.db and key there, and prints the sample's lines.  tests/formats/record
 * makes of it what tests/formats/N has.
 */
#include <stdio.h>
#include <stdlib.h>

#include "crypto/keyring.h"
#include "fixture.h"
#include "formats/sample.h"
#include "store/backends.h"
#include "store/store.h"

int
main(int argc, char **argv)
{
	struct store_setup setup = { .where = "bdb", .wait_ms = 1000 };
	struct fixture fx;
	struct sample s;
	char key[512];

	if (argc != 2) {
		fprintf(stderr, "usage: write DIR\n");
		return 2;
	}
	fixture_open(&fx);
	snprintf(key, sizeof(key), "%s/key", argv[1]);
	setup.dir = argv[1];
	setup.clock = &fx.clock;
	store_close(fx.app.store);
	keyring_close(fx.app.keys);
	if (store_open(&setup, &fx.app.store) != ERR_OK || keyring_open(key, &fx.app.keys) != ERR_OK)
		abort();
	sample_write(&fx, &s);
	sample_print(&s, stdout);
	fixture_close(&fx);
	return 0;
}
