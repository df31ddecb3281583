/* What Microsoft tells us is kept within bounds and wakes whom it is about; whether it is
 * Microsoft's is tested in microsoft/event_signature_test.c, all of it together in
 * tests/journey_event_test.c. */
#include "convert/vendor_event.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "conversion_sql.h"
#include "convert/conversion.h"
#include "convert/vendor_event_pages.h"
#include "jobs/jobs.h"
#include "store/store_testing.h"
#include "vendor_event_sql.h"
#include "web/web.h"

#define TENANT S("7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7")

static void let(struct store_testing *with, store_body *body, void *what)
{
	fault *f = store_run(with->store, STORE_WRITE, with->arena, "test", body, what);

	if (f)
		fail_msg("%s", f->said);
}

static int post(struct store_testing *with, const char *type, const char *signature, str body,
		const char *address)
{
	const struct log_pair headers[] = {
		{ "Content-Type", str_of(type) },
		{ "Authorization", str_of(signature) },
		{ "X-MS-Signature-Algorithm", S("rsa-sha256") },
		{ "X-MS-Certificate-Url", S("https://certificates.test/cert/events.cer") },
		{ "X-Real-IP", str_of(address) },
	};
	const struct web_settings settings = {
		.public_url = S("http://localhost"),
		.behind_proxy = true,
		.store = with->store,
		.world = &with->world.world,
		.tables = &vendor_event_pages_routes,
		.table_count = 1,
	};
	struct web_exchange x = { .method = POST,
				  .target = S(EVENT_PATH),
				  .headers = headers,
				  .header_count = COUNT(headers),
				  .body = body };

	assert_null(web_exchange(&settings, with->arena, &x));
	return x.status;
}

static fault *oldest_body(struct tx *tx, void *what)
{
	return vendor_event_oldest(tx, 1000, what);
}

#define JSON "application/json"
#define GOOD "Signature aGk="

static void a_post_is_kept_when_it_looks_like_an_event(struct store_testing *with)
{
	char long_one[VENDOR_EVENT_MOST_BODY + 1] = { 0 };
	const struct {
		const char *type, *signature;
		str body;
		int status;
	} rows[] = {
		{ JSON, GOOD, S("{}"), 200 },
		{ "Application/JSON; charset=utf-8", GOOD, S("a\0\xff"), 200 },
		{ JSON, GOOD, { long_one, sizeof(long_one) - 1 }, 200 },
		{ JSON, GOOD, { long_one, sizeof(long_one) }, 413 },
		{ "text/plain", GOOD, S("{}"), 415 },
		{ "application/x-www-form-urlencoded", GOOD, S("a=b"), 415 },
		{ "", GOOD, S("{}"), 415 },
		{ JSON, "Bearer x", S("{}"), 400 },
		{ JSON, GOOD, S(""), 400 },
	};
	struct vendor_event_oldest_list kept;

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(post(with, rows[i].type, rows[i].signature, rows[i].body, "a"),
				 rows[i].status);
	let(with, oldest_body, &kept);
	assert_int_equal(kept.len, 3);
	for (size_t i = 0; i < kept.len; i++) {
		assert_true(str_eq(kept.at[i].body, rows[i].body)); /* byte for byte */
		assert_true(str_eq(kept.at[i].signature, S("hi")));
	}
}

static void too_many_are_not_kept(struct store_testing *with)
{
	for (int address = 0; address < 6; address++)
		for (int i = 0; i <= 100; i++) {
			bool room = i < 100 && address < 5;
			int status = post(with, JSON, GOOD, S("{}"),
					  str_format(with->arena, "192.0.2.%d", address).at);

			assert_int_equal(status, room ? 200 : 503);
		}
}

struct play {
	struct conversion living, ended, other;
	bool woken, stranger;
	struct job_shown job;
};

static fault *begin_body(struct tx *tx, void *what)
{
	struct play *p = what;
	struct asker ada = { .role = ROLE_PARTNER, .from = S("test") };
	struct account account;

	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &account));
	ada.account = account.id;
	TRY(conversion_start(tx, &ada, S("bakery.example"), STR_NONE, &p->ended));
	TRY(conversion_set_ended(tx, p->ended.id, S("undone"), tx_now(tx), STR_NONE));
	TRY(conversion_set_tenant(
		tx, &(struct conversion_set_tenant_in){ .id = p->ended.id, .tenant = TENANT }));
	TRY(conversion_start(tx, &ada, S("bakery.example"), STR_NONE, &p->living));
	TRY(conversion_start(tx, &ada, S("workshop.example"), STR_NONE, &p->other));
	return conversion_set_tenant(
		tx, &(struct conversion_set_tenant_in){ .id = p->living.id, .tenant = TENANT });
}

static fault *wake_body(struct tx *tx, void *what)
{
	struct play *p = what;

	TRY(conversion_wake(tx, S("0b1f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7"), &p->stranger));
	return conversion_wake(tx, TENANT, &p->woken);
}

static fault *put_off(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_AGAIN, .wait = HOURS(1) });
}

static fault *due_body(struct tx *tx, void *what)
{
	struct play *p = what;
	struct job_shown other;
	bool found;

	TRY(job_about(tx, "convert.step", p->other.id, &other, &found));
	assert_int_equal(instant_since(other.due, tx_now(tx)), HOURS(1));
	return job_about(tx, "convert.step", p->living.id, &p->job, &found);
}

/* However often it is told, one look in two seconds. */
static void an_event_wakes_the_living_conversion_of_its_tenant(struct store_testing *with)
{
	const struct job_kind kind = { .kind = "convert.step", .run = put_off };
	struct play p = { 0 };
	struct jobs *jobs;
	bool ran = true;

	let(with, begin_body, &p);
	assert_null(jobs_open(&(struct jobs_settings){ .store = with->store,
						       .world = &with->world.world,
						       .kinds = &kind,
						       .kind_count = 1 },
			      &jobs));
	while (ran)
		assert_null(jobs_run_one(jobs, &ran));
	for (int i = 0; i < 3; i++) {
		let(with, wake_body, &p);
		assert_true(p.woken);
		assert_false(p.stranger);
	}
	let(with, due_body, &p);
	assert_int_equal(instant_since(p.job.due, with->world.at), SECONDS(2));
	assert_true(jobs_close(jobs, 1));
}

static void only_an_address_that_microsoft_can_reach_is_registered(void **state)
{
	static const struct {
		const char *ours, *partner_center, *address;
	} rows[] = {
		{ "https://novate.example", "https://api.partnercenter.microsoft.com",
		  "https://novate.example" EVENT_PATH },
		{ "http://novate.example", "https://api.partnercenter.microsoft.com", "" },
		{ "http://localhost:8080", "https://api.partnercenter.microsoft.com", "" },
		{ "https://localhost", "https://api.partnercenter.microsoft.com", "" },
		{ "http://127.0.0.1:8080", "https://api.partnercenter.microsoft.com", "" },
		{ "https://localhost.example", "https://api.partnercenter.microsoft.com",
		  "https://localhost.example" EVENT_PATH },
		{ "http://localhost:8080", "https://localhost:9443",
		  "http://localhost:8080" EVENT_PATH },
	};
	DEFER(arena_end) struct arena *a = arena_open();
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_true(str_eq(vendor_event_address(a, str_of(rows[i].ours),
							str_of(rows[i].partner_center)),
				   str_of(rows[i].address)));
}

#define EACH(body)                        \
	static void body##_each(void **s) \
	{                                 \
		(void)s;                  \
		store_testing_each(body); \
	}
EACH(a_post_is_kept_when_it_looks_like_an_event)
EACH(too_many_are_not_kept)
EACH(an_event_wakes_the_living_conversion_of_its_tenant)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_is_kept_when_it_looks_like_an_event_each),
		cmocka_unit_test(too_many_are_not_kept_each),
		cmocka_unit_test(an_event_wakes_the_living_conversion_of_its_tenant_each),
		cmocka_unit_test(only_an_address_that_microsoft_can_reach_is_registered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
