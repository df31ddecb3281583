#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "remote/remote.h"

/* A small server that misbehaves by path.  One thread a connection; each answer to /plain tells
 * the number of its connection, so that a test sees when one is used again. */
static struct {
	int listening, port;
	pthread_t thread;
	atomic_int connections, requests;
} server;

static void say(int fd, const char *text)
{
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void say_answer(struct arena *scratch, int fd, const char *status, const char *headers,
		       str body)
{
	say(fd, str_format(scratch, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%.*s", status,
			   headers, body.len, STR(body))
			.at);
}

static void say_huge(int fd)
{
	static char block[4096];

	memset(block, 'x', sizeof(block));
	say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 4096000\r\n\r\n");
	for (int i = 0; i < 1000; i++)
		if (send(fd, block, sizeof(block), MSG_NOSIGNAL) < 0)
			return;
}

/* False when the connection is to be closed. */
static bool answer_one(struct arena *scratch, int fd, int number, str request)
{
	str path, method, rest = request;
	ptrdiff_t body = str_find(request, S("\r\n\r\n"));

	if (!str_next(&rest, ' ', &method) || !str_next(&rest, ' ', &path))
		return false;
	if (str_eq(path, S("/plain")) || str_eq(path, S("/continue"))) {
		if (str_eq(path, S("/continue")))
			say(fd, "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n");
		say_answer(scratch, fd, "200 OK", "X-Seen:  yes \r\n",
			   str_format(scratch, "%d %.*s %.*s", number, STR(method),
				      STR(str_part(request, (size_t)body + 4, request.len))));
		return true;
	}
	if (str_eq(path, S("/later")))
		say_answer(scratch, fd, "429 Slow", "Retry-After: 7\r\n", S("wait"));
	else if (str_eq(path, S("/redirect")))
		say_answer(scratch, fd, "302 Found", "Location: /plain\r\n", S(""));
	else if (str_eq(path, S("/huge")))
		say_huge(fd);
	else if (str_eq(path, S("/reset")))
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
	else if (str_eq(path, S("/slow")))
		(void)!read(fd, (char[1]){ 0 }, 1); /* until the client gives up */
	return false;
}

static bool read_request(struct arena *scratch, int fd, str *request)
{
	struct text text = text_open(scratch);
	char block[2048];

	for (;;) {
		ssize_t got = read(fd, block, sizeof(block));

		if (got <= 0)
			return false;
		text_add(&text, (str){ block, (size_t)got });

		ptrdiff_t end = str_find(text_str(&text), S("\r\n\r\n"));
		ptrdiff_t length = str_find(text_str(&text), S("Content-Length: "));

		if (end < 0)
			continue;
		if (length < 0 ||
		    text.len >= (size_t)end + 4 + strtoul(text.at + length + 16, NULL, 10)) {
			*request = text_str(&text);
			return true;
		}
	}
}

static void *connection_run(void *of)
{
	DEFER(arena_end) struct arena *scratch = arena_open();
	int fd = (int)(intptr_t)of, number = atomic_fetch_add(&server.connections, 1) + 1;
	str request;

	while (read_request(scratch, fd, &request)) {
		atomic_fetch_add(&server.requests, 1);
		if (!answer_one(scratch, fd, number, request))
			break;
	}
	(void)close(fd);
	return NULL;
}

static void *server_run(void *of)
{
	(void)of;
	for (;;) {
		int fd = accept(server.listening, NULL, NULL);
		pthread_t thread;

		if (fd < 0)
			return NULL;
		if (pthread_create(&thread, NULL, connection_run, (void *)(intptr_t)fd) == 0)
			(void)pthread_detach(thread);
	}
}

static int server_open(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	(void)state;
	server.listening = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(server.listening, (struct sockaddr *)&at, len) != 0 ||
	    listen(server.listening, 16) != 0 ||
	    getsockname(server.listening, (struct sockaddr *)&at, &len) != 0)
		return -1;
	server.port = ntohs(at.sin_port);
	return pthread_create(&server.thread, NULL, server_run, NULL);
}

static int server_close(void **state)
{
	(void)state;
	(void)shutdown(server.listening, SHUT_RDWR);
	(void)pthread_join(server.thread, NULL);
	return close(server.listening);
}

static fault *ask(struct remote *remote, struct arena *keep, struct remote_call call,
		  const char *path, struct remote_answer *answer)
{
	struct transport by = remote_transport(remote);

	call.name = "test.call";
	call.method = call.method ? call.method : "GET";
	call.url = str_format(keep, "http://127.0.0.1:%d%s", server.port, path);
	return remote_ask(&by, world_of_system(), keep, &call, answer);
}

static struct remote *opened(void)
{
	struct remote *remote;

	assert_null(
		remote_open(&(struct remote_settings){ .user_agent = S("novate-test") }, &remote));
	return remote;
}

static void a_connection_is_used_again(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote *remote = opened();
	struct remote_answer first, then;

	(void)state;
	assert_null(
		ask(remote, arena, (struct remote_call){ .repeatable = true }, "/plain", &first));
	assert_null(
		ask(remote, arena, (struct remote_call){ .repeatable = true }, "/plain", &then));
	assert_int_equal(first.status, 200);
	assert_true(str_eq(first.body, then.body));
	assert_true(str_eq(remote_answer_header(&first, "x-seen"), S("yes")));
	assert_true(first.micros > 0);
	remote_close(remote);
}

static void methods_and_bodies_arrive(void **state)
{
	static const struct {
		const char *method;
		str body;
		const char *seen;
	} rows[] = {
		{ "GET", { NULL, 0 }, " GET " },       { "POST", { "a=1", 3 }, " POST a=1" },
		{ "POST", { NULL, 0 }, " POST " },     { "PATCH", { "{}", 2 }, " PATCH {}" },
		{ "DELETE", { NULL, 0 }, " DELETE " },
	};
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote *remote = opened();

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct remote_call call = { .method = rows[r].method, .body = rows[r].body };
		struct remote_answer answer;

		assert_null(ask(remote, arena, call, "/plain", &answer));
		assert_true(str_ends(answer.body, str_of(rows[r].seen)));
	}
	remote_close(remote);
}

static void an_http_error_or_redirect_is_an_answer(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote *remote = opened();
	struct remote_answer answer;

	(void)state;
	assert_null(ask(remote, arena, (struct remote_call){ 0 }, "/later", &answer));
	assert_int_equal(answer.status, 429);
	assert_int_equal(remote_retry_after(&answer, (instant){ 0 }), 7);
	assert_null(ask(remote, arena, (struct remote_call){ 0 }, "/redirect", &answer));
	assert_int_equal(answer.status, 302);
	assert_null(ask(remote, arena, (struct remote_call){ 0 }, "/continue", &answer));
	assert_int_equal(answer.status, 200);
	assert_true(str_is_none(remote_answer_header(&answer, "X-Interim")));
	remote_close(remote);
}

static void a_lost_answer_is_a_fault_that_says_why(void **state)
{
	static const struct {
		const char *path, *code;
		bool repeatable;
		int asked;
	} rows[] = {
		{ "/slow", "timeout", true, 1 },   { "/huge", "too-large", true, 1 },
		{ "/reset", "broken", false, 1 },  { "/reset", "broken", true, 2 },
		{ "/nothing", "broken", true, 2 },
	};
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote *remote = opened();

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct remote_call call = { .timeout = 300000,
					    .most = 100000,
					    .repeatable = rows[r].repeatable };
		struct remote_answer answer = { .status = 5 };
		int before = atomic_load(&server.requests);
		fault *f = ask(remote, arena, call, rows[r].path, &answer);

		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_REMOTE);
		assert_string_equal(f->code, rows[r].code);
		assert_int_equal(answer.status, 5);
		assert_int_equal(atomic_load(&server.requests) - before, rows[r].asked);
	}
	remote_close(remote);
}

static void what_must_not_be_repeated_is_not_repeated_by_the_library_either(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote *remote = opened();
	struct remote_answer answer;

	(void)state;
	assert_null(
		ask(remote, arena, (struct remote_call){ .repeatable = true }, "/plain", &answer));

	int before = atomic_load(&server.requests);

	/* The kept connection would die under this call, which libcurl takes for its age. */
	assert_non_null(
		ask(remote, arena, (struct remote_call){ .method = "POST" }, "/nothing", &answer));
	assert_int_equal(atomic_load(&server.requests) - before, 1);
	remote_close(remote);
}

static void unsafe_addresses_and_headers_are_refused(void **state)
{
	static const char *const rows[] = { "http://example.test/",
					    "ftp://127.0.0.1/",
					    "file:///etc/passwd",
					    "http://127.0.0.1.evil.test/",
					    "http://127.0.0.1@evil.test/",
					    "nonsense",
					    "" };
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote *remote = opened();
	struct transport by = remote_transport(remote);
	struct remote_header bad = { .name = "X-Bad", .value = S("a\r\nX-Other: b") };
	struct remote_answer answer;

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct remote_call call = { .name = "test.bad",
					    .method = "GET",
					    .url = str_of(rows[r]) };

		assert_int_equal(by.send(by.of, arena, &call, &answer)->kind, FAULT_INPUT);
	}
	assert_int_equal(ask(remote, arena,
			     (struct remote_call){ .headers = &bad, .header_count = 1 }, "/plain",
			     &answer)
				 ->kind,
			 FAULT_BUG);
	remote_close(remote);
}

static void a_missing_certificate_file_is_said_at_once(void **state)
{
	struct remote *remote = NULL;

	(void)state;
	assert_int_equal(
		remote_open(&(struct remote_settings){ .ca_file = S("/nowhere/ca.pem") }, &remote)
			->kind,
		FAULT_INPUT);
	assert_null(remote);
	remote_close(NULL);
}

static void *asks_many(void *of)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote_answer answer;

	for (int i = 0; i < 50; i++)
		if (ask(of, arena, (struct remote_call){ 0 }, "/plain", &answer) ||
		    answer.status != 200)
			return of;
	return NULL;
}

static void many_threads_share_it(void **state)
{
	struct remote *remote = opened();
	pthread_t threads[4];
	void *failed;

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, asks_many, remote), 0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	remote_close(remote);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_is_used_again),
		cmocka_unit_test(methods_and_bodies_arrive),
		cmocka_unit_test(an_http_error_or_redirect_is_an_answer),
		cmocka_unit_test(a_lost_answer_is_a_fault_that_says_why),
		cmocka_unit_test(what_must_not_be_repeated_is_not_repeated_by_the_library_either),
		cmocka_unit_test(unsafe_addresses_and_headers_are_refused),
		cmocka_unit_test(a_missing_certificate_file_is_said_at_once),
		cmocka_unit_test(many_threads_share_it),
	};

	return cmocka_run_group_tests_name("remote_curl", tests, server_open, server_close);
}
