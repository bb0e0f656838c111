/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE	/* strcasestr */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/http_curl.h"
#include "http/reach.h"
#include "tap.h"

#ifdef __SANITIZE_ADDRESS__
#define AMPLE_KB_MAX 300000	/* the sanitizer keeps for a while what was freed */
#else
#define AMPLE_KB_MAX 90000
#endif

/* What must be soon is sooner than this; what would not be comes later. */
#define SOON_MS 5000
#define LATE_MS 10000

/*
 * A server on the loopback, one thread a connection, which answers by path:
 *   /ok         200 {"ok":true}
 *   /redirect   302 to /ok
 *   /big        more than any ceiling, without a length     /length  the same, announced
 *   /headers    headers without end      /ample   four megabytes
 *   /slow       one byte every 50 ms    /never   nothing
 *   /drop       answers, then closes the kept connection at the next request on it
 *   /retry      503 with Retry-After     /until  with one that is a date
 *   /garbage    what is no HTTP
 */
static atomic_int connections, requests;
static int port;
static char seen[8192];	/* the last request */
static char logged[4096];

static void
sleep_ms(int ms)
{
	clock_sleep_ms(&clock_system, ms);
}

static void
say(int fd, const char *text)
{
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void
pour(int fd, const char *line)
{
	for (int i = 0; i < 200000; i++)
		if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
			return;
}

static bool
answer(int fd, const char *path, bool *drop)
{
	if (*drop)
		return false;
	if (strncmp(path, "/ok", 3) == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; charset=utf-8\r\nSet-Cookie: a=b\r\n"
		    "Content-Length: 11\r\n\r\n{\"ok\":true}");
	} else if (strncmp(path, "/drop", 5) == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
		*drop = true;
	} else if (strncmp(path, "/redirect", 9) == 0) {
		say(fd, "HTTP/1.1 302 Found\r\nLocation: /ok\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n");
	} else if (strncmp(path, "/until", 6) == 0) {
		char text[128];
		time_t then = time(NULL) + 20;
		struct tm tm;

		strftime(text, sizeof(text), "HTTP/1.1 503 Busy\r\nRetry-After: %a, %d %b %Y %H:%M:%S GMT\r\nContent-Length: 0\r\n\r\n",
		    gmtime_r(&then, &tm));
		say(fd, text);
	} else if (strncmp(path, "/retry", 6) == 0) {
		say(fd, "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
	} else if (strncmp(path, "/length", 7) == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n");
		sleep_ms(LATE_MS);
		return false;
	} else if (strncmp(path, "/big", 4) == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
		pour(fd, "0123456789012345678901234567890123456789012345678901234567890123456789");
		return false;
	} else if (strncmp(path, "/ample", 6) == 0) {
		static const char megabyte[1024 * 1024] = { 0 };

		say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
		for (int i = 0; i < 4; i++)
			if (send(fd, megabyte, sizeof(megabyte), MSG_NOSIGNAL) < 0)
				break;
		return false;
	} else if (strncmp(path, "/headers", 8) == 0) {
		say(fd, "HTTP/1.1 200 OK\r\n");
		pour(fd, "X-Filler: 012345678901234567890123456789012345678901234567890123456789\r\n");
		return false;
	} else if (strncmp(path, "/slow", 5) == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
		for (int i = 0; i < LATE_MS / 50 && send(fd, "x", 1, MSG_NOSIGNAL) == 1; i++)
			sleep_ms(50);
		return false;
	} else if (strncmp(path, "/never", 6) == 0) {
		sleep_ms(LATE_MS);
		return false;
	} else if (strncmp(path, "/wait", 5) == 0) {
		sleep_ms(200);
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	} else {
		say(fd, "hello there\r\n\r\n");
		return false;
	}
	return true;
}

static void *
serve(void *ctx)
{
	int fd = (int)(intptr_t)ctx;
	char text[8192];
	size_t len = 0;
	bool drop = false;

	for (;;) {
		ssize_t n = recv(fd, text + len, sizeof(text) - 1 - len, 0);
		char *path, *end;

		if (n <= 0)
			break;
		len += (size_t)n;
		text[len] = '\0';
		end = strstr(text, "\r\n\r\n");
		if (end == NULL)
			continue;
		/* Bodies of these tests come with the head, or right after it. */
		if (strstr(text, "Content-Length: 4\r\n") != NULL && strlen(end + 4) < 4)
			continue;
		atomic_fetch_add(&requests, 1);
		memcpy(seen, text, len + 1);
		path = strchr(text, ' ');
		if (path == NULL || !answer(fd, path + 1, &drop))
			break;
		len = 0;
	}
	close(fd);
	return NULL;
}

static void *
accept_all(void *ctx)
{
	int listener = (int)(intptr_t)ctx;

	for (;;) {
		int fd = accept(listener, NULL, NULL);
		pthread_t thread;

		if (fd < 0)
			return NULL;
		atomic_fetch_add(&connections, 1);
		if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd) == 0)
			pthread_detach(thread);
	}
}

static void
start_server(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	pthread_t thread;

	if (listener < 0 || bind(listener, (struct sockaddr *)&in, len) != 0 || listen(listener, 64) != 0
	    || getsockname(listener, (struct sockaddr *)&in, &len) != 0
	    || pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)listener) != 0)
		exit(99);
	pthread_detach(thread);
	port = ntohs(in.sin_port);
}

static void
keep_log(const char *line, size_t len)
{
	size_t have = strlen(logged);

	if (have + len + 1 < sizeof(logged)) {
		memcpy(logged + have, line, len);
		logged[have + len] = '\0';
	}
}

static struct arena arena;
static struct call call;
static struct http *http;
static char platform_host[64];
static const char *platform_hosts[] = { platform_host, NULL };
static const char *const token_hosts[] = { ".example", NULL };

static const char *
at(const char *path)
{
	return arena_printf(&arena, "http://127.0.0.1:%d%s", port, path);
}

static struct http_request
get(const char *path)
{
	return (struct http_request){ .method = "GET", .url = at(path), .reach = HTTP_REACH_PLATFORM };
}

static void
open_with(bool loopback, const char *proxy, int timeout_ms)
{
	struct http_curl_options o = { .platform_hosts = platform_hosts, .token_hosts = token_hosts,
		.site_hosts = platform_hosts, .loopback_allowed = loopback, .proxy = proxy, .timeout_ms = timeout_ms, .user_agent = "test/1" };

	http_close(http);
	if (http_curl_open(&o, &http) != ERR_OK)
		exit(99);
}

static void
test_plain(void)
{
	struct http_request rq = get("/ok?code=abc");
	int before;

	rq.auth = HTTP_AUTH_X_PAT_JWT;
	rq.token = "tok";
	is_int(http_send(http, &call, &rq), ERR_OK, "an answer comes");
	ok(rq.status == 200 && rq.sent && rq.retry_after_s == -1, "with its status");
	is_str(rq.answer, "{\"ok\":true}", "and body");
	is_str(rq.answer_type, "application/json", "and media type, in lower case and bare");
	ok(strstr(seen, "\r\nx-pat-jwt: Bearer tok\r\n") != NULL, "the token is sent as its callee wants it");
	ok(strstr(seen, "\r\nX-Request-Id: req-1\r\n") != NULL && strstr(seen, "\r\nAccept: application/json\r\n") != NULL
	    && strstr(seen, "\r\nUser-Agent: test/1\r\n") != NULL, "with request id, accept and user agent");
	ok(strcasestr(seen, "content-type") == NULL && strcasestr(seen, "accept-encoding") == NULL,
	    "without a content type for no body, and without compression");
	before = connections;
	rq = get("/ok");
	ok(http_send(http, &call, &rq) == ERR_OK && connections == before, "the connection is used again");
	ok(strcasestr(seen, "cookie:") == NULL, "cookies are not kept");
	ok(strstr(seen, "Bearer") == NULL, "nor is the last request's token");
	rq = get("/redirect");
	ok(http_send(http, &call, &rq) == ERR_OK && rq.status == 302, "a redirect is not followed");
	is_str(rq.location, at("/ok"), "but told, as an absolute address");
	is_int(rq.date_s, 784111777, "and so is the date");
	rq = get("/retry");
	ok(http_send(http, &call, &rq) == ERR_OK && rq.status == 503 && rq.retry_after_s == 7, "Retry-After is read");
	rq = get("/until");
	ok(http_send(http, &call, &rq) == ERR_OK && rq.retry_after_s >= 10 && rq.retry_after_s <= 20, "also as a date");
}

static void
test_bodies(void)
{
	struct http_request rq = get("/ok");

	rq.method = "POST";
	is_int(http_send(http, &call, &rq), ERR_OK, "a POST without a body");
	ok(strstr(seen, "Content-Length: 0\r\n") != NULL && strcasestr(seen, "content-type") == NULL,
	    "says that it has none, and no content type");
	rq = get("/ok");
	rq.method = "DELETE";
	rq.content_type = "application/json";
	rq.body = "null";
	rq.body_len = 4;
	is_int(http_send(http, &call, &rq), ERR_OK, "a DELETE with a body");
	ok(strncmp(seen, "DELETE /ok ", 11) == 0 && strstr(seen, "Content-Type: application/json\r\n") != NULL
	    && strstr(seen, "\r\n\r\nnull") != NULL, "sends it");
	rq = get("/ok");
	rq.method = "DELETE";
	ok(http_send(http, &call, &rq) == ERR_OK && strcasestr(seen, "content-") == NULL, "one without does not");
	rq = get("/ok");
	rq.auth = HTTP_AUTH_BEARER;
	rq.token = "a\r\nX-Evil: 1";
	is_int(http_send(http, &call, &rq), ERR_PROTOCOL, "a token with a line break in it is not sent");
	ok(!rq.sent, "nothing was");
}

static void
test_bounds(void)
{
	struct http_request rq = get("/big");
	int64_t began_ms;

	rq.answer_max_bytes = 10000;
	is_int(http_send(http, &call, &rq), ERR_PROTOCOL, "an answer beyond the ceiling is refused");
	rq = get("/length");
	began_ms = clock_mono_ms(&clock_system);
	is_int(http_send(http, &call, &rq), ERR_PROTOCOL, "one that announces so as well");
	ok(clock_mono_ms(&clock_system) - began_ms < SOON_MS, "at once");
	rq = get("/headers");
	is_int(http_send(http, &call, &rq), ERR_PROTOCOL, "so are headers without end");
	rq = get("/garbage");
	is_int(http_send(http, &call, &rq), ERR_PROTOCOL, "and what is no HTTP");
	rq = get("/slow");
	rq.timeout_ms = 300;
	began_ms = clock_mono_ms(&clock_system);
	is_int(http_send(http, &call, &rq), ERR_UPSTREAM_TIMEOUT, "bytes that trickle do not stretch the time");
	ok(rq.sent && clock_mono_ms(&clock_system) - began_ms < SOON_MS, "which is as long as said");
	open_with(true, NULL, 300);
	rq = get("/never");
	rq.timeout_ms = 60000;
	began_ms = clock_mono_ms(&clock_system);
	is_int(http_send(http, &call, &rq), ERR_UPSTREAM_TIMEOUT, "who would wait for longer than the setting says");
	ok(clock_mono_ms(&clock_system) - began_ms < SOON_MS, "waits as long as that");
	open_with(true, NULL, 30000);
	rq = get("/never");
	call.deadline_ms = clock_mono_ms(&clock_system) + 200;
	began_ms = clock_mono_ms(&clock_system);
	is_int(http_send(http, &call, &rq), ERR_UPSTREAM_TIMEOUT, "the call's deadline ends it earlier");
	ok(clock_mono_ms(&clock_system) - began_ms < SOON_MS, "then");
	rq = get("/ok");
	is_int(http_send(http, &call, &rq), ERR_UPSTREAM_TIMEOUT, "after the deadline nothing is tried");
	ok(!rq.sent, "nor sent");
	call.deadline_ms = 0;
}

static void
test_reuse_dead(void)
{
	struct http_request rq = get("/drop");
	int before;

	is_int(http_send(http, &call, &rq), ERR_OK, "a connection that will be dropped is kept");
	before = requests;
	rq = get("/ok");
	ok(http_send(http, &call, &rq) == ERR_OK && requests == before + 2, "a GET is sent again on another one");
	rq = get("/drop");
	ok(http_send(http, &call, &rq) == ERR_OK, "(once more)");
	before = requests;
	rq = get("/ok");
	rq.method = "POST";
	ok(http_send(http, &call, &rq) == ERR_OK && requests == before + 1,
	    "what must not be sent twice takes no used connection");
}

static void
tick(void *ctx)
{
	++*(int *)ctx;
}

static void
test_side_by_side(void)
{
	struct http_request rq[30];
	int64_t began_ms = clock_mono_ms(&clock_system), took_ms;
	int fine = 0, ticks = 0;

	for (int i = 0; i < 30; i++)
		rq[i] = get("/wait");
	is_int(http_perform(http, &call, rq, 30, NULL, NULL), ERR_OK, "thirty requests of 200 ms");
	took_ms = clock_mono_ms(&clock_system) - began_ms;
	for (int i = 0; i < 30; i++)
		fine += rq[i].result == ERR_OK && rq[i].status == 200;
	ok(fine == 30 && took_ms < 4000, "take hardly longer than one (%lld ms)", (long long)took_ms);
	/* Who does not get to run for so long may be called once only: then again. */
	for (int i = 0; i < 3 && ticks < 2; i++) {
		ticks = 0;
		rq[0] = get("/slow");
		rq[0].timeout_ms = 1200;
		rq[1] = get("/ok");
		rq[2] = (struct http_request){ .method = "GET", .url = "https://other.example.org/", .reach = HTTP_REACH_PLATFORM };
		is_int(http_perform(http, &call, rq, 3, tick, &ticks), ERR_OK, "good and bad ones together");
	}
	ok(rq[0].result == ERR_UPSTREAM_TIMEOUT && rq[1].result == ERR_OK && rq[2].result == ERR_REFUSED,
	    "each has its own result");
	ok(ticks >= 2, "and the caller is called meanwhile (%d times)", ticks);
}

/* In KB; of this process, the server's threads included. */
static long
memory_peak_kb(void)
{
	struct rusage used;

	return getrusage(RUSAGE_SELF, &used) == 0 ? used.ru_maxrss : 0;
}

/* As many as a list from outside may ask for, and answers as large as they may be. */
static void
test_many(void)
{
	struct arena a;
	struct call c = { .arena = &a };
	struct http_request *rq;
	const int many = 20000;
	long before_kb = memory_peak_kb();
	int late = 0, fine = 0, refused = 0;

	arena_init(&a, 128 * 1024 * 1024);
	rq = arena_alloc(&a, many * sizeof(*rq));
	for (int i = 0; i < many; i++)
		rq[i] = get("/never");
	c.deadline_ms = clock_mono_ms(&clock_system) + 300;
	is_int(http_perform(http, &c, rq, many, NULL, NULL), ERR_OK, "twenty thousand requests");
	for (int i = 0; i < many; i++)
		late += rq[i].result == ERR_UPSTREAM_TIMEOUT;
	is_int(late, many, "end with their call's deadline");
	ok(memory_peak_kb() - before_kb < 40000, "and take little memory (%ld kB)", memory_peak_kb() - before_kb);
	arena_free(&a);

	arena_init(&a, 128 * 1024 * 1024);
	c = (struct call){ .arena = &a };
	before_kb = memory_peak_kb();
	rq = arena_alloc(&a, 60 * sizeof(*rq));
	for (int i = 0; i < 60; i++)
		rq[i] = get(i % 2 == 0 ? "/ample" : "/ok");
	is_int(http_perform(http, &c, rq, 60, NULL, NULL), ERR_OK, "answers of four megabytes, many at a time");
	for (int i = 0; i < 60; i++) {
		fine += i % 2 == 1 && rq[i].result == ERR_OK;
		refused += i % 2 == 0 && rq[i].result == ERR_PROTOCOL;
	}
	ok(refused >= 26, "are more than is taken in together (%d refused)", refused);
	is_int(fine, 30, "which costs the others nothing");
	ok(memory_peak_kb() - before_kb < AMPLE_KB_MAX, "and memory stays bounded (%ld kB)", memory_peak_kb() - before_kb);
	arena_free(&a);
}

static void
refuse(const char *url, enum http_reach reach, const char *what)
{
	struct http_request rq = { .method = "GET", .url = url, .reach = reach, .auth = HTTP_AUTH_X_JWT, .token = "secret" };
	int before = connections;

	is_int(http_send(http, &call, &rq), ERR_REFUSED, "refused: %s", what);
	ok(!rq.sent && connections == before, "  and nothing was sent");
}

static void
test_reach(void)
{
	refuse(arena_printf(&arena, "http://localhost:%d/ok", port), HTTP_REACH_PLATFORM, "a host that is not the platform's");
	refuse(arena_printf(&arena, "http://u:p@127.0.0.1:%d/ok", port), HTTP_REACH_PLATFORM, "user information");
	refuse(at("/ok"), HTTP_REACH_SITE, "the site itself, with a token");
	refuse("http://a.example/", HTTP_REACH_SERVICE, "plain http off the loopback");
	refuse("ftp://127.0.0.1/", HTTP_REACH_SERVICE, "another scheme");
	refuse("file:///etc/passwd", HTTP_REACH_SERVICE, "a file");
	refuse("127.0.0.1/ok", HTTP_REACH_SERVICE, "no scheme");
	refuse("https://example.org/", HTTP_REACH_SERVICE, "a host that is not under the suffix");
	refuse("https://evilexample/", HTTP_REACH_SERVICE, "one that only ends alike");
	refuse("https://a.example:8443/", HTTP_REACH_SERVICE, "another port");
	refuse("https://a.example\\@evil.org/", HTTP_REACH_SERVICE, "a backslash");
	refuse("https://a.example/\r\nX: y", HTTP_REACH_SERVICE, "a line break");
	refuse("https://10.1.2.3/", HTTP_REACH_SERVICE, "a private address");
	open_with(false, NULL, 30000);
	refuse(at("/ok"), HTTP_REACH_PLATFORM, "plain http, when the platform is elsewhere");
	refuse(arena_printf(&arena, "https://127.0.0.1:%d/ok", port), HTTP_REACH_PLATFORM,
	    "the loopback, even where the name is the platform's");
	open_with(true, NULL, 30000);
}

static bool
allowed(const struct http_curl_options *o, const char *address)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, address, &in.sin_addr) == 1)
		return reach_allows_address(o, HTTP_REACH_SERVICE, (struct sockaddr *)&in);
	return inet_pton(AF_INET6, address, &in6.sin6_addr) == 1
	    && reach_allows_address(o, HTTP_REACH_SERVICE, (struct sockaddr *)&in6);
}

static void
test_addresses(void)
{
	static const char *const never[] = { "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.127.255.255", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.1", "198.18.0.1", "224.0.0.1",
		"255.255.255.255", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1",
		"64:ff9b::a9fe:a9fe", "2002:a00:1::", "2001:db8::1", "2001::1", "::10.0.0.1", "fec0::1" };
	static const char *const public[] = { "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1",
		"::ffff:1.1.1.1", "2001:4860::8888" };
	static const char *const loopback[] = { "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1" };
	struct http_curl_options far_away = { 0 }, near_by = { .loopback_allowed = true };

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		ok(!allowed(&far_away, never[i]) && !allowed(&near_by, never[i]), "never %s", never[i]);
	for (size_t i = 0; i < sizeof(public) / sizeof(public[0]); i++)
		ok(allowed(&far_away, public[i]), "%s is public", public[i]);
	for (size_t i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++)
		ok(!allowed(&far_away, loopback[i]) && allowed(&near_by, loopback[i]),
		    "%s only with a platform on the loopback", loopback[i]);
}

static void
test_hosts(void)
{
	static const char *const mine[] = { "catalog.example:443", "app.example", "other.example:8443", NULL };
	static const char *const theirs[] = { ".svc.example", "api.host", NULL };
	static const char *const site[] = { "site.example", NULL };
	struct http_curl_options o = { .platform_hosts = mine, .token_hosts = theirs };

	ok(reach_allows(&o, HTTP_REACH_PLATFORM, "https", "catalog.example", 443), "a port that is the scheme's own may be named");
	ok(reach_allows(&o, HTTP_REACH_PLATFORM, "https", "other.example", 8443)
	    && !reach_allows(&o, HTTP_REACH_PLATFORM, "https", "other.example", 443), "another must be");
	ok(!reach_allows(&o, HTTP_REACH_PLATFORM, "https", "x.svc.example", 443), "an access token goes to the platform only");
	ok(reach_allows(&o, HTTP_REACH_SERVICE, "https", "x.svc.example", 443)
	    && reach_allows(&o, HTTP_REACH_SERVICE, "https", "api.host", 443)
	    && reach_allows(&o, HTTP_REACH_SERVICE, "https", "app.example", 443), "a service token to services too");
	ok(!reach_allows(&o, HTTP_REACH_SERVICE, "https", "svc.example", 443)
	    && !reach_allows(&o, HTTP_REACH_SERVICE, "https", "xapi.host", 443)
	    && !reach_allows(&o, HTTP_REACH_SERVICE, "https", "x.svc.example.evil", 443), "and nowhere else");
	ok(!reach_allows(&o, HTTP_REACH_SERVICE, "http", "x.svc.example", 80), "never over plain http");
	ok(!reach_allows(&o, HTTP_REACH_SITE, "https", "app.example", 443), "the site is asked where it is known alone");
	o.site_hosts = site;
	ok(reach_allows(&o, HTTP_REACH_SITE, "http", "site.example", 80)
	    && reach_allows(&o, HTTP_REACH_SITE, "https", "site.example", 443)
	    && !reach_allows(&o, HTTP_REACH_SITE, "https", "app.example", 443), "over http too, and nobody else");
	ok(!reach_allows(&o, HTTP_REACH_PLATFORM, "https", "site.example", 443)
	    && !reach_allows(&o, HTTP_REACH_SERVICE, "https", "site.example", 443), "no token goes to it");
}

static void
test_environment(void)
{
	struct http_request rq = get("/ok");

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("HTTP_PROXY", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	open_with(true, NULL, 30000);
	is_int(http_send(http, &call, &rq), ERR_OK, "a proxy in the environment is ignored");
	setenv("no_proxy", "*", 1);
	open_with(true, arena_printf(&arena, "http://127.0.0.1:%d", port), 30000);
	rq = get("/ok");
	/* This server takes the whole URL for an unknown path and answers nonsense: it was asked, that is all. */
	is_int(http_send(http, &call, &rq), ERR_PROTOCOL, "the configured one is asked");
	ok(strncmp(seen, "GET http://127.0.0.1:", 21) == 0, "whatever no_proxy says");
	open_with(true, NULL, 30000);
}

static void
test_log(void)
{
	struct http_request rq = get("/never?code=hidden-code");

	logged[0] = '\0';
	rq.timeout_ms = 100;
	rq.auth = HTTP_AUTH_BEARER;
	rq.token = "hidden-token";
	is_int(http_send(http, &call, &rq), ERR_UPSTREAM_TIMEOUT, "a failure");
	ok(strstr(logged, "upstream_failed") != NULL && strstr(logged, "host=127.0.0.1") != NULL
	    && strstr(logged, "req-1") != NULL, "is logged with its host and request");
	ok(strstr(logged, "hidden") == NULL, "without query and token");
}

int
main(void)
{
	arena_init(&arena, 64 * 1024 * 1024);
	call = (struct call){ .arena = &arena, .request_id = "req-1" };
	log_set_sink(keep_log);
	start_server();
	snprintf(platform_host, sizeof(platform_host), "127.0.0.1:%d", port);
	open_with(true, NULL, 30000);
	test_plain();
	test_bodies();
	test_bounds();
	test_reuse_dead();
	test_side_by_side();
	test_many();
	test_reach();
	test_addresses();
	test_hosts();
	test_environment();
	test_log();
	http_close(http);
	arena_free(&arena);
	return done_testing();
}
