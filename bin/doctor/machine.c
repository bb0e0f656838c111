/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>

#include "doctor/doctor.h"

/* The database, its log, up to 64 connections to the platform, the web server's. */
#define FILES_NEEDED 128

void
check_file_limit(struct visit *v)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= FILES_NEEDED)
		return;
	visit_found(v, FILES_FEW, "%lu here, %d may be needed", (unsigned long)limit.rlim_cur, FILES_NEEDED);
	visit_do("raise it where the programs are started: ulimit -n 1024, or LimitNOFILE=1024 in a systemd unit");
}
