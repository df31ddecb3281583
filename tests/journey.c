#include "journey.h"

#include "convert/certificate.h"
#include "convert/certificate_check.h"
#include "convert/plan.h"
#include "convert/vendor_event.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "market/catalog.h"
#include "microsoft/signin.h"
#include "vendor_call_sql.h"

struct pace_limits journey_pace;
str journey_ca_file;

void journey_must(fault *f)
{
	if (f)
		fail_msg("%s (%s:%d)", f->said, f->file, f->line);
}

void journey_let(struct journey *j, store_body *body)
{
	journey_must(store_run(j->with->store, STORE_WRITE, j->with->arena, "journey", body, j));
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

	journey_must(signin_begin(&w, &code));
	vendor_stage_act(j->vendor, "device", code.user_code);
	journey_must(signin_poll(&w, code.device_code, &state));
	assert_int_equal(state, SIGNIN_DONE);
}

static void open_microsoft(struct journey *j)
{
	struct vendor_facts facts = vendor_stage_facts(j->vendor);

	journey_must(microsoft_open(
		&(struct microsoft_settings){ .login_url = facts.login_url,
					      .graph_url = facts.login_url,
					      .billing_url = facts.login_url,
					      .admin_url = facts.login_url,
					      .partner_center_url = facts.partner_center_url,
					      .certificate_url = facts.partner_center_url,
					      .ca_file = journey_ca_file,
					      .partner_tenant = facts.partner_tenant,
					      .client_id = facts.client_id,
					      .client_secret = facts.client_secret,
					      .partner_mpn = S("5183204"),
					      .country = S("US"),
					      .by = vendor_stage_transport(j->vendor),
					      .world = &j->with->world.world,
					      .store = j->with->store,
					      .pace = journey_pace,
					      .seal_key = S("0123456789abcdef0123456789abcdef") },
		&j->ms));
	j->context = (struct convert_context){ .ms = j->ms,
					       .partner_tenant = facts.partner_tenant,
					       .public_url = S("http://localhost"),
					       .admin_url = facts.login_url,
					       .currency = S("USD"),
					       .country = S("US") };
}

static void open_jobs(struct journey *j)
{
	j->kinds[0] = (struct job_kind){ .kind = "convert.step",
					 .run = convert_step_job,
					 .context = &j->context,
					 .lease = MINUTES(10) };
	j->kinds[1] = vendor_event_job(&j->context);
	j->kinds[2] = vendor_event_listen_job(&j->context);
	journey_must(jobs_open(&(struct jobs_settings){ .store = j->with->store,
							.world = &j->with->world.world,
							.kinds = j->kinds,
							.kind_count = COUNT(j->kinds),
							.threads = 1 },
			       &j->jobs));
}

void journey_work_anew(struct journey *j)
{
	open_microsoft(j);
	open_jobs(j);
}

void journey_open(struct journey *j, struct store_testing *with, str domain, const char *more)
{
	const char *const files[] = { NOVATE_SOURCE "/assets/tenants/bakery.json",
				      NOVATE_SOURCE "/assets/tenants/workshop.json", more };

	*j = (struct journey){ .with = with, .domain = domain, .surprise_at = -1 };
	j->vendor = vendor_stage_open(&with->world.world, files, more ? 3 : 2, MINUTES(10));
	open_microsoft(j);
	journey_let(j, people_body);
	sign_in(j);
	open_jobs(j);
}

/* Every certificate that a journey ends with is sound, by the rule that anybody can ask. */
static fault *certificate_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct certificate_check check;
	struct certificate issued;
	bool found;
	str pdf;

	TRY(certificate_get(tx, j->c.id, &issued, &found));
	assert_int_equal(found, j->c.state == CONVERSION_DONE);
	if (!found)
		return NULL;
	TRY(certificate_check(tx_arena(tx), issued.body, &check));
	for (size_t i = 0; i < CERTIFICATE_CHECK_COUNT; i++)
		if (!str_is_none(check.differs[i]))
			fail_msg("%.*s", STR(check.differs[i]));
	assert_true(str_eq(check.sha256, issued.sha256));
	TRY(certificate_pdf(tx_arena(tx), &issued, &pdf));
	assert_true(str_starts(pdf, S("%PDF-")));
	return NULL;
}

void journey_close(struct journey *j)
{
	journey_let(j, certificate_body);
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

void journey_look(struct journey *j)
{
	journey_let(j, read_body);
}

struct said {
	const struct journey *j;
	str said;
	bool found;
};

static fault *said_body(struct tx *tx, void *with)
{
	struct conversion_history events;
	struct said *s = with;

	TRY(conversion_history(tx, s->j->c.id, &events));
	for (size_t i = 0; i < events.len && !s->found; i++)
		s->found = str_find(events.at[i].said, s->said) >= 0;
	return NULL;
}

bool journey_has_said(struct journey *j, const char *said)
{
	struct said s = { j, str_of(said), false };

	journey_must(store_run(j->with->store, STORE_READ, j->with->arena, "said", said_body, &s));
	return s.found;
}

struct asked {
	const struct journey *j;
	const char *name;
	int64_t count;
};

static fault *asked_body(struct tx *tx, void *with)
{
	struct vendor_call_of_list calls;
	struct asked *asked = with;

	TRY(vendor_call_of(tx, asked->j->c.id, &calls));
	for (size_t i = 0; i < calls.len; i++)
		asked->count += str_eq(calls.at[i].name, str_of(asked->name));
	return NULL;
}

int64_t journey_asked(struct journey *j, const char *name)
{
	struct asked asked = { j, name, 0 };

	journey_must(
		store_run(j->with->store, STORE_READ, j->with->arena, "asked", asked_body, &asked));
	return asked.count;
}

struct guiding {
	const struct journey *j;
	struct cancel_guide guide;
};

static fault *guide_body(struct tx *tx, void *with)
{
	struct guiding *g = with;

	return cancel_guide_load(tx, &g->j->c, &g->guide);
}

struct cancel_guide journey_guide(struct journey *j)
{
	struct guiding g = { .j = j };

	journey_must(
		store_run(j->with->store, STORE_READ, j->with->arena, "guide", guide_body, &g));
	return g.guide;
}

static fault *approve_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	if (str_is_none(j->c.plan_hash))
		return NULL; /* it waits for something else */
	return conversion_approve(tx, &j->ada, j->c.id, j->c.plan_hash);
}

static fault *resume_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_resume(tx, &j->ada, j->c.id);
}

void journey_resume(struct journey *j)
{
	journey_let(j, resume_body);
}

void journey_says(const struct journey *j, const char *words)
{
	if (str_find(j->c.why, str_of(words)) < 0)
		fail_msg("“%s” is not in “%.*s”", words, STR(j->c.why));
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

/* What an administrator can do about a wait at this step; NULL: nothing that is played here. */
static const char *act_at(enum conversion_step step)
{
	if (step == STEP_RECORD)
		return "consent";
	if (step == STEP_CONSENT)
		return "accept";
	return step == STEP_CANCEL_OLD ? "cancel" : NULL;
}

/* What the instruction names, and nothing else. */
static fault *cancel_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct plan plan;

	TRY(plan_load(tx, j->c.id, &plan));
	for (size_t i = 0; i < plan.len; i++)
		if (plan.at[i].buys && plan.at[i].direct > 0)
			vendor_stage_act(j->vendor, "cancel",
					 str_format(tx_arena(tx), "%.*s %.*s", STR(j->domain),
						    STR(plan.at[i].sku)));
	return NULL;
}

static void administrator_acts(struct journey *j)
{
	const char *act = act_at(j->c.step);

	if (str_eq(str_of(act), S("cancel")))
		journey_let(j, cancel_body);
	else
		vendor_stage_act(j->vendor, act, j->domain);
	journey_knock(j);
}

static void people_act(struct journey *j)
{
	if (j->surprise_at == (int)j->c.step && !j->surprised) {
		j->surprised = true;
		j->surprise(j);
		return;
	}
	if (j->c.state != CONVERSION_WAITING || j->idle)
		return;
	if (j->c.waits_for == WAITS_PARTNER && j->c.step == STEP_PLAN) {
		journey_let(j, approve_body);
	} else if (j->c.waits_for == WAITS_ADMINISTRATOR && act_at(j->c.step)) {
		administrator_acts(j);
	}
}

static jmp_buf death;

/* `work` dies: its lease stays, nothing it had not committed is there. */
void journey_die(void)
{
	longjmp(death, 1);
}

static void run_due_jobs(struct journey *j)
{
	bool ran = true;

	if (setjmp(death) != 0) {
		j->working = false;
		if (j->died)
			j->died(j);
		return;
	}
	j->working = true;
	while (ran)
		journey_must(jobs_run_one(j->jobs, &ran));
	j->working = false;
}

static bool turn(struct journey *j)
{
	run_due_jobs(j);
	journey_let(j, read_body);
	if (conversion_ended(j->c.state))
		return false;
	people_act(j);
	j->with->world.at = instant_after(j->with->world.at, SECONDS(20));
	return true;
}

void journey_play_for(struct journey *j, int turns)
{
	journey_let(j, start_body);
	journey_go_on_for(j, turns);
}

void journey_play(struct journey *j)
{
	journey_play_for(j, 2000);
	if (!conversion_ended(j->c.state))
		fail_msg("stuck at %.*s, waiting for %.*s: %.*s",
			 STR(conversion_step_word(j->c.step)),
			 STR(conversion_waits_word(j->c.waits_for)), STR(j->c.why));
}

void journey_go_on_for(struct journey *j, int turns)
{
	while (turns-- > 0 && turn(j))
		continue;
}

void journey_go_on(struct journey *j)
{
	journey_go_on_for(j, 2000);
}

void journey_later(struct journey *j, int64_t micros)
{
	j->with->world.at = instant_after(j->with->world.at, micros);
	journey_go_on_for(j, 2);
}

void journey_to_the_door(struct journey *j)
{
	j->idle = true;
	journey_play_for(j, 3);
	assert_int_equal(j->c.waits_for, WAITS_ADMINISTRATOR);
}

static void fall_asleep(struct journey *j)
{
	j->idle = true;
}

void journey_to_the_cancelling(struct journey *j)
{
	j->idle = false;
	j->surprise_at = STEP_CANCEL_OLD;
	j->surprise = fall_asleep;
	if (j->c.door.len == 0)
		journey_play_for(j, 0);
	for (int i = 0; i < 400 && !j->surprised; i++)
		journey_go_on_for(j, 1);
	assert_int_equal(j->c.step, STEP_CANCEL_OLD);
}

void journey_knock(struct journey *j)
{
	journey_let(j, knock_body);
}

struct telling {
	struct journey *j;
	const char *words;
	bool told;
};

static fault *history_body(struct tx *tx, void *with)
{
	struct telling *telling = with;
	struct conversion_history history;

	TRY(conversion_history(tx, telling->j->c.id, &history));
	telling->told = false;
	for (size_t i = 0; i < history.len; i++)
		telling->told |= str_find(history.at[i].said, str_of(telling->words)) >= 0;
	return NULL;
}

bool journey_has_told(struct journey *j, const char *words)
{
	struct telling telling = { .j = j, .words = words };

	journey_must(store_run(j->with->store, STORE_READ, j->with->arena, "history", history_body,
			       &telling));
	return telling.told;
}

void journey_stop(struct journey *j)
{
	journey_let(j, stop_body);
}

void journey_nobody_lost_anything(struct journey *j)
{
	str lost = vendor_stage_lost_user(j->vendor, j->domain);

	if (!str_is_none(lost))
		fail_msg("%.*s held less for a while", STR(lost));
	if (vendor_stage_least_spare(j->vendor, j->domain) < 0)
		fail_msg("for a while more licenses were assigned than usable");
}
