/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"
#include "config/url.h"
#include "tap.h"

#define ENV_MAX 8
#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct arena arena;
static struct buf faults;
static struct config cf;
static char dir[64], path[96], use_file[128];

static void
put_named(const char *name, const char *text, size_t len, mode_t mode)
{
	int fd;

	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len || fchmod(fd, mode) != 0)
		abort();
	close(fd);
}

static void
put_file(const char *text)
{
	put_named(path, text, strlen(text), 0600);
}

/* Read with this environment: strings up to a NULL. */
static enum err
read_env(const char *const *strings)
{
	buf_clear(&faults);
	arena_reset(&arena);
	return config_read((char *const *)strings, &arena, &cf, &faults);
}

static enum err
read_one(const char *setting)
{
	const char *env[] = { setting, NULL };

	return read_env(env);
}

static enum err
read_file_text(const char *text)
{
	const char *env[] = { use_file, NULL };

	put_file(text);
	return read_env(env);
}

static int
fault_lines(void)
{
	const char *p = buf_cstr(&faults);
	int n = 0;

	for (; *p != '\0'; p++)
		n += *p == '\n';
	return n;
}

/* There is one fault, and it says this. */
static void
one_fault(const char *begin, size_t begin_len, const char *says)
{
	const char *said = buf_cstr(&faults);

	if (!ok(fault_lines() == 1 && strncmp(said, begin, begin_len) == 0 && strstr(said, says) != NULL,
	    "which is told in one sentence: %s", says))
		printf("# %s", said);
}

static void
test_defaults(void)
{
	int i, preset = 0;

	is_int(read_one("HOME=/root"), ERR_OK, "without any setting all is well");
	is_str(buf_cstr(&faults), "", "and nothing is said");
	is_str(cf.osc_app_url, "https://app.osaas.io", "the platform is Open Source Cloud");
	is_str(cf.osc_catalog_url, "https://catalog.svc.prod.osaas.io", "its catalog");
	is_str(cf.osc_token_url, "https://token.svc.prod.osaas.io", "its token service");
	is_str(cf.osc_deploy_url, "https://deploy.svc.prod.osaas.io", "its deploy manager");
	is_str(cf.osc_money_url, "https://money.svc.prod.osaas.io", "its money manager");
	is_str(cf.client_name, "OSC app", "the name to register");
	is_str(cf.cookie_name, "oscgi", "the cookie's name");
	is_str(cf.client_id, "", "unset text is empty");
	ok(!secret_present(cf.client_secret), "an unset secret absent");
	ok(cf.allowed_hosts != NULL && *cf.allowed_hosts == NULL, "an unset list has no entries");
	is_str(cf.trusted_proxies[0], "127.0.0.0/8", "loopback proxies are trusted");
	is_str(cf.trusted_proxies[1], "::1", "of either family");
	is_int(cf.upstream_timeout_s, 15, "a number");
	ok(!cf.allow_http && !cf.pass_token && !cf.platform_on_loopback, "flags are off");
	is_str(cf.log_level, "info", "the first word of a choice");
	ok(strncmp(cf.key_file, cf.state_dir, strlen(cf.state_dir)) == 0 &&
	    strcmp(cf.key_file + strlen(cf.state_dir), "/key") == 0, "the key lies in the state directory");
	for (i = 0; i < CONFIG__MAX; i++)
		preset += cf.source[i] == CONFIG_FROM_DEFAULT;
	is_int(preset, CONFIG__MAX, "each comes from its default");
}

static void
test_environment_name(void)
{
	is_int(read_one("OSC_ENVIRONMENT=stage"), ERR_OK, "another environment");
	is_str(cf.osc_app_url, "https://app.stage.osaas.io", "has its own console");
	is_str(cf.osc_money_url, "https://money.svc.stage.osaas.io", "and services");
}

static void
test_good_values(void)
{
	static const struct { const char *setting; enum config_id id; const char *shown; } cases[] = {
		{ "PUBLIC_URL=https://example.org/", CONFIG_PUBLIC_URL, "https://example.org" },
		{ "PUBLIC_URL=HTTPS://Example.ORG:443/App/", CONFIG_PUBLIC_URL, "https://example.org/App" },
		{ "PUBLIC_URL=http://localhost:8080", CONFIG_PUBLIC_URL, "http://localhost:8080" },
		{ "PUBLIC_URL=http://localhost:80/", CONFIG_PUBLIC_URL, "http://localhost" },
		{ "PUBLIC_URL=https://[2001:DB8::1]:8443/a/b", CONFIG_PUBLIC_URL, "https://[2001:db8::1]:8443/a/b" },
		{ "OSC_APP_URL=http://127.0.0.1:9000/osc", CONFIG_OSC_APP_URL, "http://127.0.0.1:9000/osc" },
		{ "OSC_APP_URL=http://[::1]:9000", CONFIG_OSC_APP_URL, "http://[::1]:9000" },
		{ "TRUSTED_PROXIES= 10.0.0.0/8 ,, 2001:db8::/32,unix: ", CONFIG_TRUSTED_PROXIES, "10.0.0.0/8,2001:db8::/32,unix:" },
		{ "ALLOWED_HOSTS=Example.org,[::1],127.0.0.1", CONFIG_ALLOWED_HOSTS, "example.org,[::1],127.0.0.1" },
		{ "OSC_TOKEN_HOSTS=.Example.org,minio.example.net,10.0.0.1:9000", CONFIG_OSC_TOKEN_HOSTS,
		    ".example.org,minio.example.net,10.0.0.1:9000" },
		{ "ALLOW_HTTP=1", CONFIG_ALLOW_HTTP, "1" },
		{ "PASS_TOKEN=0", CONFIG_PASS_TOKEN, "0" },
		{ "SESSION_IDLE=1", CONFIG_SESSION_IDLE, "1" },
		{ "SESSION_MAX=1", CONFIG_SESSION_MAX, "1" },
		{ "SESSION_IDLE=604801", CONFIG_SESSION_IDLE, "604801" },
		{ "UPSTREAM_TIMEOUT=300", CONFIG_UPSTREAM_TIMEOUT, "300" },
		{ "UPSTREAM_TIMEOUT=1", CONFIG_UPSTREAM_TIMEOUT, "1" },
		{ "COOKIE_NAME=app_2-x", CONFIG_COOKIE_NAME, "app_2-x" },
		{ "STATE_DIR=/srv/app//", CONFIG_STATE_DIR, "/srv/app" },
		{ "CLIENT_NAME=Bj\xc3\xb6rns app", CONFIG_CLIENT_NAME, "Bj\xc3\xb6rns app" },
		{ "LOG_LEVEL=debug", CONFIG_LOG_LEVEL, "debug" },
		{ "UPSTREAM_PROXY=http://proxy.example.org:3128", CONFIG_UPSTREAM_PROXY, "http://proxy.example.org:3128" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		is_int(read_one(cases[i].setting), ERR_OK, "good: %s", cases[i].setting);
		is_str(config_show(&cf, cases[i].id, &arena), cases[i].shown, "it is shown as what it means");
		is_int(cf.source[cases[i].id], CONFIG_FROM_ENVIRONMENT, "and comes from the environment");
	}
}

static void
test_bad_values(void)
{
	static const struct { const char *setting, *says; } cases[] = {
		{ "PUBLIC_URL=example.org", "https://" },
		{ "PUBLIC_URL=ftp://example.org", "https://" },
		{ "PUBLIC_URL=https://", "host" },
		{ "PUBLIC_URL=https:///x", "host" },
		{ "PUBLIC_URL=https://user:pw@example.org", "user name" },
		{ "PUBLIC_URL=https://example.org@evil.example/", "user name" },
		{ "PUBLIC_URL=https://example.org/?x=1", "query" },
		{ "PUBLIC_URL=https://example.org?x=1", "query" },
		{ "PUBLIC_URL=https://example.org/#x", "fragment" },
		{ "PUBLIC_URL=https://example.org/a b", "path" },
		{ "PUBLIC_URL=https://example.org/../b", "path" },
		{ "PUBLIC_URL=https://example.org/./b", "path" },
		{ "PUBLIC_URL=https://example.org//b", "path" },
		{ "PUBLIC_URL=https://example.org/\\b", "path" },
		{ "PUBLIC_URL=https://example.org:0/", "port" },
		{ "PUBLIC_URL=https://example.org:65536/", "port" },
		{ "PUBLIC_URL=https://example.org:x/", "port" },
		{ "PUBLIC_URL=https://exa mple.org/", "host" },
		{ "PUBLIC_URL=https://.example.org/", "host" },
		{ "PUBLIC_URL=https://example..org/", "host" },
		{ "PUBLIC_URL=https://-example.org/", "host" },
		{ "PUBLIC_URL=https://example.org\\.evil/", "host" },
		{ "PUBLIC_URL=https://1.2.3/", "host" },
		{ "PUBLIC_URL=https://0x7f000001/", "host" },
		{ "PUBLIC_URL=https://[::1/", "host" },
		{ "PUBLIC_URL=https://[:::1]/", "host" },
		{ "PUBLIC_URL=https://[::1]x/", "host" },
		{ "PUBLIC_URL=https://" A50 A50 ".org/", "host" },
		{ "OSC_APP_URL=http://app.osaas.io", "must be https" },
		{ "OSC_TOKEN_URL=http://10.0.0.1", "must be https" },
		{ "OSC_CATALOG_URL=http://localhost.example.org", "must be https" },
		{ "OSC_CATALOG_URL=http://127.0.0.1.example.org", "must be https" },
		{ "OSC_MONEY_URL=http://127.0.0.1:9000", "loopback" },
		{ "OSC_ENVIRONMENT=live", "prod|stage|dev" },
		{ "OSC_ENVIRONMENT=prod|stage", "prod|stage|dev" },
		{ "LOG_LEVEL=verbose", "error" },
		{ "ALLOW_HTTP=yes", "0 or 1" },
		{ "PASS_TOKEN=01", "0 or 1" },
		{ "UPSTREAM_TIMEOUT=0", "1 to 300" },
		{ "UPSTREAM_TIMEOUT=301", "1 to 300" },
		{ "UPSTREAM_TIMEOUT=15s", "whole number" },
		{ "UPSTREAM_TIMEOUT=-1", "whole number" },
		{ "UPSTREAM_TIMEOUT= 5", "whole number" },
		{ "UPSTREAM_TIMEOUT=99999999999999999999", "whole number" },
		{ "SESSION_IDLE=0", "1 second" },
		{ "SESSION_MAX=0", "1 second" },
		{ "STORE_PASSWORD_FILE=/nowhere/password", "can read" },
		{ "COOKIE_NAME=a=b", "letters" },
		{ "COOKIE_NAME=a b", "letters" },
		{ "COOKIE_NAME=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "40" },
		{ "COOKIE_NAME=__Host-x", "__Host-" },
		{ "STATE_DIR=var/lib/oscgi", "absolute" },
		{ "KEY_FILE=key", "absolute" },
		{ "SSL_CERT_FILE=/nonexistent/ca.pem", "can be read" },
		{ "TRUSTED_PROXIES=10.0.0.0/33", "10.0.0.0/8" },
		{ "TRUSTED_PROXIES=10.0.0", "10.0.0.0/8" },
		{ "TRUSTED_PROXIES=::1/129", "10.0.0.0/8" },
		{ "TRUSTED_PROXIES=localhost", "10.0.0.0/8" },
		{ "TRUSTED_PROXIES=127.0.0.1/", "10.0.0.0/8" },
		{ "METRICS_ALLOW=*", "10.0.0.0/8" },
		{ "ALLOWED_HOSTS=https://example.org", "host name" },
		{ "ALLOWED_HOSTS=example.org:8080", "host name" },
		{ "ALLOWED_HOSTS=*.example.org", "host name" },
		{ "OSC_TOKEN_HOSTS=.com", "too wide" },
		{ "OSC_TOKEN_HOSTS=.", "suffix" },
		{ "OSC_TOKEN_HOSTS=*.osaas.io", "suffix" },
		{ "OSC_TOKEN_HOSTS=https://osaas.io", "suffix" },
		{ "OSC_TOKEN_HOSTS=osaas.io:99999", "suffix" },
		{ "CLIENT_SECRET=hush", "CLIENT_ID" },
		{ "CLIENT_ID=caf\xc3\xa9", "ASCII" },
		{ "CLIENT_NAME=\xff\xfe", "UTF-8" },
		{ "CLIENT_NAME=a\nb", "control" },
		{ "CLIENT_ID=a\x7f", "control" },
		{ "CLIENT_NAME=" A50 A50 A50, "100" },
		{ "CLIENT_SECRET_FILE=/nonexistent/secret", "cannot be read" },
		{ "UPSTREAM_PROXY=proxy.example.org:3128", "http://" },
		{ "UPSTREAM_PROXY=file:///etc/passwd", "http://" },
		{ "OSCGI_CONFIG=/nonexistent/oscgi.conf", "cannot be read" },
		{ "OSCGI_CONFIG=oscgi.conf", "absolute" },
	};
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = strcspn(cases[i].setting, "=");
		is_int(read_one(cases[i].setting), ERR_CONFIG, "bad: %.60s", cases[i].setting);
		one_fault(cases[i].setting, n, cases[i].says);
		is_int(buf_cstr(&faults)[n], ':', "that begins with its name");
	}
}

static void
test_bounds(void)
{
	char *value = malloc(9000);
	size_t n;

	memset(value, 'x', 9000);
	n = (size_t)sprintf(value, "CLIENT_ID=");
	value[n] = 'x';
	value[n + 8192] = '\0';
	is_int(read_one(value), ERR_OK, "8192 bytes are a value");
	value[n + 8192] = 'x';
	value[n + 8193] = '\0';
	is_int(read_one(value), ERR_CONFIG, "8193 are not");
	ok(strlen(buf_cstr(&faults)) < 200, "and are not repeated in the fault");
	free(value);
	arena_free(&arena);
	arena_init(&arena, 200);
	is_int(read_one("CLIENT_ID=x"), ERR_NOMEM, "no memory is told as that");
	arena_free(&arena);
	arena_init(&arena, 1024 * 1024);
}

static void
test_all_faults(void)
{
	static const char *const env[] = { "UPSTREAM_TIMEOUT=x", "LOG_LEVEL=y", "COOKIE_NAME=a b", "SESSION_IDLE=0", NULL };

	is_int(read_env(env), ERR_CONFIG, "several faults");
	is_int(fault_lines(), 4, "are told all at once");
	is_int(cf.upstream_timeout_s, 15, "a default stands in for what is wrong");
	is_str(config_show(&cf, CONFIG_UPSTREAM_TIMEOUT, &arena), "x", "what was given is what is shown");
	is_str(config_show(&cf, CONFIG_COOKIE_NAME, &arena), "a b", "whatever is wrong with it");
	is_int(read_one("PUBLIC_URL=https://me:hush@example.org"), ERR_CONFIG, "a URL with a password is wrong");
	is_str(config_show(&cf, CONFIG_PUBLIC_URL, &arena), "https://***@example.org", "and shown without it");
}

static void
test_file(void)
{
	static const char *env[] = { use_file, "UPSTREAM_TIMEOUT=7", "COOKIE_NAME=", "CLIENT_ID=first", "CLIENT_ID=second", NULL };

	put_file("# a comment\n; another\n\nUPSTREAM_TIMEOUT = 20\nCLIENT_NAME=My app   ; mine\n"
	    "COOKIE_NAME = mine\r\nTRUSTED_PROXIES = 10.0.0.1,\n  10.0.0.2\n\t10.0.0.3\nPUBLIC_URL=https://example.org\n"
	    "ALLOWED_HOSTS =\n");
	is_int(read_env(env), ERR_OK, "a file is read");
	is_str(cf.file, path, "and named");
	is_str(cf.client_name, "My app", "a comment at the end of a line is none of the value");
	is_int(cf.source[CONFIG_CLIENT_NAME], CONFIG_FROM_FILE, "where it came from is known");
	is_int(cf.upstream_timeout_s, 7, "the environment wins");
	is_int(cf.source[CONFIG_UPSTREAM_TIMEOUT], CONFIG_FROM_ENVIRONMENT, "and is named");
	is_str(cf.cookie_name, "mine", "an empty variable is no variable; a line may end in CR LF");
	is_str(config_show(&cf, CONFIG_TRUSTED_PROXIES, &arena), "10.0.0.1,10.0.0.2,10.0.0.3",
	    "a list goes on in indented lines");
	is_str(cf.client_id, "first", "of two variables the first counts, as for getenv");
	is_str(cf.public_url, "https://example.org", "a URL in the file");
}

static void
test_bad_files(void)
{
	static const struct { const char *name, *text, *says; } cases[] = {
		{ "a name that is none", "NOPE = 1\n", "NOPE: " },
		{ "a name in lower case", "client_name = x\n", "client_name: " },
		{ "an environment variable that is no setting", "PATH = /bin\n", "PATH: " },
		{ "a setting given again in a section", "CLIENT_NAME = x\n[oscgi]\nCLIENT_NAME = y\n", "once" },
		{ "a line that is no setting", "CLIENT_NAME = x\nhello\n", "line 2" },
		{ "a line with a control character", "CLIENT_NAME = x\x01y\n", "control" },
		{ "a setting given twice", "CLIENT_NAME = x\nCLIENT_NAME = y\n", "once" },
		{ "an indented line after what is no list", "CLIENT_NAME = x\n UPSTREAM_TIMEOUT = 3\n", "one line" },
		{ "an empty number", "UPSTREAM_TIMEOUT =\n", "whole number" },
		{ "no state directory", "STATE_DIR =\n", "absolute path" },
		{ "an empty name", "CLIENT_NAME =\n", "1 to 100" },
		{ "an over-long line", "CLIENT_ID = " A50 A50 A50 A50 A50 "\n", "line 1 is too long" },
		{ "the second of two, over-long", "ALLOW_HTTP = 1\nCLIENT_ID = " A50 A50 A50 A50 A50 A50 "=1\n", "line 2 is too long" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		is_int(read_file_text(cases[i].text), ERR_CONFIG, "%s is a fault", cases[i].name);
		one_fault("", 0, cases[i].says);
	}
	is_int(read_file_text(""), ERR_OK, "an empty file is none");
	is_int(read_file_text("[oscgi]\nCLIENT_NAME = x\n"), ERR_OK, "a line in brackets is none");
	is_str(cf.client_name, "x", "and what follows it counts");
	is_int(read_file_text("ALLOW_HTTP = 1"), ERR_OK, "the last line needs no end");
	ok(cf.allow_http, "to count");
}

static void
test_file_kinds(void)
{
	const char *env[] = { use_file, NULL };
	char *big = calloc(1, 70 * 1024);

	put_named(path, "ALLOW_HTTP = 1\n\0LOG_LEVEL = x\n", 30, 0600);
	is_int(read_env(env), ERR_CONFIG, "a file with a NUL is no text");
	put_named(path, "ALLOW_HTTP = 1\n", 15, 0606);
	is_int(read_env(env), ERR_CONFIG, "one that everybody can change is refused");
	put_named(path, "ALLOW_HTTP = 1\n", 15, 0644);
	is_int(read_env(env), ERR_OK, "one that everybody can read is not");
	memset(big, '\n', 70 * 1024 - 1);
	put_file(big);
	is_int(read_env(env), ERR_CONFIG, "one beyond 64 KB is refused");
	free(big);
	unlink(path);
	if (mkdir(path, 0700) != 0)
		abort();
	is_int(read_env(env), ERR_CONFIG, "a directory is refused");
	rmdir(path);
	if (mkfifo(path, 0600) != 0)
		abort();
	is_int(read_env(env), ERR_CONFIG, "a pipe is refused, and not waited for");
	unlink(path);
	is_int(read_env(env), ERR_CONFIG, "a file that was named must be there");
}

static void
test_secret_file(void)
{
	static const struct { const char *name, *text; mode_t mode; const char *want; } cases[] = {
		{ "a secret in a file", "hush\n", 0600, "hush" },
		{ "without an end of line", "hush", 0400, "hush" },
		{ "with CR LF", "hush\r\n", 0600, "hush" },
		{ "readable by a group", "hush\n", 0640, "hush" },
		{ "readable by all, as containers are given them", "hush\n", 0444, "hush" },
		{ "writable by a group", "hush\n", 0660, NULL },
		{ "an empty file", "", 0600, NULL },
		{ "an empty line", "\n", 0600, NULL },
		{ "two lines", "hush\nhush\n", 0600, NULL },
		{ "a control character", "hu\tsh\n", 0600, NULL },
	};
	char name[128], setting[160], *long_text = malloc(2000);
	const char *env[] = { setting, "CLIENT_ID=me", NULL, NULL };
	size_t i;

	snprintf(name, sizeof(name), "%s/secret", dir);
	snprintf(setting, sizeof(setting), "CLIENT_SECRET_FILE=%s", name);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put_named(name, cases[i].text, strlen(cases[i].text), cases[i].mode);
		is_int(read_env(env), cases[i].want != NULL ? ERR_OK : ERR_CONFIG, "CLIENT_SECRET_FILE: %s", cases[i].name);
		is_str(cf.client_secret.reveal, cases[i].want != NULL ? cases[i].want : "", "the secret");
		ok(strstr(buf_cstr(&faults), "hu") == NULL, "and no fault shows it");
	}
	memset(long_text, 'x', 2000);
	put_named(name, long_text, 2000, 0600);
	is_int(read_env(env), ERR_CONFIG, "CLIENT_SECRET_FILE: more than a kilobyte");
	free(long_text);
	put_named(name, "hush\n", 5, 0600);
	env[2] = "CLIENT_SECRET=other";
	is_int(read_env(env), ERR_CONFIG, "CLIENT_SECRET and CLIENT_SECRET_FILE exclude each other");
	if (geteuid() == 0 && chown(name, 12345, (gid_t)-1) == 0) {
		env[2] = NULL;
		is_int(read_env(env), ERR_CONFIG, "CLIENT_SECRET_FILE: another user's");
	}
	unlink(name);
}

static void
test_masking(void)
{
	static const char *const env[] = { "CLIENT_ID=me", "CLIENT_SECRET=hush", "UPSTREAM_PROXY=http://me:hush@proxy:3128",
	    "SESSION_STORE=redis://:hush@store:6379/1", NULL };
	const char *shown;
	int i, seen = 0;

	is_int(read_env(env), ERR_OK, "secrets are settings");
	is_str(cf.client_secret.reveal, "hush", "that the code can read");
	for (i = 0; i < CONFIG__MAX; i++) {
		shown = config_show(&cf, (enum config_id)i, &arena);
		seen += shown == NULL || strstr(shown, "hush") != NULL;
	}
	is_int(seen, 0, "but nothing shows them");
	is_str(config_show(&cf, CONFIG_CLIENT_SECRET, &arena), "***", "only that there is one");
	is_str(config_show(&cf, CONFIG_UPSTREAM_PROXY, &arena), "http://***@proxy:3128", "a proxy's password is covered");
	is_str(config_show(&cf, CONFIG_SESSION_STORE, &arena), "redis://***@store:6379/1", "and the store's");
	read_one("CLIENT_ID=me");
	is_str(config_show(&cf, CONFIG_CLIENT_SECRET, &arena), "", "where there is none, nothing is masked");
	ok(config_setting(CONFIG_CLIENT_SECRET)->type == CONFIG_TYPE_SECRET &&
	    config_setting(CONFIG_SESSION_STORE)->type != CONFIG_TYPE_SECRET,
	    "the descriptions know which are secret");
}

static void
test_platform(void)
{
	static const char *const env[] = { "OSC_APP_URL=http://LocalHost:9000/app", "OSC_TOKEN_URL=https://token.example.org:443/x",
		"OSC_CATALOG_URL=http://127.0.0.2", NULL };
	const char *const *hosts;

	is_int(read_env(env), ERR_OK, "a platform on the loopback");
	ok(cf.platform_on_loopback, "is known as one");
	hosts = config_platform_hosts(&cf, &arena);
	is_str(hosts[0], "localhost:9000", "its host and port");
	is_str(hosts[1], "127.0.0.2", "no port where there is none");
	is_str(hosts[2], "token.example.org", "nor the scheme's own");
	ok(hosts[3] != NULL && hosts[4] != NULL && hosts[5] == NULL, "five hosts in all");
}

static void
test_loopback(void)
{
	static const struct { const char *url; bool want; } cases[] = {
		{ "http://localhost", true }, { "http://LOCALHOST:1/x", true }, { "http://a.localhost", true },
		{ "http://127.255.0.1", true }, { "http://[::1]:8", true }, { "http://128.0.0.1", false },
		{ "http://localhost.example", false }, { "http://alocalhost", false }, { "http://[::2]", false },
		{ "http://[::ffff:10.0.0.1]", false }, { "http://0.0.0.0", false },
		{ "http://127.100.100.100.example", false },
	};
	struct url_parts u;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		is_str(url_split(cases[i].url, &u), NULL, "%s is a URL", cases[i].url);
		is_int(url_is_loopback(&u), cases[i].want, "and %son the loopback", cases[i].want ? "" : "not ");
	}
}

/* Every commented setting of the example, uncommented. */
static void
test_example(void)
{
	const char *srcdir = getenv("srcdir"), *env[] = { use_file, NULL };
	char name[512], line[512], *out = NULL;
	size_t size = 0;
	FILE *in, *to;
	int i, given = 0;

	snprintf(name, sizeof(name), "%s/conf/oscgi.conf.example", srcdir != NULL ? srcdir : ".");
	in = fopen(name, "re");
	ok(in != NULL, "the example is there");
	if (in == NULL)
		return;
	put_file("");
	is_int(read_env(env), ERR_OK, "it is a settings file");
	to = open_memstream(&out, &size);
	while (fgets(line, sizeof(line), in) != NULL)
		/* CLIENT_SECRET_FILE, STORE_PASSWORD_FILE and SSL_CERT_FILE name files that are not there */
		if (line[0] == '#' && line[1] >= 'A' && line[1] <= 'Z' && strstr(line, "_FILE = /etc") == NULL)
			fputs(line + 1, to);
	fclose(in);
	fclose(to);
	is_int(read_file_text(out), ERR_OK, "it can be used when its settings are uncommented");
	is_str(buf_cstr(&faults), "", "without a fault");
	for (i = 0; i < CONFIG__MAX; i++)
		given += cf.source[i] == CONFIG_FROM_FILE;
	is_int(given, CONFIG__MAX - 3, "it has every setting");
	free(out);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%.30s/oscgi-config.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		skip_all("no directory for temporary files");
	snprintf(path, sizeof(path), "%s/oscgi.conf", dir);
	snprintf(use_file, sizeof(use_file), "OSCGI_CONFIG=%s", path);
	arena_init(&arena, 1024 * 1024);
	buf_init(&faults, 64 * 1024);
	test_defaults();
	test_environment_name();
	test_good_values();
	test_bad_values();
	test_bounds();
	test_all_faults();
	test_file();
	test_bad_files();
	test_file_kinds();
	test_secret_file();
	test_masking();
	test_platform();
	test_loopback();
	test_example();
	unlink(path);
	rmdir(dir);
	buf_free(&faults);
	arena_free(&arena);
	return done_testing();
}
