/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gateway/gateway.h"
#include "tap.h"

#define PATIENCE_MS 30000
#define WHILE_MS    400
#define CLOSE_WAIT_MS 1500	/* libfcgi waits 2 s for the other side */
#define TRIES       3		/* of what has to be quick: the machine may be slow for once */

/* Written to by the program when a request is in hand; read by it until the request may be answered. */
static int in_hand[2], let_go[2];

/* Answers with the role, a variable and whether it was kept waiting, when it is told to. */
static void
serve(void *ctx, struct gateway_exchange *x)
{
	const char *word = gateway_param(x, "WORD");
	char answer[128], c;
	int n;

	(void)ctx;
	if (write(in_hand[1], "x", 1) != 1 || read(let_go[0], &c, 1) != 1)
		_exit(9);
	x->tell_next = true;
	n = snprintf(answer, sizeof(answer), "Status: 200\r\n\r\n%s:%s%s%s", x->authorizer ? "authorizer" : "other",
	    word != NULL ? word : "-", gateway_param_is_repeated(x, "WORD") ? ":repeated" : "",
	    x->queued ? ":queued" : "");
	if (!x->write(x, answer, (size_t)n))
		_exit(8);
}

/* A process of the program, its standard input and output as given. */
static pid_t
start(int in, int out)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);	/* a test that fails leaves nobody behind */
	dup2(in, STDIN_FILENO);
	if (out >= 0)
		dup2(out, STDOUT_FILENO);
	_exit(gateway_run(serve, NULL));
}

static bool
wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, PATIENCE_MS) == 1;
}

static void
wait_in_hand(void)
{
	char c;

	if (!wait_readable(in_hand[0]) || read(in_hand[0], &c, 1) != 1)
		abort();
}

static void
may_answer(void)
{
	if (write(let_go[1], "x", 1) != 1)
		abort();
}

/* What comes until the end of file, or until nobody says anything any more: then with "..." after it. */
static const char *
read_all(int fd, size_t *out_len)
{
	static char text[4096];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(text) - 4) {
		if (!wait_readable(fd)) {
			memcpy(text + len, "...", 3);
			len += 3;
			break;
		}
		n = read(fd, text + len, sizeof(text) - 4 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	text[len] = '\0';
	*out_len = len;
	return text;
}

/* 0 when it ended by itself with 0; -1 when it had to be killed. */
static int
end_of(pid_t pid)
{
	int i, status;

	for (i = 0; i < PATIENCE_MS / 10; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
		usleep(10000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

static void
test_cgi(void)
{
	int out[2], in[2];
	size_t len;
	pid_t pid;

	if (pipe(out) != 0 || pipe(in) != 0)
		abort();
	setenv("WORD", "hello", 1);
	pid = start(in[0], out[1]);
	close(out[1]);
	wait_in_hand();
	kill(pid, SIGTERM);
	may_answer();
	is_str(read_all(out[0], &len), "Status: 200\r\n\r\nother:hello", "plain CGI: a request in hand is answered in spite of SIGTERM");
	is_int(end_of(pid), 0, "and the process ends cleanly");
	close(out[0]);
	close(in[0]);
	close(in[1]);
}

/* One record of FastCGI 1.0, its content after it. */
static void
put_record(unsigned char *out, size_t *len, int type, const void *content, size_t n)
{
	const unsigned char head[8] = { 1, (unsigned char)type, 0, 1, (unsigned char)(n >> 8), (unsigned char)n, 0, 0 };

	memcpy(out + *len, head, sizeof(head));
	if (n > 0)
		memcpy(out + *len + sizeof(head), content, n);
	*len += sizeof(head) + n;
}

/* Send a request that has WORD twice, but not the end of its body; the connection is to be kept if `keep`. */
static void
begin_to_ask(int fd, int role, int keep, const char *body)
{
	static const char params[] = "\x04\x02WORDhi" "\x04\x03WORDbye";
	const unsigned char begin[8] = { 0, (unsigned char)role, (unsigned char)keep };
	unsigned char text[512];
	char length[32];
	size_t len = 0, n = (size_t)snprintf(length, sizeof(length), "\x0e\x01" "CONTENT_LENGTH%zu", strlen(body));

	put_record(text, &len, 1, begin, sizeof(begin));
	put_record(text, &len, 4, params, sizeof(params) - 1);
	put_record(text, &len, 4, length, n);
	put_record(text, &len, 4, NULL, 0);
	if (*body != '\0')
		put_record(text, &len, 5, body, strlen(body));
	if (write(fd, text, len) != (ssize_t)len)
		abort();
}

static bool
end_to_ask(int fd)
{
	unsigned char text[8];
	size_t len = 0;

	put_record(text, &len, 5, NULL, 0);
	return write(fd, text, len) == (ssize_t)len;
}

/* All of it, without a body. */
static void
ask(int fd, int role, int keep)
{
	begin_to_ask(fd, role, keep, "");
	if (!end_to_ask(fd))
		abort();
}

static int
connect_to(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
		abort();
	return fd;
}

/* The content of the first record of an answer (standard output) as text, with "..." when the connection stays open. */
static const char *
answer_of(int fd)
{
	static char answer[256];
	size_t len, n;
	const unsigned char *text = (const unsigned char *)read_all(fd, &len);
	bool open = len >= 3 && memcmp(text + len - 3, "...", 3) == 0;

	n = (size_t)text[4] << 8 | text[5];
	snprintf(answer, sizeof(answer), "%.*s%s", (int)(n < sizeof(answer) - 4 ? n : 0), (const char *)text + 8,
	    open ? "..." : "");
	return answer;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* What comes when a request with this body ends a while after its answer is made, but sooner than libfcgi gives it up. */
static const char *
answer_to_late_end(const struct sockaddr_un *address, const char *body)
{
	const char *answer = "";
	int fd, i;

	for (i = 0; i < TRIES && *answer == '\0'; i++) {
		fd = connect_to(address);
		begin_to_ask(fd, 1, 0, body);
		wait_in_hand();
		may_answer();
		usleep(WHILE_MS * 1000);
		if (end_to_ask(fd))
			answer = answer_of(fd);
		close(fd);
	}
	return answer;
}

/* Nobody waits for the web server to close its end, unless something may still come from there. */
static void
test_closing(const struct sockaddr_un *address)
{
	static const char answer[] = "Status: 200\r\n\r\nother:hi:repeated";
	int64_t began, took = CLOSE_WAIT_MS;
	int fd, second, i;

	for (i = 0; i < TRIES && took >= CLOSE_WAIT_MS; i++) {
		began = now_ms();
		fd = connect_to(address);
		ask(fd, 1, 0);
		wait_in_hand();
		may_answer();
		is_str(answer_of(fd), answer, "a web server that keeps its end open has its answer");
		second = connect_to(address);
		ask(second, 1, 0);
		wait_in_hand();
		took = now_ms() - began;
		may_answer();
		is_str(answer_of(second), answer, "and so has the next");
		close(fd);
		close(second);
	}
	ok(took < CLOSE_WAIT_MS, "which is not kept waiting by it (%d ms)", (int)took);
	is_str(answer_to_late_end(address, ""), answer, "the end of a request that comes after the answer is made is waited for");
	is_str(answer_to_late_end(address, "a body"), answer, "and the end of a body that nobody read");
}

static void
test_fastcgi(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/oscgi-gateway.XXXXXX";
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), fd, second;
	pid_t pid;

	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", dir);
	if (listener < 0 || bind(listener, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, 5) != 0)
		abort();
	pid = start(listener, -1);
	fd = connect_to(&address);
	ask(fd, 1, 0);
	wait_in_hand();
	may_answer();
	is_str(answer_of(fd), "Status: 200\r\n\r\nother:hi:repeated", "FastCGI: a responder answers");
	close(fd);
	fd = connect_to(&address);
	ask(fd, 2, 0);
	wait_in_hand();
	may_answer();
	is_str(answer_of(fd), "Status: 200\r\n\r\nauthorizer:hi:repeated", "and knows that it is an authorizer");
	close(fd);

	fd = connect_to(&address);
	ask(fd, 1, 1);
	wait_in_hand();
	second = connect_to(&address);
	ask(second, 1, 0);
	may_answer();
	is_str(answer_of(fd), "Status: 200\r\n\r\nother:hi:repeated", "who asks for the connection to be kept is "
	    "answered, and it is closed: no request on it would ever be seen");
	wait_in_hand();
	may_answer();
	is_str(answer_of(second), "Status: 200\r\n\r\nother:hi:repeated:queued", "and who came meanwhile has its turn");
	close(fd);
	close(second);

	test_closing(&address);
	fd = connect_to(&address);
	ask(fd, 1, 0);
	wait_in_hand();
	kill(pid, SIGTERM);
	may_answer();
	is_str(answer_of(fd), "Status: 200\r\n\r\nother:hi:repeated", "a request in hand is answered in spite of SIGTERM");
	is_int(end_of(pid), 0, "and the process ends cleanly");
	close(fd);
	close(listener);
	unlink(address.sun_path);
	rmdir(dir);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	if (pipe(in_hand) != 0 || pipe(let_go) != 0)
		abort();
	test_cgi();
	test_fastcgi();
	return done_testing();
}
