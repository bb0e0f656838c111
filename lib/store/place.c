/* SPDX-License-Identifier: MIT */
#include "store/place.h"

#include <stdint.h>
#include <sys/vfs.h>

#define NFS_MAGIC  0x6969
#define SMB_MAGIC  0x517b
#define CIFS_MAGIC 0xff534d42u
#define SMB2_MAGIC 0xfe534d42u

bool
place_is_network(int dir_fd)
{
	struct statfs f;

	if (fstatfs(dir_fd, &f) != 0)
		return false;
	return f.f_type == NFS_MAGIC || f.f_type == SMB_MAGIC || (uint32_t)f.f_type == CIFS_MAGIC ||
	    (uint32_t)f.f_type == SMB2_MAGIC;
}
