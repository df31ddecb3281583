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

/* Sends bytes, half-closes, and reads all that comes. */
static void ask(const struct web *web, str sent, char *answer, size_t room)
{
	int fd = connect_to(web);

	assert_int_equal(send(fd, sent.at, sent.len, MSG_NOSIGNAL), sent.len);
	(void)shutdown(fd, SHUT_WR);
	(void)read_until(fd, NULL, answer, room);
	(void)close(fd);
}

#define HOST "Host: localhost\r\n"

/* The ten of style: what a server and a proxy could read differently.  The library itself drops a
 * NUL's rest and takes a bare line feed; nginx in front refuses those two, so here they must only
 * not be taken for a second request. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			malformed_requests_are_refused_and_the_connection_closed, open_server,
			close_server),
	};

	log_open(world_of_system(), LOG_ERROR, "web_test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
