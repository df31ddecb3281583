/* `novate demo`: a tenant is converted before your eyes, against the sandbox.
 *
 * The partner's part is played through the same rules as its page, the administrator's through
 * `novate-sandbox act`, which does what the sandbox's pages do. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/command.h"
#include "app/convert_watch.h"
#include "app/demo_stage.h"
#include "app/signals.h"
#include "convert/certificate.h"
#include "microsoft/reseller.h"

#define TENANT	"ryeandember.onmicrosoft.com"
#define BY_HAND "cedarbend.onmicrosoft.com"

struct story {
	struct demo_stage stage;
	struct watch watch;
	struct conversion c;
	struct certificate certificate;
	const char *pdf;
	int64_t orders;
};

static void json_end(json_t **json)
{
	json_decref(*json);
}

static fault *start_body(struct tx *tx, void *with)
{
	struct story *s = with;

	return conversion_start(tx, &s->watch.by, S(TENANT), STR_NONE, &s->c);
}

static fault *approve_body(struct tx *tx, void *with)
{
	struct story *s = with;

	return conversion_approve(tx, &s->watch.by, s->c.id, s->c.plan_hash);
}

static fault *knock_body(struct tx *tx, void *with)
{
	struct story *s = with;

	return conversion_knock(tx, s->c.door);
}

static fault *certificate_body(struct tx *tx, void *with)
{
	struct story *s = with;
	bool found;

	TRY(certificate_get(tx, s->c.id, &s->certificate, &found));
	return found ? NULL : fault_new(FAULT_BUG, "The conversion is done without a certificate.");
}

static fault *in_store(struct story *s, enum store_mode mode, const char *name, store_body *body)
{
	struct setup *setup = s->stage.setup;

	return store_run(setup->store, mode, setup->arena, name, body, s);
}

/* What the administrator does in Microsoft's pages at this step. */
static fault *administrator_acts(struct story *s)
{
	static const struct {
		enum conversion_step step;
		const char *act, *said;
	} acts[] = {
		{ STEP_RECORD, "consent", "allows reading the licenses" },
		{ STEP_CONSENT, "accept", "accepts the reseller invitation" },
		{ STEP_CANCEL_OLD, "cancel", "cancels the direct subscription" },
	};

	for (size_t i = 0; i < COUNT(acts); i++) {
		if (acts[i].step != s->c.step)
			continue;
		(void)printf("          → the tenant's administrator %s\n", acts[i].said);
		TRY(demo_stage_act(&s->stage, acts[i].act, S(TENANT)));
		return in_store(s, STORE_WRITE, "demo.knock", knock_body);
	}
	return fault_new(FAULT_BUG, "Nobody told the demo what the administrator does now.");
}

static fault *partner_acts(struct story *s)
{
	if (s->c.step != STEP_PLAN)
		return fault_new(FAULT_CONFLICT, "%.*s", STR(s->c.why));
	TRY(convert_watch_tables(&s->watch, &s->c));
	(void)puts("          → the partner approves the plan");
	return in_store(s, STORE_WRITE, "demo.approve", approve_body);
}

/* Once somebody acted, the wait it ended is on the page until `work` has looked. */
static fault *until_noticed(struct story *s)
{
	int64_t version = s->c.version;
	const char *signal;

	for (int looks = 0; looks < 100 && s->c.version == version; looks++) {
		bool interrupted;

		if (signals_asked(SECONDS(1) / 10, &signal))
			return fault_new(FAULT_CONFLICT, "Stopped by %s.", signal);
		TRY(convert_watch(&s->watch, UNTIL_NOW, &s->c, &interrupted));
		if (s->c.waits_for == WAITS_NOBODY)
			break;
	}
	return NULL;
}

static fault *play(struct story *s)
{
	bool interrupted;

	TRY(in_store(s, STORE_WRITE, "demo.start", start_body));
	s->watch.conversion = s->c.id;
	for (;;) {
		TRY(convert_watch(&s->watch, UNTIL_PERSON, &s->c, &interrupted));
		if (interrupted)
			return fault_new(FAULT_CONFLICT, "Stopped before the story was over.");
		if (conversion_ended(s->c.state))
			break;
		if (s->c.waits_for == WAITS_ADMINISTRATOR)
			TRY(administrator_acts(s));
		else
			TRY(partner_acts(s));
		TRY(until_noticed(s));
	}
	if (s->c.state != CONVERSION_DONE)
		return fault_new(FAULT_CONFLICT, "The conversion ended otherwise: %.*s",
				 STR(s->c.why));
	return convert_watch_tables(&s->watch, &s->c);
}

static fault *collect(struct story *s)
{
	struct setup *setup = s->stage.setup;
	struct microsoft_work w = { .ms = s->stage.vendors.microsoft, .arena = setup->arena };
	struct reseller_orders orders;
	char absolute[4096];
	str pdf;

	TRY(in_store(s, STORE_READ, "demo.certificate", certificate_body));
	TRY(certificate_pdf(setup->arena, &s->certificate, &pdf));
	s->pdf = setup_path(setup, "certificate-" TENANT ".pdf").at;
	TRY(setup_file_write(s->pdf, pdf));
	if (realpath(s->pdf, absolute))
		s->pdf = str_copy(setup->arena, str_of(absolute)).at;
	TRY(reseller_orders_read(&w, s->c.tenant, &orders));
	s->orders = (int64_t)orders.len;
	return NULL;
}

static fault *print_result(const struct story *s)
{
	static const char *const copied[] = { "tenant", "before", "between", "after",
					      "users_below_snapshot" };
	DEFER(json_end)
	json_t *body = json_loadb(s->certificate.body.at, s->certificate.body.len, 0, NULL);
	DEFER(json_end) json_t *result = json_object();
	str state = conversion_state_word(s->c.state);
	char *line;

	json_object_set_new(result, "state", json_stringn(state.at, state.len));
	for (size_t i = 0; i < COUNT(copied); i++)
		json_object_set(result, copied[i], json_object_get(body, copied[i]));
	json_object_set_new(result, "orders_placed", json_integer(s->orders));
	json_object_set_new(result, "certificate", json_string(s->pdf));
	line = json_dumps(result, JSON_COMPACT);
	if (!line)
		return fault_new(FAULT_BUG, "The result could not be written as JSON.");
	(void)puts(line);
	free(line);
	return NULL;
}

static void print_addresses(const struct story *s)
{
	const struct demo_stage *stage = &s->stage;

	(void)printf("It keeps running. Now it is your turn:\n\n"
		     "  Novate                http://localhost:%d\n"
		     "    partner             " DEMO_PARTNER "   %.*s\n"
		     "    operator            " DEMO_OPERATOR "  %.*s\n"
		     "  the sandbox's admin center   %.*s/admin\n"
		     "    its sign-ins        %s info --data %s\n\n"
		     "Convert the tenant " BY_HAND
		     " yourself: start it as the partner, then open the\n"
		     "administrator's address in another window. The browser has to trust the "
		     "sandbox's\n"
		     "certificate for that; `novate-sandbox info` names its CA file.\n"
		     "Ctrl-C ends everything.\n",
		     stage->port, STR(stage->partner_password), STR(stage->operator_password),
		     STR(stage->admin_url), stage->sandbox_program, stage->sandbox_data);
	(void)fflush(stdout);
}

static fault *number_given(const struct command_line *line, const char *option, int preset,
			   int *port)
{
	const char *given = command_given(line, option);
	int64_t number = preset;

	if (given && (!str_to_int64(str_of(given), &number) || number < 0 || number > 65535))
		return fault_new(FAULT_INPUT, "--%s wants a number from 0 to 65535, not “%s”.",
				 option, given);
	*port = (int)number;
	return NULL;
}

static fault *tell(struct story *s, bool once)
{
	const char *signal = NULL;

	s->watch = (struct watch){
		.setup = s->stage.setup,
		.by = { s->stage.partner, ROLE_PARTNER, S("demo") },
	};
	(void)printf("\nThe partner converts " TENANT ".\n\n");
	TRY(play(s));
	TRY(collect(s));
	(void)printf("Certificate: %s\n\n", s->pdf);
	if (once)
		return NULL;
	print_addresses(s);
	while (!signals_asked(0, &signal))
		continue;
	return NULL;
}

static fault *demo(struct setup *setup, const struct command_line *line, int *status)
{
	struct story s = { 0 };
	int port, sandbox_port, partner_center_port;
	bool once = command_given(line, "once") != NULL;
	fault *failed;

	(void)status;
	signals_hold();
	TRY(number_given(line, "port", 8080, &port));
	TRY(number_given(line, "sandbox-port", 8443, &sandbox_port));
	TRY(number_given(line, "partner-center-port", 8444, &partner_center_port));
	failed = demo_stage_open(&s.stage, setup, port, sandbox_port, partner_center_port);
	if (!failed)
		failed = tell(&s, once);
	demo_stage_end(&s.stage);
	if (!failed && once)
		failed = print_result(&s);
	return failed;
}

static const struct command_option options[] = {
	{ "once", NULL, "End after the story, with the result as JSON on the last line" },
	{ "port", "N", "Novate's port (default 8080)" },
	{ "sandbox-port", "N", "The sandbox's port (default 8443; 0: any free one)" },
	{ "partner-center-port", "N", "Its Partner Center's (default 8444; 0: any free one)" },
	{ NULL },
};

static const struct command commands[] = {
	{ .name = "demo",
	  .options = options,
	  .about = "Convert a tenant before your eyes, against the sandbox",
	  .more = "Wants a data directory of its own (--data DIR). `make demo` builds and does all "
		  "of it.",
	  .needs = NEEDS_PLACE,
	  .run = demo },
};

const struct command_table demo_commands = { commands, COUNT(commands) };
