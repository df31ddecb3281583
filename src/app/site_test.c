#include "app/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "app/metrics.h"
#include "app/openapi.h"
#include "app/rooms.h"
#include "jobs/job.h"
#include "jobs/worker.h"
#include "store/store_testing.h"
#include "web/form.h"
#include "web/web.h"

static const char *counts; /* the file that `work` leaves */

static struct web_exchange ask_with(struct store_testing *with, const char *target, door *at_door,
				    const struct log_pair *header)
{
	struct site site = { .version = "1.2.3", .work_counts = counts };
	struct route_table tables[ROOMS_MOST_TABLES];
	const struct web_settings settings = {
		.public_url = S("http://localhost"),
		.store = with->store,
		.world = &with->world.world,
		.context = &site,
		.tables = tables,
		.table_count = rooms_routes(tables),
		.session_cookie = "novate",
		.look = &rooms_look,
		.door = at_door,
	};
	struct web_exchange exchange = { .method = GET,
					 .target = str_of(target),
					 .headers = header,
					 .header_count = header ? 1 : 0 };
	fault *f = web_exchange(&settings, with->arena, &exchange);

	if (f)
		fail_msg("%s: %s", target, f->said);
	return exchange;
}

static struct web_exchange ask(struct store_testing *with, const char *target)
{
	return ask_with(with, target, NULL, NULL);
}

static bool has(struct web_exchange exchange, const char *part)
{
	return str_find(exchange.answer, str_of(part)) >= 0;
}

static fault *one_worker(struct tx *tx, void *with)
{
	return worker_open(tx, "1.2.3", with);
}

static void health_body(struct store_testing *with)
{
	id worker;
	struct web_exchange before = ask(with, "/health");

	assert_int_equal(before.status, 200);
	assert_true(has(before, "\"status\":\"no worker\""));
	assert_true(has(before, "\"worker_seen\":null"));
	assert_null(
		store_run(with->store, STORE_WRITE, with->arena, "worker", one_worker, &worker));
	struct web_exchange after = ask(with, "/health");
	assert_true(has(after, "\"status\":\"ok\""));
	assert_true(has(after, "\"version\":\"1.2.3\""));
	assert_true(has(after, "\"worker_seen\":\"2026-02-03T10:00:00Z\""));
}

static void health_tells_whether_a_worker_lives(void **state)
{
	(void)state;
	store_testing_each(health_body);
}

static fault *one_job(struct tx *tx, void *with)
{
	(void)with;
	return job_later(tx, &(struct job_new){ .kind = "test", .at = INSTANT_NONE });
}

static void metrics_body(struct store_testing *with)
{
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "job", one_job, NULL));
	with->world.at = instant_after(with->world.at, SECONDS(90));
	struct web_exchange seen = ask(with, "/metrics");

	assert_int_equal(seen.status, 200);
	assert_true(str_starts(seen.type, S("text/plain; version=0.0.4")));
	assert_true(has(seen, "novate_jobs{state=\"waiting\"} 1\n"));
	assert_true(has(seen, "novate_jobs_late_seconds 90.000000\n"));
	assert_true(has(seen, "# TYPE novate_web_answers_total counter\n"));
	assert_true(has(seen, "# TYPE novate_events_total counter\n"));
}

static void metrics_are_prometheus_text(void **state)
{
	(void)state;
	store_testing_each(metrics_body);
}

static void work_counts_body(struct store_testing *with)
{
	static const char line[] = "novate_remote_calls_total{call=\"graph.users\"} 7\n";
	char path[] = "/tmp/novate-counts-XXXXXX";
	int fd = mkstemp(path);
	const int64_t now = with->world.at.micros / SECONDS(1);
	struct timespec times[2] = { { .tv_sec = now - 20 }, { .tv_sec = now - 20 } };

	assert_int_equal(write(fd, line, sizeof line - 1), sizeof line - 1);
	assert_int_equal(futimens(fd, times), 0);
	counts = path;
	assert_true(has(ask(with, "/metrics"), line));
	times[1].tv_sec = now - 90;
	assert_int_equal(futimens(fd, times), 0);
	assert_false(has(ask(with, "/metrics"), line));
	counts = NULL;
	(void)close(fd);
	(void)unlink(path);
}

static void counts_of_work_are_shown_while_it_lives(void **state)
{
	(void)state;
	store_testing_each(work_counts_body);
}

static fault *door_operator(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	(void)tx;
	(void)cookie;
	(void)bearer;
	*who = (struct visitor){ .account = { .n = 1 },
				 .role = OPERATOR,
				 .name = S("Olga"),
				 .email = S("olga@example.test"),
				 .form_token = S("token") };
	return NULL;
}

static void passed_on_body(struct store_testing *with)
{
	static const struct log_pair header = { "X-Forwarded-For", { "192.0.2.1", 9 } };
	int stranger = ask_with(with, "/metrics", NULL, &header).status;

	assert_true(stranger == 403 || stranger == 404);
	assert_int_equal(ask_with(with, "/metrics", door_operator, &header).status, 200);
}

static void a_proxy_hands_the_counts_to_operators_only(void **state)
{
	(void)state;
	store_testing_each(passed_on_body);
}

static void only_this_machine_is_loopback(void **state)
{
	static const struct {
		const char *address;
		bool loopback;
	} cases[] = {
		{ "127.0.0.1", true },	{ "127.9.9.9", true },
		{ "::1", true },	{ "::ffff:127.0.0.1", true },
		{ "192.0.2.1", false }, { "::2", false },
		{ "", false },		{ "1270.0.0.1", false },
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(metrics_is_loopback(str_of(cases[i].address)), cases[i].loopback);
}

static void home_body(struct store_testing *with)
{
	struct web_exchange home = ask(with, "/");

	assert_int_equal(home.status, 200);
	assert_true(has(home, "<h1>Move a tenant without losing a license</h1>"));
	assert_true(has(home, "href=\"/sign-in\""));
}

static void the_first_page_says_what_this_is(void **state)
{
	(void)state;
	store_testing_each(home_body);
}

static void described_body(struct store_testing *with)
{
	struct web_exchange seen = ask(with, "/api/v1/openapi.json");
	json_t *document = json_loadb(seen.answer.at, seen.answer.len, 0, NULL);

	assert_non_null(document);
	assert_string_equal(json_string_value(json_object_get(document, "openapi")), "3.1.0");
	assert_true(json_object_size(json_object_get(document, "paths")) > 0);
	json_decref(document);
}

static void the_api_describes_itself(void **state)
{
	(void)state;
	store_testing_each(described_body);
}

static const char *const sizes[] = { "small", "large", NULL };
static const struct field fields[] = {
	{ "seats", "Seats", FIELD_COUNT, 1, 300, .needed = true, .help = "How many" },
	{ "size", "Size", FIELD_CHOICE, .choices = sizes },
	{ 0 },
};
static const struct route routes[] = {
	{ POST, "/api/v1/carts/:cart/lines", NULL, .who = PARTNER, .proof = BY_BEARER,
	  .fields = fields, .about = "Add a line" },
	{ GET, "/api/v1/carts", NULL, .who = PARTNER, .fields = fields, .about = "All carts" },
	{ GET, "/partner/carts", NULL, .who = PARTNER, .about = "Not of the API" },
};

static void a_route_and_its_fields_become_an_operation(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	const struct route_table table = { routes, COUNT(routes) };
	str text = openapi_text(arena, &table, 1, "1");
	json_t *document = json_loadb(text.at, text.len, 0, NULL);
	json_t *paths = json_object_get(document, "paths"), *post, *schema;
	(void)state;

	assert_int_equal(json_object_size(paths), 2);
	json_t *query = json_object_get(
		json_object_get(json_object_get(paths, "/api/v1/carts"), "get"), "parameters");
	assert_int_equal(json_array_size(query), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(query, 1), "in")),
			    "query");
	post = json_object_get(json_object_get(paths, "/api/v1/carts/{cart}/lines"), "post");
	assert_string_equal(json_string_value(json_object_get(post, "operationId")),
			    "carts_cart_lines_post");
	assert_int_equal(json_array_size(json_object_get(post, "security")), 1);
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(json_object_get(post, "parameters"), 0), "name")),
		"cart");
	assert_int_equal(json_unpack(post, "{s:{s:{s:{s:o}}}}", "requestBody", "content",
				     "application/x-www-form-urlencoded", "schema", &schema),
			 0);
	json_t *seats = json_object_get(json_object_get(schema, "properties"), "seats");
	assert_int_equal(json_integer_value(json_object_get(seats, "minimum")), 1);
	assert_int_equal(json_integer_value(json_object_get(seats, "maximum")), 300);
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(schema, "required"), 0)), "seats");
	json_decref(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(health_tells_whether_a_worker_lives),
		cmocka_unit_test(metrics_are_prometheus_text),
		cmocka_unit_test(counts_of_work_are_shown_while_it_lives),
		cmocka_unit_test(a_proxy_hands_the_counts_to_operators_only),
		cmocka_unit_test(only_this_machine_is_loopback),
		cmocka_unit_test(the_first_page_says_what_this_is),
		cmocka_unit_test(the_api_describes_itself),
		cmocka_unit_test(a_route_and_its_fields_become_an_operation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
