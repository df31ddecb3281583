/* The whole conversion in one thread: Novate's rules and steps, the sandbox's handlers, one clock.
 *
 * The same story is told again and again with one thing going wrong at one call to Microsoft: the
 * question never arrives, the answer is lost after its effect, or `work` dies before or after it.
 * However it goes, the end is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "convert/convert.h"
#include "jobs/jobs.h"
#include "market/catalog.h"
#include "microsoft/signin.h"
#include "store/store_testing.h"
#include "vendor_stage.h"

#define BAKERY	 S("ryeandember.onmicrosoft.com")
#define WORKSHOP S("cedarbend.onmicrosoft.com")
/* 10 of O365_BUSINESS_PREMIUM and 3 of EXCHANGESTANDARD; a free SKU and a trial stay. */
#define WORKSHOP_UNITS 13

static const char *const files[] = { NOVATE_SOURCE "/assets/tenants/bakery.json",
				     NOVATE_SOURCE "/assets/tenants/workshop.json" };

struct journey {
	struct store_testing *with;
	struct vendor_stage *vendor;
	struct microsoft *ms;
	struct convert_context context;
	struct job_kind kind;
	struct jobs *jobs;
	struct asker ada;
	struct conversion c;
	str domain;
	/* whether somebody asks to stop when this step waits or runs; -1: nobody */
	int stop_at;
	bool stopped;
};

static void must(fault *f)
{
	if (f)
		fail_msg("%s (%s:%d)", f->said, f->file, f->line);
}

static void let(struct journey *j, store_body *body)
{
	must(store_run(j->with->store, STORE_WRITE, j->with->arena, "journey", body, j));
}

static fault *people_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct account ada;
	int64_t loaded;

	TRY(catalog_first_load(tx, &loaded));
	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &ada));
	j->ada = (struct asker){ ada.id, ROLE_PARTNER, S("test") };
	return NULL;
}

static void sign_in(struct journey *j)
{
	struct microsoft_work w = { .ms = j->ms, .arena = j->with->arena };
	struct signin_code code;
	enum signin_state state;

	must(signin_begin(&w, &code));
	vendor_stage_act(j->vendor, "device", code.user_code);
	must(signin_poll(&w, code.device_code, &state));
	assert_int_equal(state, SIGNIN_DONE);
}

static void journey_open(struct journey *j, struct store_testing *with, str domain)
{
	struct vendor_facts facts;

	*j = (struct journey){ .with = with, .domain = domain, .stop_at = -1 };
	j->vendor = vendor_stage_open(&with->world.world, files, COUNT(files), MINUTES(10));
	facts = vendor_stage_facts(j->vendor);
	must(microsoft_open(
		&(struct microsoft_settings){ .login_url = facts.login_url,
					      .graph_url = facts.login_url,
					      .admin_url = facts.login_url,
					      .partner_center_url = facts.partner_center_url,
					      .partner_tenant = facts.partner_tenant,
					      .client_id = facts.client_id,
					      .client_secret = facts.client_secret,
					      .partner_mpn = S("5183204"),
					      .country = S("US"),
					      .by = vendor_stage_transport(j->vendor),
					      .world = &with->world.world,
					      .store = with->store,
					      .seal_key = S("0123456789abcdef0123456789abcdef") },
		&j->ms));
	j->context = (struct convert_context){ .ms = j->ms,
					       .partner_tenant = facts.partner_tenant,
					       .public_url = S("http://localhost"),
					       .admin_url = facts.login_url,
					       .currency = S("USD") };
	j->kind = (struct job_kind){ .kind = "convert.step",
				     .run = convert_step_job,
				     .context = &j->context,
				     .lease = MINUTES(10) };
	let(j, people_body);
	sign_in(j);
	must(jobs_open(&(struct jobs_settings){ .store = with->store,
						.world = &with->world.world,
						.kinds = &j->kind,
						.kind_count = 1,
						.threads = 1 },
		       &j->jobs));
}

static void journey_close(struct journey *j)
{
	assert_true(jobs_close(j->jobs, 1));
	microsoft_close(j->ms);
	vendor_stage_close(j->vendor);
}

static fault *start_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_start(tx, &j->ada, j->domain, S("admin@example.test"), &j->c);
}

static fault *read_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_get(tx, &j->ada, j->c.id, &j->c);
}

static fault *approve_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_approve(tx, &j->ada, j->c.id, j->c.plan_hash);
}

static fault *knock_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_knock(tx, j->c.door);
}

static fault *stop_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_stop(tx, &j->ada, j->c.id);
}

static void people_act(struct journey *j)
{
	if (j->stop_at == (int)j->c.step && !j->stopped) {
		let(j, stop_body);
		j->stopped = true;
		return;
	}
	if (j->c.state != CONVERSION_WAITING)
		return;
	if (j->c.waits_for == WAITS_PARTNER && j->c.step == STEP_PLAN) {
		let(j, approve_body);
	} else if (j->c.waits_for == WAITS_ADMINISTRATOR) {
		vendor_stage_act(j->vendor,
				 j->c.step == STEP_RECORD    ? "consent"
				 : j->c.step == STEP_CONSENT ? "accept"
							     : "cancel",
				 j->domain);
		let(j, knock_body);
	}
}

static jmp_buf death;

/* `work` dies: its lease stays, nothing it had not committed is there. */
static void die(void)
{
	longjmp(death, 1);
}

static void run_due_jobs(struct journey *j)
{
	bool ran = true;

	if (setjmp(death) != 0)
		return;
	while (ran)
		must(jobs_run_one(j->jobs, &ran));
}

/* Until it has ended; the clock jumps twenty seconds a turn, an hour in all where leases expire. */
static void play(struct journey *j)
{
	let(j, start_body);
	for (int turns = 0; turns < 2000; turns++) {
		run_due_jobs(j);
		let(j, read_body);
		if (conversion_ended(j->c.state))
			return;
		people_act(j);
		j->with->world.at = instant_after(j->with->world.at, SECONDS(20));
	}
	fail_msg("stuck at %.*s, waiting for %.*s: %.*s", STR(conversion_step_word(j->c.step)),
		 STR(conversion_waits_word(j->c.waits_for)), STR(j->c.why));
}

static void nobody_lost_anything(struct journey *j)
{
	str lost = vendor_stage_lost_user(j->vendor, j->domain);

	if (!str_is_none(lost))
		fail_msg("%.*s held less for a while", STR(lost));
	if (vendor_stage_least_spare(j->vendor, j->domain) < 0)
		fail_msg("for a while more licenses were assigned than usable");
}

static void a_tenant_is_converted_once(struct journey *j, int64_t units)
{
	play(j);
	assert_int_equal(j->c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j->vendor, j->domain), 1);
	assert_int_equal(vendor_stage_active_units(j->vendor, j->domain), units);
	nobody_lost_anything(j);
}

static void two_tenants_in_a_row(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY);
	a_tenant_is_converted_once(&j, 1);
	j.domain = WORKSHOP;
	a_tenant_is_converted_once(&j, WORKSHOP_UNITS);
	journey_close(&j);
}

static void tenants_of_exact_matches_are_converted(void **state)
{
	(void)state;
	store_testing_each(two_tenants_in_a_row);
}

/* One telling in a process of its own: a copy of everything as it was set up, so that a death
 * leaves nothing behind and setting up is paid once. */
static void tell_in_a_child(struct journey *j, enum vendor_trouble what, int64_t at)
{
	pid_t pid = fork();
	int how;

	if (pid == 0) {
		vendor_stage_trouble(j->vendor, what, at, die);
		a_tenant_is_converted_once(j, WORKSHOP_UNITS);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
		fail_msg("trouble %d at call %lld", (int)what, (long long)at);
}

static void trouble_at_every_call(struct store_testing *with)
{
	struct journey j;
	int64_t before, calls;

	journey_open(&j, with, BAKERY);
	before = vendor_stage_calls(j.vendor);
	a_tenant_is_converted_once(&j, 1);
	calls = vendor_stage_calls(j.vendor) - before;
	assert_true(calls > 20);
	/* The workshop has one SKU more, and trouble makes a few calls more. */
	j.domain = WORKSHOP;
	for (enum vendor_trouble what = TROUBLE_LOST_BEFORE; what <= TROUBLE_STOP_AFTER; what++)
		for (int64_t at = 1; at <= calls + 8; at++)
			tell_in_a_child(&j, what, at);
	journey_close(&j);
}

static void trouble_at_any_call_changes_nothing_of_the_end(void **state)
{
	(void)state;
	store_testing_on_sqlite(trouble_at_every_call);
}

static int stop_at;

static void one_that_is_stopped(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP);
	j.stop_at = stop_at;
	play(&j);
	assert_true(j.stopped);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), 0);
	nobody_lost_anything(&j);
	journey_close(&j);
}

static void stopping_undoes_until_the_old_subscription_is_cancelled(void **state)
{
	/* The steps at which a look between two turns can find a conversion. */
	static const enum conversion_step stops[] = { STEP_RECORD, STEP_PLAN, STEP_CONSENT,
						      STEP_PROVISION, STEP_CANCEL_OLD };

	(void)state;
	for (size_t i = 0; i < COUNT(stops); i++) {
		stop_at = (int)stops[i];
		store_testing_each(one_that_is_stopped);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tenants_of_exact_matches_are_converted),
		cmocka_unit_test(trouble_at_any_call_changes_nothing_of_the_end),
		cmocka_unit_test(stopping_undoes_until_the_old_subscription_is_cancelled),
	};

	return cmocka_run_group_tests_name("journey_convert", tests, NULL, NULL);
}
