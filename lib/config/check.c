/* SPDX-License-Identifier: MIT */
#include "config/check.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "config/url.h"

#define LIST_MAX   64
#define PATH_BYTES 3000	/* leaves room for names below it */
#define SECRET_MAX 1024

const char check_no_memory[] = "out of memory";

const char *
check_int(const char *text, int *out)
{
	int64_t v;

	if (!text_to_int(text, INT_MAX, &v))
		return "must be a whole number, without a unit";
	*out = (int)v;
	return NULL;
}

const char *
check_flag(const char *text, bool *out)
{
	if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
		return "must be 0 or 1";
	*out = *text == '1';
	return NULL;
}

const char *
check_list(struct arena *a, const char *text, const char *const **out)
{
	const char **list = arena_alloc(a, (LIST_MAX + 1) * sizeof(*list));
	size_t n = 0, len;

	if (list == NULL)
		return check_no_memory;
	for (;;) {
		text += strspn(text, ", \t");
		len = strcspn(text, ", \t");
		if (len == 0)
			break;
		if (n == LIST_MAX)
			return "must not have more than 64 entries";
		list[n] = arena_strndup(a, text, len);
		if (list[n++] == NULL)
			return check_no_memory;
		text += len;
	}
	*out = list;
	return NULL;
}

const char *
check_url(struct arena *a, const char *text, const char **out)
{
	struct url_parts u;
	const char *wrong, *normal;

	if (*text == '\0') {
		*out = "";
		return NULL;
	}
	wrong = url_split(text, &u);
	if (wrong != NULL)
		return wrong;
	normal = url_normal(&u, a);
	if (normal == NULL)
		return check_no_memory;
	*out = normal;
	return NULL;
}

/* rest begins with a slash.  NULL: no home. */
static const char *
below_home(struct arena *a, const char *rest)
{
	const struct passwd *pw = getpwuid(geteuid());

	if (pw == NULL || pw->pw_dir == NULL || *pw->pw_dir != '/')
		return NULL;
	return arena_concat(a, pw->pw_dir, rest);
}

const char *
check_path(struct arena *a, const char *text, const char **out)
{
	size_t n;
	char *copy;

	if (text_starts_with(text, "~/")) {
		text = below_home(a, text + 1);
		if (text == NULL)
			return "begins with ~/, but the user that runs this has no home directory";
	}
	n = strlen(text);
	if (n > 0 && *text != '/')
		return "must be an absolute path, or begin with ~/";
	if (n > PATH_BYTES)
		return "must be a path of 3000 bytes at most";
	while (n > 1 && text[n - 1] == '/')
		n--;
	copy = arena_strndup(a, text, n);
	if (copy == NULL)
		return check_no_memory;
	*out = copy;
	return NULL;
}

const char *
check_choice(struct arena *a, const char *text, const char *words, const char **out)
{
	const char *p = words, *wrong;
	size_t n, len = strlen(text);

	for (;;) {
		n = strcspn(p, "|");
		if (n == len && strncmp(p, text, n) == 0) {
			*out = text;
			return NULL;
		}
		if (p[n] == '\0')
			break;
		p += n + 1;
	}
	wrong = arena_concat(a, "must be one of ", words);
	return wrong != NULL ? wrong : check_no_memory;
}

/* The text of a secret's file as the secret: one line of printable ASCII (RFC 6749 A.2). */
static const char *
read_secret(struct arena *a, char *text, size_t n, struct secret *out)
{
	size_t i;

	if (n > 0 && text[n - 1] == '\n')
		n--;
	if (n > 0 && text[n - 1] == '\r')
		n--;
	text[n] = '\0';
	for (i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~')
			return "must hold the secret in one line, and nothing else";
	if (n == 0)
		return "is empty: it must hold the secret";
	out->reveal = arena_strndup(a, text, n);
	return out->reveal != NULL ? NULL : check_no_memory;
}

const char *
check_secret_file(struct arena *a, const char *path, struct secret *out)
{
	char text[SECRET_MAX + 2];
	const char *wrong = NULL;
	struct stat st;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return "cannot be read: it must be a file that the user of the executables can read";
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		wrong = "must be a file";
	else if (st.st_uid != geteuid() && st.st_uid != 0)
		wrong = "must belong to the user of the executables, or to root";
	else if ((st.st_mode & 022) != 0)
		wrong = "must not be writable by others: chmod 0600, or 0640";
	n = wrong == NULL ? read(fd, text, sizeof(text)) : 0;
	close(fd);
	if (wrong != NULL)
		return wrong;
	if (n < 0)
		wrong = "cannot be read";
	else if ((size_t)n == sizeof(text))
		wrong = "must hold the secret alone, 1024 bytes at most";
	else
		wrong = read_secret(a, text, (size_t)n, out);
	explicit_bzero(text, sizeof(text));
	return wrong;
}
