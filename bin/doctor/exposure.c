/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "store/backends.h"

#define DEPTH_MAX 16
#define HEAD_LEN  72

/* A file of the state that holds no secret, to look for; its first bytes say which machine and file it is. */
#define LOOKED_FOR "/store.gate"

static bool
read_head(struct visit *v, char out[HEAD_LEN])
{
	const char *path = arena_concat(&v->memory, v->app->config.state_dir, LOOKED_FOR);
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	ssize_t n = 0;

	if (fd >= 0) {
		n = read(fd, out, HEAD_LEN);
		close(fd);
	}
	return n == HEAD_LEN;
}

/*
 * Whatever the document root is, a state inside it is reached by some end of its path:
 * of /home/me/site/state these are /home/me/site/state, /me/site/state, ... /state.
 */
void
check_exposure(struct visit *v)
{
	const struct store_setup setup = app_store_setup(v->app);
	struct http_request rq[DEPTH_MAX];
	char head[HEAD_LEN];
	const char *end;
	size_t n = 0, i;

	if (!store_setup_is_local(&setup) || !read_head(v, head))
		return;
	for (end = v->app->config.state_dir; end != NULL && n < DEPTH_MAX; end = strchr(end + 1, '/'))
		rq[n++] = (struct http_request){ .method = "GET", .reach = HTTP_REACH_SITE,
			.url = arena_concat(&v->memory, v->app->config.public_url, end, LOOKED_FOR) };
	ask(v, rq, n);
	for (i = 0; i < n; i++)
		if (rq[i].result == ERR_OK && rq[i].status == 200 && rq[i].answer_len >= HEAD_LEN &&
		    memcmp(rq[i].answer, head, HEAD_LEN) == 0) {
			visit_found(v, STATE_SERVED, "%s", rq[i].url);
			visit_do("move %s out of the document root and set STATE_DIR to the new place; then oscgi rotate-key: "
			    "whoever fetched KEY_FILE has it", v->app->config.state_dir);
			return;
		}
}
