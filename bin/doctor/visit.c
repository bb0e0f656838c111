/* SPDX-License-Identifier: MIT */
#include "doctor/doctor.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	bool        fails;
	const char *headline;
} findings[] = {
#define FAIL true
#define WARN false
#define FINDING(id, level, headline) [id] = { level, headline },
#include "doctor/findings.def"
#undef FINDING
#undef FAIL
#undef WARN
};

static const struct check {
	const char *name;
	unsigned    needs;
	void      (*run)(struct visit *);
} checks[] = {
#define CHECK(name, needs, function) { name, needs, function },
#include "doctor/checks.def"
#undef CHECK
};

void
visit_found(struct visit *v, enum finding what, const char *fmt, ...)
{
	va_list ap;

	if (findings[what].fails)
		v->failures++;
	else
		v->warnings++;
	printf("%s: %s: ", findings[what].fails ? "fail" : "warn", findings[what].headline);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void
visit_do(const char *fmt, ...)
{
	va_list ap;

	fputs("  do: ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void
visit_note(const char *fmt, ...)
{
	va_list ap;

	fputs("note: ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void
visit_well(struct visit *v, unsigned what)
{
	v->well |= what;
}

void
visit_run(struct visit *v)
{
	size_t i;
	int before;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if ((v->well & checks[i].needs) != checks[i].needs) {
			if (v->failures > 0)	/* else there is nothing yet to be looked at */
				printf("skip: %s, until what failed above is well\n", checks[i].name);
			continue;
		}
		before = v->failures + v->warnings;
		checks[i].run(v);
		if (v->failures + v->warnings == before)
			printf("ok: %s\n", checks[i].name);
	}
}
