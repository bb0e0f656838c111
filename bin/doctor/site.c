/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "config/url.h"
#include "doctor/doctor.h"
#include "json/json.h"

#define ELF "\177ELF"

/* Where our programs may be, best first; below PUBLIC_URL, and below the site it is on. */
static const char *const places[] = { "/auth/status", "/cgi-bin/status" };
#define PLACES (sizeof(places) / sizeof(places[0]))

static bool
is_ours(const struct http_request *rq)
{
	const struct json *signed_in;
	struct arena a;
	struct json *doc;
	bool ours;

	if (rq->result != ERR_OK || rq->status != 200)
		return false;
	arena_init(&a, 64 * 1024);
	ours = json_parse(&a, rq->answer, rq->answer_len, &doc) == ERR_OK &&
	    (signed_in = json_get(doc, "signedIn")) != NULL && json_kind(signed_in) == JSON_BOOL;
	arena_free(&a);
	return ours;
}

/* The "detail" of a problem document; NULL: it is none. */
static const char *
detail_of(struct visit *v, const struct http_request *rq)
{
	struct json *doc;

	if (rq->result != ERR_OK || strcmp(rq->answer_type, "application/problem+json") != 0 ||
	    json_parse(&v->memory, rq->answer, rq->answer_len, &doc) != ERR_OK)
		return NULL;
	return json_string(doc, "detail");
}

static bool
is_program_file(const struct http_request *rq)
{
	return rq->status == 200 && text_starts_with(rq->answer, ELF);
}

static bool is_problem(const struct http_request *rq) { return strcmp(rq->answer_type, "application/problem+json") == 0; }
static bool is_failure(const struct http_request *rq) { return rq->status >= 500 && !is_problem(rq); }
static bool is_problem_503(const struct http_request *rq) { return rq->status >= 500 && is_problem(rq); }
static bool is_problem_400(const struct http_request *rq) { return rq->status == 400 && is_problem(rq); }
static bool is_forbidden(const struct http_request *rq) { return rq->status == 401 || rq->status == 403; }
static bool is_redirect(const struct http_request *rq) { return rq->location != NULL; }
static bool is_not_found(const struct http_request *rq) { return rq->status == 404; }
static bool is_anything(const struct http_request *rq) { (void)rq; return true; }

/* What an answer that is not ours means: of several the one that says most is told. */
static const struct {
	enum finding what;
	bool       (*fits)(const struct http_request *);
	const char  *remedy;
} kinds[] = {
	{ SITE_SERVED, is_program_file, "load the module that runs them (lighttpd: mod_fastcgi or mod_cgi; Apache: a2enmod "
	    "fcgid, or a2enmod cgid and Options +ExecCGI) and move the programs out of the document root" },
	{ SITE_FAILS, is_failure, "look into the web server's error log; mostly a program may not be executed, a library is "
	    "missing (ldd shows), or the socket of SOCKET_DIR is not there (nginx: start nginx-spawn)" },
	{ SITE_UNAVAILABLE, is_problem_503, "look into the programs' log, and see that the web server gives them the same "
	    "OSCGI_CONFIG as this command has" },
	{ SITE_REFUSES, is_problem_400, "add the name to ALLOWED_HOSTS, set PUBLIC_URL, and see that the web server gives the "
	    "programs the same OSCGI_CONFIG as this command has" },
	{ SITE_FORBIDDEN, is_forbidden, "chmod 755 the programs and the directories above them; Apache also wants Require all "
	    "granted and Options +ExecCGI" },
	{ SITE_REDIRECTS, is_redirect, "set PUBLIC_URL to the address that the web server redirects to" },
	{ SITE_NOT_FOUND, is_not_found, "load the web server's module (lighttpd: mod_fastcgi or mod_cgi; Apache: mod_fcgid or "
	    "mod_cgid) and map the addresses as conf/ of oscgi shows, or run oscgi-enable" },
	{ SITE_OTHER, is_anything, "see that PUBLIC_URL is this site, and map the addresses as conf/ of oscgi shows" },
};

static void
tell_answer(struct visit *v, const struct http_request *rq, size_t n)
{
	const char *said;
	size_t k, i;

	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (i = 0; i < n; i++) {
			if (rq[i].result != ERR_OK || !kinds[k].fits(&rq[i]))
				continue;
			said = rq[i].location != NULL ? rq[i].location : detail_of(v, &rq[i]);
			visit_found(v, kinds[k].what, "%s answers %d%s%s", rq[i].url, rq[i].status, said != NULL ? ": " : "",
			    said != NULL ? said : "");
			visit_do("%s", kinds[k].remedy);
			return;
		}
}

static void
tell_silence(struct visit *v, const struct http_request *rq)
{
	const char *url = v->app->config.public_url, *why = rq->why != NULL ? rq->why : "no answer";

	if (rq->trouble == HTTP_TROUBLE_NAME) {
		visit_found(v, SITE_NAME, "%s", why);
		visit_do("put PUBLIC_URL right, or give its name an address: DNS, or /etc/hosts");
	} else if (rq->trouble == HTTP_TROUBLE_CERTIFICATE) {
		visit_found(v, SITE_CERTIFICATE, "%s: %s", url, why);
		visit_do("give the web server a certificate for the name, with the whole chain: certbot; or set SSL_CERT_FILE to "
		    "your own CA's");
	} else {
		visit_found(v, SITE_CONNECT, "%s: %s", url, why);
		visit_do("start the web server, or put PUBLIC_URL right; if this machine alone cannot reach it, nothing");
	}
}

static struct http_request
get(struct visit *v, const char *base, const char *path)
{
	return (struct http_request){ .method = "GET", .reach = HTTP_REACH_SITE,
		.url = arena_concat(&v->memory, base, path) };
}

/* Our programs answer without the path that PUBLIC_URL has. */
static bool
path_is_wrong(struct visit *v, const struct url_parts *u)
{
	const char *url = v->app->config.public_url;
	const char *root = arena_strndup(&v->memory, url, (size_t)(u->path - url));
	struct http_request rq[PLACES];
	size_t i;

	if (root == NULL || *u->path == '\0')
		return false;
	for (i = 0; i < PLACES; i++)
		rq[i] = get(v, root, places[i]);
	ask(v, rq, PLACES);
	for (i = 0; i < PLACES; i++)
		if (is_ours(&rq[i])) {
			visit_found(v, SITE_PATH, "nothing of ours is below %s, but at %s", url, rq[i].url);
			visit_do("set PUBLIC_URL = %s, or let the web server serve the programs below %s", root, u->path);
			return true;
		}
	return false;
}

void
check_site(struct visit *v)
{
	const char *url = v->app->config.public_url;
	struct http_request rq[PLACES];
	struct url_parts u;
	size_t i;

	if (*url == '\0' || url_split(url, &u) != NULL)
		return;	/* there is a note */
	for (i = 0; i < PLACES; i++)
		rq[i] = get(v, url, places[i]);
	ask(v, rq, PLACES);
	for (i = 0; i < PLACES; i++)
		if (is_ours(&rq[i])) {
			v->below_cgi_bin = i == 1;
			visit_well(v, WELL_SITE);
			return;
		}
	if (rq[0].result != ERR_OK && rq[1].result != ERR_OK)
		tell_silence(v, &rq[0]);
	else if (!path_is_wrong(v, &u))
		tell_answer(v, rq, PLACES);
}

/* As the user that the web server runs them as, with the settings that it gives them. */
void
check_site_state(struct visit *v)
{
	struct http_request rq = get(v, v->app->config.public_url, v->below_cgi_bin ? "/cgi-bin/status/healthz" : "/healthz");
	const char *detail;

	ask(v, &rq, 1);
	detail = detail_of(v, &rq);
	if (rq.result != ERR_OK || rq.status < 500 || detail == NULL)
		return;
	visit_found(v, SITE_STATE, "%s: %s", rq.url, detail);
	if (v->well & WELL_STORE)
		visit_do("here it can be used: see that the web server runs the programs as user %s, and gives them the same "
		    "OSCGI_CONFIG as this command has", v->user);
	else
		visit_do("see what is said of it above; the programs' log has more");
}

/* A browser of this site says where it is; ending a session that is not there changes nothing. */
void
check_site_origin(struct visit *v)
{
	const char *url = v->app->config.public_url, *detail;
	struct http_request rq = get(v, url, v->below_cgi_bin ? "/cgi-bin/signout" : "/auth/signout");
	struct url_parts u;

	if (url_split(url, &u) != NULL)
		return;
	rq.method = "POST";
	rq.origin = arena_strndup(&v->memory, url, (size_t)(u.path - url));
	ask(v, &rq, 1);
	detail = detail_of(v, &rq);
	if (rq.result != ERR_OK || rq.status != 403 || detail == NULL)
		return;
	visit_found(v, SITE_ORIGIN, "%s", detail);
	visit_do("the programs do not have PUBLIC_URL: give them the OSCGI_CONFIG that this command has; or name the proxy in "
	    "front of them in TRUSTED_PROXIES, and let it send X-Forwarded-Proto and X-Forwarded-Host");
}
