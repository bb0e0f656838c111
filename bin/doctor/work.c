/* SPDX-License-Identifier: MIT */
#include "doctor/doctor.h"
#include "flow/operation.h"

#define LIST_MEMORY_MAX (16u * 1024 * 1024)	/* of more than fit, some are enough to tell */

/* A worker looks every few seconds, cron once a minute. */
#define OVERDUE_S 150

/* How many wait longer than they should, and since when the oldest does. */
static int
count_overdue(const struct operation *list, size_t n, int64_t now, int64_t *oldest)
{
	int64_t since;
	int waiting = 0;
	size_t i;

	*oldest = now;
	for (i = 0; i < n; i++) {
		since = list[i].updated_at_s > list[i].wait_until_s ? list[i].updated_at_s : list[i].wait_until_s;
		if (now - since <= OVERDUE_S)
			continue;
		waiting++;
		*oldest = since < *oldest ? since : *oldest;
	}
	return waiting;
}

void
check_work(struct visit *v)
{
	struct arena memory;
	struct call call = { .arena = &memory, .request_id = v->call.request_id };
	int64_t now = clock_now_s(v->app->clock), oldest;
	struct operation *list;
	int waiting = 0;
	size_t n;

	arena_init(&memory, LIST_MEMORY_MAX);
	if (operation_list_unfinished(v->app, &call, &list, &n) == ERR_OK)
		waiting = count_overdue(list, n, now, &oldest);
	arena_free(&memory);
	if (waiting == 0)
		return;
	visit_found(v, WORK_WAITS, "%d operation%s, for %lld minutes", waiting, waiting == 1 ? "" : "s",
	    (long long)(now - oldest) / 60);
	visit_do("systemctl enable --now oscgi-worker.timer, or by cron: * * * * * oscgi worker --once >/dev/null");
}
