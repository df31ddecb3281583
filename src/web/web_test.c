#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/world.h"
#include "web/html.h"
#include "web/web.h"

/* A server with a few routes, asked over raw sockets. */

static _Atomic int64_t shown_version = 7;

static fault *hello(struct request *rq, struct reply *to)
{
	return reply_text(to, 200, "text/plain", request_path(rq));
}

static fault *slow(struct request *rq, struct reply *to)
{
	reply_later(to, 400);
	return reply_text(to, 200, "text/plain", request_path(rq));
}

static fault *echo(struct request *rq, struct reply *to)
{
	return reply_text(to, 200, "application/octet-stream", request_body(rq));
}

static fault *version(struct request *rq, int64_t *out)
{
	(void)rq;
	*out = shown_version;
	return NULL;
}

static const struct route routes[] = {
	{ GET, "/hello", hello, .who = ANYONE },
	{ POST, "/echo", echo, .who = ANYONE, .proof = BY_NOTHING },
	{ POST, "/long", echo, .who = ANYONE, .proof = BY_NOTHING, .most_body = 5000 },
	{ GET, "/slow", slow, .who = ANYONE },
	{ GET, "/live", hello, .who = ANYONE, .live = version },
};
static const struct route_table tables[] = { { routes, COUNT(routes) } };

static struct web_settings settings_of_test(void)
{
	return (struct web_settings){
		.address = S("127.0.0.1"),
		.threads = 2,
		.most_body = 1000,
		.most_listeners = 2,
		.world = world_of_system(),
		.tables = tables,
		.table_count = COUNT(tables),
	};
}

static int open_server(void **state)
{
	struct web_settings settings = settings_of_test();

	return web_open(&settings, (struct web **)state) ? -1 : 0;
}

static int close_server(void **state)
{
	web_close(*state, 5);
	return 0;
}

static int connect_to(const struct web *web)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)web_port(web)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 10 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

/* Reads until `want` is there or the other side is done; what came, NUL-ended. */
static size_t read_until(int fd, const char *want, char *into, size_t room)
{
	size_t len = 0;

	into[0] = '\0';
	while (len + 1 < room && !(want && strstr(into, want))) {
		ssize_t got = recv(fd, into + len, room - 1 - len, 0);
		if (got <= 0)
			break;
		len += (size_t)got;
		into[len] = '\0';
	}
	return len;
}

/* Sends bytes and reads until the server closes. */
static void ask(const struct web *web, str sent, char *answer, size_t room)
{
	int fd = connect_to(web);

	assert_int_equal(send(fd, sent.at, sent.len, MSG_NOSIGNAL), sent.len);
	(void)read_until(fd, NULL, answer, room);
	(void)close(fd);
}

#define HOST  "Host: localhost\r\n"
#define CLOSE "Connection: close\r\n"

/* What a server and a proxy could read differently.  The library takes a bare line feed as a line's
 * end and drops what follows a NUL; nginx in front mends the one and refuses the other
 * (tests/front_test.py). */
static void malformed_requests_are_refused_and_the_connection_closed(void **state)
{
	static const struct {
		const char *name;
		str sent;
		int status;
	} rows[] = {
#define ROW(name, sent, status) { name, { sent, sizeof(sent) - 1 }, status }
		ROW("two ways of length",
		    "POST /echo HTTP/1.1\r\n" HOST
		    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		    400),
		ROW("two lengths",
		    "POST /echo HTTP/1.1\r\n" HOST
		    "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
		    400),
		ROW("a length that is no number",
		    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4x\r\n\r\nabcd", 400),
		ROW("a negative length",
		    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400),
		ROW("an unknown coding",
		    "POST /echo HTTP/1.1\r\n" HOST
		    "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
		    400),
		ROW("no host", "GET /hello HTTP/1.1\r\n\r\n", 400),
		ROW("two hosts", "GET /hello HTTP/1.1\r\n" HOST HOST "\r\n", 400),
		ROW("a host that is none", "GET /hello HTTP/1.1\r\nHost: a b/c\r\n\r\n", 400),
		ROW("white space before the colon",
		    "GET /hello HTTP/1.1\r\n" HOST "X-A : b\r\n\r\n", 400),
		ROW("an absolute address", "GET http://localhost/hello HTTP/1.1\r\n" HOST "\r\n",
		    400),
		ROW("a control byte in a header",
		    "GET /hello HTTP/1.1\r\n" HOST "X-A: b\001c\r\n\r\n", 400),
		ROW("a control byte in the address", "GET /hel\001lo HTTP/1.1\r\n" HOST "\r\n",
		    400),
		ROW("a body that is told to be too large",
		    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n", 413),
		ROW("a body that is too large for a route that takes more than others",
		    "POST /long?a=b HTTP/1.1\r\n" HOST "Content-Length: 5001\r\n\r\n", 413),
#undef ROW
	};

	for (size_t r = 0; r < COUNT(rows); r++) {
		char answer[4096], want[32];
		ask(*state, rows[r].sent, answer, sizeof(answer));
		(void)snprintf(want, sizeof(want), "HTTP/1.1 %d ", rows[r].status);
		if (strncmp(answer, want, strlen(want)) != 0)
			fail_msg("%s: wanted %s, got: %s", rows[r].name, want, answer);
		if (!strstr(answer, "Connection: close"))
			fail_msg("%s: the connection stays open: %s", rows[r].name, answer);
		if (strstr(answer + 1, "HTTP/1.1 200"))
			fail_msg("%s: a second request was seen: %s", rows[r].name, answer);
	}
}

static void a_body_is_read_however_it_is_framed(void **state)
{
	static const struct {
		str sent;
		const char *answer;
	} rows[] = {
#define ROW(sent, answer) { { sent, sizeof(sent) - 1 }, answer }
		ROW("POST /echo HTTP/1.1\r\n" HOST CLOSE "Content-Length: 4\r\n\r\nabcd",
		    "\r\n\r\nabcd"),
		ROW("POST /echo HTTP/1.1\r\n" HOST CLOSE
		    "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n",
		    "\r\n\r\nabcd"),
		ROW("GET /hello?x HTTP/1.0\r\n\r\n", "\r\n\r\n/hello"),
		/* Two requests on one connection. */
		ROW("GET /nowhere HTTP/1.1\r\n" HOST "\r\nGET /hello HTTP/1.1\r\n" HOST CLOSE
		    "\r\n",
		    "\r\n\r\n/hello"),
#undef ROW
	};

	for (size_t r = 0; r < COUNT(rows); r++) {
		char answer[8192];
		ask(*state, rows[r].sent, answer, sizeof(answer));
		size_t len = strlen(answer), want = strlen(rows[r].answer);
		if (len < want || strcmp(answer + len - want, rows[r].answer) != 0)
			fail_msg("row %zu: %s", r, answer);
	}
}

static void a_chunked_body_that_grows_too_large_is_refused(void **state)
{
	struct arena *arena = arena_open();
	struct text sent = text_open(arena);
	char answer[4096];

	text_add(&sent, S("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"));
	for (int i = 0; i < 100; i++)
		text_add(&sent, S("10\r\n0123456789abcdef\r\n"));
	text_add(&sent, S("0\r\n\r\n"));
	ask(*state, text_str(&sent), answer, sizeof(answer));
	assert_int_equal(strncmp(answer, "HTTP/1.1 413 ", 13), 0);
	arena_close(arena);
}

static void only_a_route_that_says_so_takes_a_longer_body(void **state)
{
	struct arena *arena = arena_open();
	static const struct {
		const char *path, *answer;
	} rows[] = { { "/echo", "HTTP/1.1 413 " }, { "/long", "HTTP/1.1 200 " } };

	for (size_t r = 0; r < COUNT(rows); r++) {
		struct text sent = text_open(arena);
		char answer[8192];

		text_format(&sent, "POST %s HTTP/1.1\r\n" HOST CLOSE "Content-Length: 3000\r\n\r\n",
			    rows[r].path);
		for (int i = 0; i < 300; i++)
			text_add(&sent, S("0123456789"));
		ask(*state, text_str(&sent), answer, sizeof(answer));
		assert_int_equal(strncmp(answer, rows[r].answer, 13), 0);
	}
	arena_close(arena);
}

static void a_head_has_no_body_and_an_unknown_method_is_told_what_is_allowed(void **state)
{
	char answer[4096];

	ask(*state, S("HEAD /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), answer, sizeof(answer));
	assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
	assert_non_null(strstr(answer, "Content-Length: 6\r\n"));
	assert_non_null(strstr(answer, "\r\n\r\n"));
	assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
	ask(*state, S("BREW /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), answer, sizeof(answer));
	assert_int_equal(strncmp(answer, "HTTP/1.1 405 ", 13), 0);
	assert_non_null(strstr(answer, "Allow: GET, HEAD\r\n"));
}

static int listen_to_live(const struct web *web)
{
	static const char sent[] = "GET /live HTTP/1.1\r\n" HOST
				   "Accept: text/event-stream\r\n\r\n";
	int fd = connect_to(web);

	assert_int_equal(send(fd, sent, sizeof(sent) - 1, MSG_NOSIGNAL), sizeof(sent) - 1);
	return fd;
}

static void a_listening_page_hears_of_a_change(void **state)
{
	char heard[4096];
	int fds[2] = { listen_to_live(*state), listen_to_live(*state) };
	struct web_counts counts;

	for (size_t i = 0; i < COUNT(fds); i++) {
		(void)read_until(fds[i], "data: 7\n\n", heard, sizeof(heard));
		assert_non_null(strstr(heard, "Content-Type: text/event-stream"));
		assert_non_null(strstr(heard, "event: version\ndata: 7\n\n"));
	}
	web_counts(*state, &counts);
	assert_int_equal(counts.listeners, 2);
	shown_version = 8;
	for (size_t i = 0; i < COUNT(fds); i++) {
		(void)read_until(fds[i], "data: 8\n\n", heard, sizeof(heard));
		assert_non_null(strstr(heard, "event: changed\ndata: 8\n\n"));
		(void)close(fds[i]);
	}
	shown_version = 7;
}

static void too_many_listeners_are_told_to_reload(void **state)
{
	char heard[4096];
	int fds[3];

	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = listen_to_live(*state);
		(void)read_until(fds[i], i < 2 ? "data: 7\n\n" : "\r\n\r\n", heard, sizeof(heard));
	}
	assert_int_equal(strncmp(heard, "HTTP/1.1 503 ", 13), 0);
	assert_non_null(strstr(heard, "Retry-After: "));
	for (size_t i = 0; i < COUNT(fds); i++)
		(void)close(fds[i]);
}

static void one_address_cannot_take_every_place_to_listen(void **state)
{
	static const struct {
		const char *from, *answer;
	} rows[] = {
		{ "192.0.2.1", "HTTP/1.1 200 " },
		{ "192.0.2.1", "HTTP/1.1 503 " },
		{ "192.0.2.2", "HTTP/1.1 200 " },
	};
	struct web_settings settings = settings_of_test();
	struct web *web;
	char heard[4096];
	int fds[COUNT(rows)];

	(void)state;
	settings.behind_proxy = true;
	settings.most_listeners_each = 1;
	assert_null(web_open(&settings, &web));
	for (size_t i = 0; i < COUNT(rows); i++) {
		char sent[256];
		int len = snprintf(sent, sizeof(sent),
				   "GET /live HTTP/1.1\r\n" HOST "Accept: text/event-stream\r\n"
				   "X-Real-IP: %s\r\n\r\n",
				   rows[i].from);
		fds[i] = connect_to(web);
		assert_int_equal(send(fds[i], sent, (size_t)len, MSG_NOSIGNAL), len);
		(void)read_until(fds[i], "\r\n\r\n", heard, sizeof(heard));
		assert_int_equal(strncmp(heard, rows[i].answer, 13), 0);
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		(void)close(fds[i]);
	web_close(web, 5);
}

static void closing_ends_the_streams_that_are_open(void **state)
{
	struct web_settings settings = settings_of_test();
	struct web *web;
	char heard[4096];

	(void)state;
	assert_null(web_open(&settings, &web));
	int fd = listen_to_live(web);
	(void)read_until(fd, "data: 7\n\n", heard, sizeof(heard));
	web_close(web, 5);
	(void)read_until(fd, NULL, heard, sizeof(heard));
	assert_non_null(strstr(heard, "0\r\n\r\n"));
	(void)close(fd);
}

static void an_answer_that_waits_keeps_nobody_else_waiting(void **state)
{
	const str asked = S("GET /slow HTTP/1.1\r\n" HOST CLOSE "\r\n");
	char answer[2000];
	int slow_ones[8];

	for (size_t i = 0; i < COUNT(slow_ones); i++) {
		slow_ones[i] = connect_to(*state);
		assert_int_equal(send(slow_ones[i], asked.at, asked.len, MSG_NOSIGNAL), asked.len);
	}
	for (int i = 0; i < 4; i++)
		ask(*state, S("GET /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), answer, sizeof(answer));
	assert_non_null(strstr(answer, "/hello"));
	assert_int_equal(recv(slow_ones[0], answer, sizeof(answer), MSG_DONTWAIT), -1);
	for (size_t i = 0; i < COUNT(slow_ones); i++) {
		(void)read_until(slow_ones[i], NULL, answer, sizeof(answer));
		assert_non_null(strstr(answer, "/slow"));
		(void)close(slow_ones[i]);
	}
}

static void closing_sends_the_answers_that_still_wait(void **state)
{
	const str asked = S("GET /slow HTTP/1.1\r\n" HOST CLOSE "\r\n");
	char answer[2000];
	int fd = connect_to(*state);

	assert_int_equal(send(fd, asked.at, asked.len, MSG_NOSIGNAL), asked.len);
	(void)usleep(100000);
	web_close(*state, 5);
	assert_int_equal(open_server(state), 0);
	(void)read_until(fd, NULL, answer, sizeof(answer));
	assert_non_null(strstr(answer, "/slow"));
	(void)close(fd);
}

static void a_busy_port_is_said_plainly(void **state)
{
	struct web_settings settings = settings_of_test();
	struct web *web;
	char want[64];

	settings.port = web_port(*state);
	fault *f = web_open(&settings, &web);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_CONFLICT);
	(void)snprintf(want, sizeof(want), "Port %d is in use", settings.port);
	assert_non_null(strstr(f->said, want));
	settings.port = 0;
	settings.address = S("not-an-address");
	f = web_open(&settings, &web);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_INPUT);
	settings.address = S("127.0.0.1");
	settings.certificate = S("no certificate");
	settings.key = S("no key");
	f = web_open(&settings, &web);
	assert_non_null(f);
	assert_non_null(strstr(f->said, "certificate"));
}

static void answers_and_refusals_are_counted(void **state)
{
	struct web_counts counts;
	char answer[4096];

	ask(*state, S("GET /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), answer, sizeof(answer));
	ask(*state, S("GET /nowhere HTTP/1.1\r\n" HOST CLOSE "\r\n"), answer, sizeof(answer));
	ask(*state, S("GET /hello HTTP/1.1\r\n" HOST HOST "\r\n"), answer, sizeof(answer));
	web_counts(*state, &counts);
	assert_int_equal(counts.answers[2], 1);
	assert_int_equal(counts.answers[4], 1);
	assert_int_equal(counts.refused, 1);
	assert_int_equal(counts.listeners, 0);
	assert_true(counts.body_bytes_out >= 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, open_server, close_server)
		TEST(malformed_requests_are_refused_and_the_connection_closed),
		TEST(a_body_is_read_however_it_is_framed),
		TEST(a_chunked_body_that_grows_too_large_is_refused),
		TEST(only_a_route_that_says_so_takes_a_longer_body),
		TEST(a_head_has_no_body_and_an_unknown_method_is_told_what_is_allowed),
		TEST(a_listening_page_hears_of_a_change),
		TEST(too_many_listeners_are_told_to_reload),
		TEST(one_address_cannot_take_every_place_to_listen),
		TEST(closing_ends_the_streams_that_are_open),
		TEST(an_answer_that_waits_keeps_nobody_else_waiting),
		TEST(closing_sends_the_answers_that_still_wait),
		TEST(a_busy_port_is_said_plainly),
		TEST(answers_and_refusals_are_counted),
	};

	log_open(world_of_system(), LOG_ERROR, "web_test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
