/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "config/config.h"

#define NAME_MAX_LEN 40
#define DISTANCE_MAX 3	/* and not more than a third of the name: two typing errors and a letter */

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters must be put in, taken out or changed.  Levenshtein, row by row. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1], i, j, before, kept;
	size_t n = strlen(a), m = strlen(b);

	for (j = 0; j <= m; j++)
		row[j] = j;
	for (i = 1; i <= n; i++) {
		before = row[0];
		row[0] = i;
		for (j = 1; j <= m; j++) {
			kept = row[j];
			row[j] = least(row[j] + 1, row[j - 1] + 1, before + (a[i - 1] != b[j - 1]));
			before = kept;
		}
	}
	return row[m];
}

const char *
config_nearest(const char *name)
{
	const char *nearest = NULL, *other;
	size_t best = DISTANCE_MAX + 1, d;
	int i;

	if (strlen(name) > NAME_MAX_LEN)
		return NULL;
	for (i = 0; i < CONFIG__MAX; i++) {
		other = config_setting((enum config_id)i)->name;
		d = distance(name, other);
		if (d < best && d * 3 <= strlen(other)) {
			best = d;
			nearest = other;
		}
	}
	return nearest;
}
