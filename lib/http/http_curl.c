/* SPDX-License-Identifier: MIT */
#include "http/http_curl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "http/curl_lib.h"
#include "http/reach.h"

#define CONNECT_TIMEOUT_MS 5000
#define HEADERS_MAX        (64u * 1024)	/* of one answer, interim ones included */
#define POLL_MS            250
#define CONNECTIONS_KEPT   32
#define TRANSFERS_MAX      64	/* at once: a list from outside may ask for any number */
#define ANSWERS_MAX        (16u * 1024 * 1024)	/* of all that are asked for together; beyond that, of each: */
#define ANSWER_SHARE       (256u * 1024)
#define SYSTEM_CA_DIR      "/etc/ssl/certs"

struct http_curl {
	struct http              http;	/* first: the two are cast into each other */
	struct http_curl_options options;
	const struct curl_lib   *curl;	/* NULL: not needed yet */
	CURLM                   *multi;
	size_t                   taken;	/* bytes of answers, of what is asked for together */
};

/* One request on its way. */
struct transfer {
	struct http_curl    *h;
	struct http_request *rq;
	CURL                *easy;
	CURLU               *url;
	struct curl_slist   *headers;
	struct buf           body;
	size_t               headers_bytes;
	char                *host;	/* for the log */
	int64_t              date_s;
	bool                 too_large, retry_after, address_refused;
	bool                 busy;	/* libcurl has it */
	char                 error[CURL_ERROR_SIZE];
};

/*
 * Called by libcurl
 */

static size_t
take_body(char *data, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	/* What one pours out must not be at the cost of the others. */
	if (t->h->taken + size * n <= ANSWERS_MAX || t->body.len + size * n <= ANSWER_SHARE)
		buf_add(&t->body, data, size * n);
	else
		t->too_large = true;
	if (!buf_ok(&t->body))
		t->too_large = true;
	if (t->too_large)
		return 0;
	t->h->taken += size * n;
	return size * n;
}

static bool
is_header(const char *data, size_t len, const char *name)
{
	return len > strlen(name) && strncasecmp(data, name, strlen(name)) == 0;
}

/* A header that makes no sense is none. */
static int64_t
read_date(const struct transfer *t, const char *data, size_t len)
{
	char text[64];
	time_t when;

	if (len >= sizeof(text))
		return 0;
	memcpy(text, data, len);
	text[len] = '\0';
	when = t->h->curl->curl_getdate(text, NULL);
	return when > 0 ? (int64_t)when : 0;
}

static size_t
take_header(char *data, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	t->headers_bytes += size * n;
	if (t->headers_bytes > HEADERS_MAX) {
		t->too_large = true;
		return 0;
	}
	if (is_header(data, size * n, "retry-after:"))
		t->retry_after = true;
	if (is_header(data, size * n, "date:"))
		t->date_s = read_date(t, data + strlen("date:"), size * n - strlen("date:"));
	return size * n;
}

/* The site is asked as its visitors ask it: directly. */
static const char *
proxy_of(const struct transfer *t)
{
	const char *proxy = t->h->options.proxy;

	return proxy == NULL || *proxy == '\0' || t->rq->reach == HTTP_REACH_SITE ? NULL : proxy;
}

/* The last gate: whatever a name resolves to, the address itself must be one that we may speak to. */
static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = ctx;
	bool by_proxy = proxy_of(t) != NULL;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (!by_proxy && !reach_allows_address(&t->h->options, t->rq->reach, &address->addr)) {
		t->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/*
 * Preparing
 */

/* Parse the URL and decide where it leads; libcurl is given the very same parse. */
static bool
check_url(struct transfer *t, struct call *c)
{
	const struct curl_lib *curl = t->h->curl;
	char *scheme = NULL, *host = NULL, *port = NULL;
	int64_t port_number;
	bool fine = false;

	t->url = curl->curl_url();
	if (t->url == NULL || text_has_control(t->rq->url))
		return false;
	if (curl->curl_url_set(t->url, CURLUPART_URL, t->rq->url, CURLU_DISALLOW_USER) == CURLUE_OK
	    && curl->curl_url_get(t->url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK
	    && curl->curl_url_get(t->url, CURLUPART_HOST, &host, 0) == CURLUE_OK
	    && curl->curl_url_get(t->url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK
	    && text_to_int(port, 65535, &port_number)) {
		t->host = arena_strdup(c->arena, host);
		for (char *p = t->host; p != NULL && *p != '\0'; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p += 'a' - 'A';
		fine = t->host != NULL && (t->rq->reach != HTTP_REACH_SITE || t->rq->auth == HTTP_AUTH_NONE)
		    && reach_allows(&t->h->options, t->rq->reach, scheme, t->host, (int)port_number);
	}
	curl->curl_free(scheme);
	curl->curl_free(host);
	curl->curl_free(port);
	return fine;
}

static bool
add_header(struct transfer *t, struct call *c, const char *name, const char *separator, const char *value)
{
	struct curl_slist *longer;
	char *line = arena_concat(c->arena, name, separator, value);

	if (line == NULL || text_has_control(line))
		return false;
	longer = t->h->curl->curl_slist_append(t->headers, line);
	if (longer == NULL)
		return false;
	t->headers = longer;
	return true;
}

static bool
add_headers(struct transfer *t, struct call *c)
{
	static const char *const auth_headers[] = {
		[HTTP_AUTH_X_PAT_JWT] = "x-pat-jwt: Bearer ",
		[HTTP_AUTH_X_JWT] = "x-jwt: Bearer ",
		[HTTP_AUTH_BEARER] = "Authorization: Bearer ",
		[HTTP_AUTH_BASIC] = "Authorization: Basic ",
	};
	const struct http_request *rq = t->rq;
	bool fine;

	fine = add_header(t, c, "Accept", ": ", rq->accept != NULL ? rq->accept : "application/json");
	/* An empty value removes the header that libcurl would add. */
	fine = fine && add_header(t, c, "Expect", ":", "");
	fine = fine && add_header(t, c, "Content-Type", rq->content_type != NULL ? ": " : ":",
	    rq->content_type != NULL ? rq->content_type : "");
	if (c->request_id != NULL)
		fine = fine && add_header(t, c, "X-Request-Id", ": ", c->request_id);
	if (rq->origin != NULL)
		fine = fine && add_header(t, c, "Origin", ": ", rq->origin);
	if (rq->auth != HTTP_AUTH_NONE)
		fine = fine && rq->token != NULL && add_header(t, c, auth_headers[rq->auth], "", rq->token);
	return fine;
}

static bool
is_method(const struct http_request *rq, const char *method)
{
	return strcmp(rq->method, method) == 0;
}

#define SET(t, option, value) ((t)->h->curl->curl_easy_setopt((t)->easy, option, value) == CURLE_OK)

static bool
set_method(struct transfer *t)
{
	const struct http_request *rq = t->rq;
	bool safe = is_method(rq, "GET") || is_method(rq, "HEAD"), fine = true;

	if (is_method(rq, "HEAD"))
		fine = SET(t, CURLOPT_NOBODY, 1L);
	else if (rq->content_type != NULL || is_method(rq, "POST") || is_method(rq, "PUT") || is_method(rq, "PATCH"))
		fine = SET(t, CURLOPT_POST, 1L) && SET(t, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body_len)
		    && SET(t, CURLOPT_POSTFIELDS, rq->body_len > 0 ? rq->body : "");
	if (!is_method(rq, "HEAD"))
		fine = fine && SET(t, CURLOPT_CUSTOMREQUEST, rq->method);
	/*
	 * libcurl sends again, whatever the method, when a connection that it had kept
	 * turns out to be dead: the server may have seen the request all the same.  What must
	 * be sent once gets a connection of its own, on which it never does so.
	 */
	if (!safe && !rq->replayable)
		fine = fine && SET(t, CURLOPT_FRESH_CONNECT, 1L);
	return fine;
}

static bool
set_transport(struct transfer *t, long timeout_ms)
{
	const struct http_curl_options *o = &t->h->options;
	bool fine;

	fine = SET(t, CURLOPT_CURLU, t->url)
	    && SET(t, CURLOPT_PROTOCOLS_STR, "http,https")
	    && SET(t, CURLOPT_FOLLOWLOCATION, 0L)
	    && SET(t, CURLOPT_NOSIGNAL, 1L)
	    && SET(t, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED)
	    && SET(t, CURLOPT_PROXY, proxy_of(t) != NULL ? proxy_of(t) : "")
	    && SET(t, CURLOPT_NOPROXY, "")
	    && SET(t, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L)
	    && SET(t, CURLOPT_OPENSOCKETFUNCTION, open_socket)
	    && SET(t, CURLOPT_OPENSOCKETDATA, t)
	    && SET(t, CURLOPT_SSL_VERIFYPEER, 1L)
	    && SET(t, CURLOPT_SSL_VERIFYHOST, 2L)
	    && SET(t, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2)
	    && SET(t, CURLOPT_TIMEOUT_MS, timeout_ms)
	    && SET(t, CURLOPT_CONNECTTIMEOUT_MS,
		timeout_ms < CONNECT_TIMEOUT_MS ? timeout_ms : (long)CONNECT_TIMEOUT_MS)
	    /* Do not wait at the end for a name server that does not answer: the time is up. */
	    && SET(t, CURLOPT_QUICK_EXIT, 1L);
	if (o->user_agent != NULL)
		fine = fine && SET(t, CURLOPT_USERAGENT, o->user_agent);
	/* GnuTLS trusts the file and the directory; without either libcurl takes the system's own. */
	if (o->ca_file != NULL && *o->ca_file != '\0')
		fine = fine && SET(t, CURLOPT_CAINFO, o->ca_file) && SET(t, CURLOPT_CAPATH, SYSTEM_CA_DIR);
	return fine;
}

static bool
set_receivers(struct transfer *t, size_t max_bytes)
{
	return SET(t, CURLOPT_WRITEFUNCTION, take_body)
	    && SET(t, CURLOPT_WRITEDATA, t)
	    && SET(t, CURLOPT_HEADERFUNCTION, take_header)
	    && SET(t, CURLOPT_HEADERDATA, t)
	    && SET(t, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)max_bytes)
	    && SET(t, CURLOPT_ERRORBUFFER, t->error)
	    && SET(t, CURLOPT_PRIVATE, (void *)t);
}

static void
log_failure(const struct transfer *t, const struct call *c, const char *why)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARN, "upstream_failed");
	log_str(&line, "request_id", c->request_id);
	log_str(&line, "host", t->host);
	log_str(&line, "error", why);
	log_end(&line);
}

/* Milliseconds for this request; 0 = there is no time left. */
static long
time_for(const struct http_curl *h, const struct call *c, const struct http_request *rq)
{
	int64_t ms = h->options.timeout_ms, left;

	if (rq->timeout_ms > 0 && rq->timeout_ms < ms)
		ms = rq->timeout_ms;
	if (c->deadline_ms != 0) {
		left = c->deadline_ms - clock_mono_ms(&clock_system);
		if (left < ms)
			ms = left;
	}
	return ms > 0 ? (long)ms : 0;
}

/* Give it to libcurl; where that fails, rq->result says why, and t->busy is not set. */
static void
prepare(struct transfer *t, struct http_curl *h, struct call *c, struct http_request *rq)
{
	size_t max_bytes = rq->answer_max_bytes != 0 ? rq->answer_max_bytes : HTTP_BODY_MAX;
	long timeout_ms = time_for(h, c, rq);

	*t = (struct transfer){ .h = h, .rq = rq };
	buf_init(&t->body, max_bytes);
	if (!check_url(t, c)) {
		rq->result = ERR_REFUSED;
		log_failure(t, c, "not an address that this request may go to");
		return;
	}
	if (timeout_ms == 0) {
		rq->result = ERR_UPSTREAM_TIMEOUT;
		return;
	}
	if (!add_headers(t, c)) {
		rq->result = ERR_PROTOCOL;
		log_failure(t, c, "a header that cannot be sent");
		return;
	}
	t->easy = h->curl->curl_easy_init();
	if (t->easy == NULL || !set_transport(t, timeout_ms) || !set_receivers(t, max_bytes) || !set_method(t)
	    || !SET(t, CURLOPT_HTTPHEADER, t->headers)
	    || h->curl->curl_multi_add_handle(h->multi, t->easy) != CURLM_OK) {
		rq->result = ERR_NOMEM;
		return;
	}
	t->busy = true;
}

/*
 * Ending
 */

static enum err
judge(const struct transfer *t, CURLcode code)
{
	if (t->too_large)
		return ERR_PROTOCOL;
	switch (code) {
	case CURLE_OK:
		return ERR_OK;
	case CURLE_OPERATION_TIMEDOUT:
		return ERR_UPSTREAM_TIMEOUT;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:	/* HTTP/0.9, that is, anything */
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return ERR_PROTOCOL;
	case CURLE_COULDNT_CONNECT:
		return t->address_refused ? ERR_REFUSED : ERR_UPSTREAM;
	case CURLE_OUT_OF_MEMORY:
		return ERR_NOMEM;
	default:
		return ERR_UPSTREAM;
	}
}

static enum http_trouble
trouble_of(const struct transfer *t, CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return HTTP_TROUBLE_NAME;
	case CURLE_COULDNT_CONNECT:
		return t->address_refused ? HTTP_TROUBLE_ADDRESS : HTTP_TROUBLE_CONNECT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return HTTP_TROUBLE_CERTIFICATE;
	case CURLE_SSL_CONNECT_ERROR:
		return HTTP_TROUBLE_TLS;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TROUBLE_TIME;
	default:
		return HTTP_TROUBLE_OTHER;
	}
}

/* "Application/JSON; charset=utf-8" is application/json. */
static const char *
media_type(struct call *c, const char *value)
{
	char *type;

	if (value == NULL)
		return "";
	type = arena_strndup(c->arena, value, strcspn(value, "; \t"));
	if (type == NULL)
		return "";
	for (char *p = type; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return type;
}

static void
keep_answer(struct transfer *t, struct call *c)
{
	const struct curl_lib *curl = t->h->curl;
	struct http_request *rq = t->rq;
	curl_off_t retry_after = 0;
	char *type = NULL, *location = NULL, *text;
	long status = 0;

	curl->curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl->curl_easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
	curl->curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &location);
	if (status < 200 || status > 599) {
		rq->result = ERR_PROTOCOL;
		return;
	}
	text = arena_alloc(c->arena, t->body.len + 1);
	if (text == NULL) {
		rq->result = ERR_NOMEM;
		return;
	}
	if (t->body.len > 0)
		memcpy(text, t->body.data, t->body.len);
	rq->status = (int)status;
	rq->answer = text;
	rq->answer_len = t->body.len;
	rq->answer_type = media_type(c, type);
	rq->date_s = t->date_s;
	rq->location = location != NULL ? arena_strdup(c->arena, location) : NULL;
	if (t->retry_after) {
		curl->curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &retry_after);
		rq->retry_after_s = retry_after < 0 ? 0 : retry_after > 86400 ? 86400 : (int)retry_after;
	}
}

static void
finish(struct transfer *t, struct call *c, CURLcode code)
{
	const struct curl_lib *curl = t->h->curl;
	const char *why;
	long request_bytes = 0;

	curl->curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
	t->rq->sent = request_bytes > 0;
	t->rq->result = judge(t, code);
	if (t->rq->result == ERR_OK)
		keep_answer(t, c);
	if (t->rq->result == ERR_OK)
		return;
	t->h->taken -= t->body.len;
	why = t->address_refused ? "its name leads to an address that is not public"
	    : t->too_large ? "its answer is too large"
	    : *t->error != '\0' ? t->error : curl->curl_easy_strerror(code);
	t->rq->trouble = trouble_of(t, code);
	t->rq->why = arena_strdup(c->arena, why);
	log_failure(t, c, why);
}

static void
clean_up(struct transfer *t)
{
	const struct curl_lib *curl = t->h->curl;

	if (t->easy != NULL) {
		curl->curl_multi_remove_handle(t->h->multi, t->easy);
		curl->curl_easy_cleanup(t->easy);
	}
	for (struct curl_slist *s = t->headers; s != NULL; s = s->next)
		explicit_bzero(s->data, strlen(s->data));
	curl->curl_slist_free_all(t->headers);
	curl->curl_url_cleanup(t->url);
	buf_free(&t->body);
	t->busy = false;
}

/*
 * Between
 */

/* What is asked for together: a window of it moves at a time. */
struct batch {
	struct http_curl    *h;
	struct call         *c;
	struct http_request *rq;
	size_t               n, next;	/* the first that was not begun */
	struct transfer     *window;
	size_t               window_n;
};

/* Fill what is free of the window.  False: all is done. */
static bool
begin_more(struct batch *b)
{
	bool any = false;

	for (size_t i = 0; i < b->window_n; i++) {
		struct transfer *t = &b->window[i];

		while (!t->busy && b->next < b->n) {
			prepare(t, b->h, b->c, &b->rq[b->next++]);
			if (!t->busy)
				clean_up(t);
		}
		any = any || t->busy;
	}
	return any;
}

/* Returns whether something ended. */
static bool
collect(struct batch *b)
{
	const struct curl_lib *curl = b->h->curl;
	CURLMsg *message;
	bool any = false;
	int left;

	while ((message = curl->curl_multi_info_read(b->h->multi, &left)) != NULL) {
		struct transfer *t;
		char *private = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl->curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		t = (struct transfer *)(void *)private;
		finish(t, b->c, message->data.result);
		clean_up(t);
		any = true;
	}
	return any;
}

static void
run(struct batch *b, void (*tick)(void *), void *tick_ctx)
{
	const struct curl_lib *curl = b->h->curl;
	int64_t ticked_ms = clock_mono_ms(&clock_system);
	int running;

	while (begin_more(b)) {
		if (curl->curl_multi_perform(b->h->multi, &running) != CURLM_OK)
			return;
		if (!collect(b) && curl->curl_multi_poll(b->h->multi, NULL, 0, POLL_MS, NULL) != CURLM_OK)
			return;
		if (tick != NULL && clock_mono_ms(&clock_system) - ticked_ms >= POLL_MS - 10) {
			tick(tick_ctx);
			ticked_ms = clock_mono_ms(&clock_system);
		}
	}
}

static enum err
load(struct http_curl *h)
{
	if (h->multi != NULL)
		return ERR_OK;
	h->curl = curl_lib_load();
	if (h->curl == NULL)
		return ERR_CONFIG;
	h->multi = h->curl->curl_multi_init();
	if (h->multi == NULL)
		return ERR_NOMEM;
	h->curl->curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
	return ERR_OK;
}

static enum err
curl_perform(struct http *http, struct call *c, struct http_request *rq, size_t n, void (*tick)(void *), void *tick_ctx)
{
	struct http_curl *h = (struct http_curl *)(void *)http;
	struct batch b = { .h = h, .c = c, .rq = rq, .n = n, .window_n = n < TRANSFERS_MAX ? n : TRANSFERS_MAX };
	enum err e;

	e = load(h);
	if (e != ERR_OK)
		return e;
	b.window = arena_alloc(c->arena, b.window_n * sizeof(*b.window));
	if (b.window == NULL)
		return ERR_NOMEM;
	h->taken = 0;
	run(&b, tick, tick_ctx);
	/* Where libcurl itself failed: what was not begun has its failure already. */
	for (size_t i = 0; i < b.window_n; i++) {
		if (!b.window[i].busy)
			continue;
		finish(&b.window[i], c, CURLE_FAILED_INIT);
		clean_up(&b.window[i]);
	}
	return ERR_OK;
}

static void
curl_close(struct http *http)
{
	struct http_curl *h = (struct http_curl *)(void *)http;

	if (h->multi != NULL)
		h->curl->curl_multi_cleanup(h->multi);
	free(h);
}

static const struct http_backend backend = { curl_perform, curl_close };

enum err
http_curl_open(const struct http_curl_options *o, struct http **out)
{
	struct http_curl *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return ERR_NOMEM;
	h->http.backend = &backend;
	h->options = *o;
	*out = &h->http;
	return ERR_OK;
}
