#include "sim_house.h"

#include <jansson.h>

#include "convert/vendor_event.h"
#include "sim_house_sql.h"
#include "sim_wire.h"

void sim_house_start(struct sim *sim, struct sim_process *process)
{
	const struct sim_base *base = sim->base;

	process->sim = sim;
	process->dead = false;
	if (process->serves)
		return;
	sim_must(microsoft_open(
		&(struct microsoft_settings){ .login_url = base->facts.login_url,
					      .graph_url = base->facts.login_url,
					      .billing_url = base->facts.login_url,
					      .admin_url = base->facts.login_url,
					      .partner_center_url = base->facts.partner_center_url,
					      .partner_tenant = base->facts.partner_tenant,
					      .client_id = base->facts.client_id,
					      .client_secret = base->facts.client_secret,
					      .partner_mpn = S("5183204"),
					      .country = S("US"),
					      .certificate_url = base->facts.partner_center_url,
					      .ca_file = base->authority_file,
					      .by = sim_wire_transport(process),
					      .world = &base->world.world,
					      .store = sim_store_of(base->house),
					      .seal_key = S("0123456789abcdef0123456789abcdef") },
		&process->ms));
	process->context = base->context;
	process->context.ms = process->ms;
	process->kinds[0] = (struct job_kind){ .kind = "convert.step",
					       .run = convert_step_job,
					       .context = &process->context,
					       .lease = MINUTES(10) };
	process->kinds[1] = vendor_event_job(&process->context);
	process->kinds[2] = vendor_event_listen_job(&process->context);
	sim_must(jobs_open(&(struct jobs_settings){ .store = sim_store_of(base->house),
						    .world = &base->world.world,
						    .kinds = process->kinds,
						    .kind_count = COUNT(process->kinds) },
			   &process->jobs));
}

void sim_house_stop(struct sim_process *process)
{
	if (process->serves || !process->jobs)
		return;
	(void)jobs_close(process->jobs, 0);
	microsoft_close(process->ms);
	process->jobs = NULL;
	process->ms = NULL;
}

/* Whoever ran before goes on where it waits; a process that died meanwhile starts anew. */
static void end_turn(struct sim *sim, struct sim_process *process, struct sim_process *before)
{
	sim->running = before;
	if (!process->dead)
		return;
	sim_tell(sim, process->name, "dies, and is started again");
	sim_house_stop(process);
	sim_house_start(sim, process);
}

bool sim_house_work(struct sim *sim, struct sim_process *work)
{
	struct sim_process *before = sim->running;
	bool ran = false;

	sim->running = work;
	fault *f = jobs_run_one(work->jobs, &ran);
	if (f && !work->dead)
		sim_tell(sim, work->name, "could not take or end its job: %s", f->said);
	end_turn(sim, work, before);
	return ran || f;
}

struct asked {
	instant due;
	int64_t count;
	str step;
	id conversion;
};

static fault *due_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct sim_house_next next;
	bool found;

	TRY(sim_house_next(tx, &next, &found));
	if (!found)
		return NULL;
	asked->due = next.due;
	asked->step = next.step;
	asked->count = next.versions;
	return NULL;
}

/* Nobody's process asks this: the house is looked at from outside. */
static struct asked ask(struct sim *sim, store_body *body, id conversion)
{
	struct sim_process *before = sim->running;
	struct asked asked = { INSTANT_NONE, 0, STR_NONE, conversion };

	sim->running = NULL;
	sim_must(store_run(sim_store_of(sim->base->house), STORE_READ, sim->scratch, "look", body,
			   &asked));
	sim->running = before;
	return asked;
}

instant sim_house_due(struct sim *sim, int64_t *versions)
{
	struct asked asked = ask(sim, due_body, ID_NONE);

	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
		if (str_eq(conversion_step_word(s), asked.step))
			sim->maker.at = s;
	*versions = asked.count;
	return asked.due;
}

static fault *lost_body(struct tx *tx, void *with)
{
	struct sim_house_lost lost;
	bool found;

	TRY(sim_house_lost(tx, &lost, &found));
	((struct asked *)with)->count = lost.count;
	return NULL;
}

int64_t sim_house_lost_jobs(struct sim *sim)
{
	return ask(sim, lost_body, ID_NONE).count;
}

int sim_house_exchange(struct sim *sim, struct web_exchange *exchange)
{
	struct sim_process *before = sim->running;

	sim->running = &sim->serve;
	web_exchanges_run(sim->base->web, sim->scratch, exchange);
	bool died = sim->serve.dead;
	end_turn(sim, &sim->serve, before);
	return died ? 0 : exchange->status;
}

int sim_house_ask(struct sim *sim, str token, enum method method, str path, str form, str *answer)
{
	const struct log_pair headers[] = {
		{ "Host", S("localhost") },
		{ "Accept", S("application/json") },
		{ "Authorization", str_format(sim->scratch, "Bearer %.*s", STR(token)) },
		{ "Content-Type", S("application/x-www-form-urlencoded") },
	};
	struct web_exchange x = { .method = method,
				  .target = path,
				  .headers = headers,
				  .header_count = str_is_none(form) ? 3 : 4,
				  .body = form };
	int status = sim_house_exchange(sim, &x);

	*answer = status ? x.answer : STR_NONE;
	return status;
}

static str text_of(struct sim *sim, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? str_copy(sim->arena, str_of(text)) : STR_NONE;
}

static void read_plan(struct sim *sim, const json_t *plan, struct sim_seen *seen)
{
	struct text skus = text_open(sim->arena);
	size_t i;
	json_t *line;

	json_array_foreach(plan, i, line)
	{
		if (!json_is_true(json_object_get(line, "buys")))
			continue;
		seen->quantity += json_integer_value(json_object_get(line, "quantity"));
		text_format(&skus, "%s%s", skus.len ? " " : "",
			    json_string_value(json_object_get(line, "sku")));
	}
	seen->skus = text_str(&skus);
}

static void read_question(struct sim *sim, const json_t *question, struct sim_seen *seen)
{
	struct text answers = text_open(sim->arena);
	size_t i;
	json_t *one;

	seen->asks = json_is_object(question);
	seen->question = text_of(sim, question, "question");
	json_array_foreach(json_object_get(question, "answers"), i, one)
		text_format(&answers, "%s%s", answers.len ? " " : "",
			    json_string_value(json_object_get(one, "answer")));
	seen->answers = text_str(&answers);
}

static void read_conversion(struct sim *sim, const json_t *json, struct sim_seen *seen)
{
	*seen = (struct sim_seen){
		.id = text_of(sim, json, "id"),
		.state = text_of(sim, json, "state"),
		.step = text_of(sim, json, "step"),
		.waits_for = text_of(sim, json, "waits_for"),
		.why = text_of(sim, json, "why"),
		.next_thing = text_of(sim, json, "next_thing"),
		.hash = text_of(sim, json, "plan_hash"),
		.ended = json_is_string(json_object_get(json, "ended_at")),
	};
	read_plan(sim, json_object_get(json, "plan"), seen);
	read_question(sim, json_object_get(json, "question"), seen);
	/* 5: whoever looks is told for whom it waits, since when, and the next thing to do. */
	if (!str_eq(seen->state, S("waiting")) && str_is_none(seen->waits_for))
		return;
	if (str_is_empty(seen->why) || !json_is_string(json_object_get(json, "waits_since")) ||
	    (!str_is_none(seen->waits_for) && str_is_empty(seen->next_thing)))
		sim_break(sim, "promise 5: at %.*s it waits for “%.*s”, why “%.*s”, next “%.*s”",
			  STR(seen->step), STR(seen->waits_for), STR(seen->why),
			  STR(seen->next_thing));
}

static fault *tries_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct sim_house_tries row = { 0 };
	bool found;

	TRY(sim_house_tries(tx, asked->conversion, &row, &found));
	asked->count = row.tries;
	return NULL;
}

void sim_house_note_asked(struct sim *sim, struct sim_case *c)
{
	id conversion = ID_NONE;
	int64_t tries;

	(void)id_from_text("cnv", c->seen.id, &conversion);
	tries = ask(sim, tries_body, conversion).count;
	if (tries != c->tries)
		c->asked_in_vain++;
	c->tries = tries;
}

static fault *version_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct sim_house_version row = { 0 };
	bool found;

	TRY(sim_house_version(tx, asked->conversion, &row, &found));
	asked->count = row.version;
	return NULL;
}

bool sim_house_read(struct sim *sim, struct sim_case *c)
{
	str answer;
	id conversion = ID_NONE;

	if (str_is_none(c->seen.id) || !id_from_text("cnv", c->seen.id, &conversion))
		return false;
	int64_t version = ask(sim, version_body, conversion).count;
	if (version == c->version)
		return true;
	int status = sim_house_ask(
		sim, sim->base->ada, GET,
		str_format(sim->scratch, "/api/v1/conversions/%.*s", STR(c->seen.id)), STR_NONE,
		&answer);

	if (status != 200)
		return false;
	json_t *json = json_loadb(answer.at, answer.len, 0, NULL);
	struct sim_seen before = c->seen;
	if (!json)
		sim_break(sim, "the API's answer is no JSON");
	else
		read_conversion(sim, json, &c->seen);
	json_decref(json);
	if (!str_eq(before.step, c->seen.step) || !str_eq(before.state, c->seen.state) ||
	    !str_eq(before.waits_for, c->seen.waits_for))
		c->asked_in_vain = 0;
	c->version = version;
	return json != NULL;
}
