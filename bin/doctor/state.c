/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "doctor/doctor.h"
#include "store/backends.h"
#include "store/place.h"

static const char *
name_of(struct visit *v, uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	return pw != NULL ? arena_strdup(&v->memory, pw->pw_name) : arena_printf(&v->memory, "%ld", (long)uid);
}

/* It is not there yet: could it be made? */
static void
check_parent(struct visit *v, const char *dir)
{
	char *copy = arena_strdup(&v->memory, dir);
	const char *parent = copy != NULL ? dirname(copy) : "/";

	if (access(parent, W_OK | X_OK) == 0) {
		visit_note("%s is not there yet: it is made on first use, or by oscgi init", dir);
		return;
	}
	visit_found(v, STATE_MISSING, "%s, in %s: %s", dir, parent, strerror(errno));
	visit_do("install -d -m 700 -o %s -g %s %s", v->user, v->group, dir);
}

/* What root once made in it, or somebody copied into it. */
static bool
files_are_ours(struct visit *v, int fd)
{
	const char *dir = v->app->config.state_dir;
	const struct dirent *entry;
	bool good = true;
	struct stat st;
	DIR *d;

	d = fdopendir(dup(fd));
	if (d == NULL)
		return true;
	while (good && (entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		good = st.st_uid == geteuid() && (st.st_mode & 077) == 0;
		if (!good && strcmp(v->app->config.key_file, arena_concat(&v->memory, dir, "/", entry->d_name)) == 0)
			good = true;	/* judged for itself */
		if (!good) {
			visit_found(v, STATE_FILE, "%s/%s belongs to %s and has mode %03o", dir, entry->d_name,
			    name_of(v, st.st_uid), (unsigned)st.st_mode & 0777);
			visit_do("chown -R %s: %s && chmod -R go= %s", v->user, dir, dir);
		}
	}
	closedir(d);
	return good;
}

static bool
directory_is_good(struct visit *v, const struct stat *st)
{
	const char *dir = v->app->config.state_dir;

	if (!S_ISDIR(st->st_mode)) {
		visit_found(v, STATE_NO_DIRECTORY, "%s", dir);
		visit_do("remove it, or set STATE_DIR to another path");
		return false;
	}
	if (st->st_uid != geteuid()) {
		visit_found(v, STATE_OWNER, "%s belongs to %s, this runs as %s", dir, name_of(v, st->st_uid), v->user);
		visit_do("chown -R %s: %s, if the programs run as %s too", v->user, dir, v->user);
		return false;
	}
	if ((st->st_mode & 077) != 0) {
		visit_found(v, STATE_READABLE, "%s has mode %03o", dir, (unsigned)st->st_mode & 0777);
		visit_do("chmod 700 %s", dir);
		return false;
	}
	if (access(dir, R_OK | W_OK | X_OK) != 0) {
		visit_found(v, STATE_READ_ONLY, "%s: %s", dir, strerror(errno));
		if (errno == EROFS)
			visit_do("mount -o remount,rw $(findmnt -n -o TARGET -T %s)", dir);
		else
			visit_do("chmod 700 %s", dir);
		return false;
	}
	if (geteuid() == 0) {
		visit_found(v, STATE_ROOT, "the programs can use it only if they run as root, which they should not");
		visit_do("chown -R www-data: %s, or whoever the programs run as", dir);
	}
	return true;
}

void
check_state(struct visit *v)
{
	const struct store_setup setup = app_store_setup(v->app);
	const char *dir = v->app->config.state_dir;
	bool good;
	struct stat st;
	int fd;

	if (!command_exists(dir)) {
		check_parent(v, dir);
		return;
	}
	if (lstat(dir, &st) != 0 || !directory_is_good(v, &st))
		return;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	good = files_are_ours(v, fd);
	if (store_setup_is_local(&setup) && place_is_network(fd)) {
		visit_found(v, STATE_NETWORK, "%s: its locks and shared memory do not hold there", dir);
		visit_do("set STATE_DIR to a directory on a disk of this machine; for several machines set "
		    "SESSION_STORE = redis://HOST:6379/0");
		good = false;
	}
	close(fd);
	if (good && app_state_dir(v->app) == ERR_OK)
		visit_well(v, WELL_STATE);
}
