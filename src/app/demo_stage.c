#include "app/demo_stage.h"

#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "app/signals.h"
#include "jobs/worker.h"
#include "market/price.h"
#include "market/sku.h"
#include "microsoft/signin.h"
#include "people/account.h"

#define PATIENCE SECONDS(60)

static void json_end(json_t **json)
{
	json_decref(*json);
}

static fault *refuse_used_place(const struct setup *setup)
{
	if (access(setup_path(setup, "novate.db").at, F_OK) == 0)
		return fault_new(
			FAULT_CONFLICT,
			"%s is in use. The demo wants a data directory of its own: name one "
			"with --data DIR, or remove this one.",
			setup->data);
	return NULL;
}

static fault *sandbox_start(struct demo_stage *stage, int port, int partner_center_port)
{
	struct arena *a = stage->setup->arena;

	stage->sandbox_program = child_program(a, "novate-sandbox");
	stage->sandbox_data = setup_path(stage->setup, "sandbox").at;
	return child_start(&stage->sandbox,
			   (const char *const[]){
				   stage->sandbox_program, "serve", "--data", stage->sandbox_data,
				   "--port", str_format(a, "%d", port).at, "--partner-center-port",
				   str_format(a, "%d", partner_center_port).at,
				   "--provisioning-delay", "4s", NULL },
			   setup_path(stage->setup, "sandbox.log").at);
}

/* Why a program ended, in its own words: what it told the person, not what it logged. */
static str last_words(struct setup *setup, const char *log)
{
	str text = STR_NONE, line, last = S("it said nothing; its log is in the data directory.");
	fault *unread = setup_file(setup, setup_path(setup, log).at, 1 << 20, &text);

	while (!unread && str_next(&text, '\n', &line))
		if (str_starts(line, S("novate: ")) || str_starts(line, S("novate-sandbox: ")))
			last = line;
	return last;
}

static fault *did_not_start(struct demo_stage *stage, const char *what, const char *log)
{
	return fault_new(FAULT_CONFLICT, "%s did not start: %.*s", what,
			 STR(last_words(stage->setup, log)));
}

static fault *pause_or_stop(void)
{
	const char *signal;

	if (signals_asked(SECONDS(1) / 5, &signal))
		return fault_new(FAULT_CONFLICT, "Stopped by %s.", signal);
	return NULL;
}

static str member(const json_t *of, const char *name)
{
	return str_of(json_string_value(json_object_get(of, name)));
}

/* novate.conf from what the sandbox says of itself. */
static fault *settings_write(struct demo_stage *stage, const json_t *info)
{
	const json_t *partner = json_object_get(info, "partner");
	const json_t *app = json_array_get(json_object_get(info, "applications"), 0);
	FILE *file = fopen(setup_path(stage->setup, "novate.conf").at, "we");

	if (!file)
		return fault_new(FAULT_CONFLICT, "The settings cannot be written: %m.");
	(void)fprintf(file,
		      "# Made by `novate demo`.\nlisten = 127.0.0.1\nport = %d\n"
		      "public_url = http://localhost:%d\n"
		      "microsoft_login_url = %.*s\nmicrosoft_graph_url = %.*s\n"
		      "azure_billing_url = %.*s\n"
		      "microsoft_admin_url = %.*s\nmicrosoft_partner_center_url = %.*s\n",
		      stage->port, stage->port, STR(member(info, "login_url")),
		      STR(member(info, "graph_url")), STR(member(info, "azure_billing_url")),
		      STR(member(info, "admin_url")), STR(member(info, "partner_center_url")));
	(void)fprintf(file,
		      "microsoft_partner_tenant = %.*s\nmicrosoft_partner_mpn = %.*s\n"
		      "microsoft_client_id = %.*s\nmicrosoft_client_secret = %.*s\n"
		      "remote_ca_file = %.*s\nmicrosoft_certificate_url = %.*s\n",
		      STR(member(partner, "tenant")), STR(member(partner, "mpn_id")),
		      STR(member(app, "client_id")), STR(member(app, "client_secret")),
		      STR(member(info, "ca_file")), STR(member(info, "partner_center_url")));
	if (fclose(file) != 0)
		return fault_new(FAULT_CONFLICT, "The settings cannot be written: %m.");
	stage->login_url = str_copy(stage->setup->arena, member(info, "login_url"));
	stage->admin_url = str_copy(stage->setup->arena, member(info, "admin_url"));
	return NULL;
}

/* A certificate of the sandbox's own is the last thing it makes before it answers. */
static fault *sandbox_wait(struct demo_stage *stage)
{
	instant last = instant_after(world_now(stage->setup->world), PATIENCE);

	while (instant_before(world_now(stage->setup->world), last)) {
		str log = STR_NONE;

		if (!child_runs(&stage->sandbox))
			break;
		TRY(setup_file(stage->setup, setup_path(stage->setup, "sandbox.log").at, 1 << 20,
			       &log));
		if (str_find(log, S("is ready")) >= 0)
			return NULL;
		TRY(pause_or_stop());
	}
	return did_not_start(stage, "The sandbox", "sandbox.log");
}

static fault *sandbox_open(struct demo_stage *stage, int port, int partner_center_port)
{
	str printed;

	TRY(sandbox_start(stage, port, partner_center_port));
	TRY(sandbox_wait(stage));
	TRY(child_ask(stage->setup->arena,
		      (const char *const[]){ stage->sandbox_program, "info", "--json", "--data",
					     stage->sandbox_data, NULL },
		      &printed));
	DEFER(json_end) json_t *info = json_loadb(printed.at, printed.len, 0, NULL);

	if (!info)
		return fault_new(FAULT_BUG, "`novate-sandbox info --json` did not print JSON.");
	return settings_write(stage, info);
}

/* What this distributor asks a month; no list price is known to the program. */
static fault *prices_set(struct tx *tx)
{
	static const struct {
		const char *part_number;
		int64_t cents;
	} prices[] = { { "O365_BUSINESS_PREMIUM", 1250 }, { "EXCHANGESTANDARD", 400 } };

	for (size_t i = 0; i < COUNT(prices); i++) {
		struct skus skus;

		TRY(sku_by_part_number(tx, str_of(prices[i].part_number), &skus));
		for (size_t s = 0; s < skus.len; s++)
			TRY(price_set(tx, skus.at[s].guid,
				      (money){ .minor = prices[i].cents, .in = { "USD" } },
				      PRICE_TERM, PRICE_BILLING));
	}
	return NULL;
}

static fault *people_body(struct tx *tx, void *with)
{
	struct demo_stage *stage = with;
	struct account made;

	TRY(account_open(tx, S(DEMO_OPERATOR), S("Olga Operator"), ROLE_OPERATOR,
			 stage->operator_password, &made));
	TRY(account_open(tx, S(DEMO_PARTNER), S("Ada Partner"), ROLE_PARTNER,
			 stage->partner_password, &made));
	stage->partner = made.id;
	return prices_set(tx);
}

static fault *people_open(struct demo_stage *stage)
{
	struct setup *setup = stage->setup;

	stage->partner_password = world_token(setup->world, setup->arena, 12);
	stage->operator_password = world_token(setup->world, setup->arena, 12);
	return store_run(setup->store, STORE_WRITE, setup->arena, "demo.people", people_body,
			 stage);
}

/* The distributor's own account signs in, as `novate connect` asks a person to. */
static fault *connect(struct demo_stage *stage)
{
	struct microsoft_work w;
	struct signin_code code;
	enum signin_state state = SIGNIN_WAITING;

	TRY(vendors_open(stage->setup, &stage->vendors));
	TRY(vendors_need_microsoft(stage->setup, &stage->vendors));
	w = (struct microsoft_work){ .ms = stage->vendors.microsoft, .arena = stage->setup->arena };
	TRY(signin_begin(&w, &code));
	TRY(demo_stage_act(stage, "device", code.user_code));
	while (state == SIGNIN_WAITING) {
		TRY(pause_or_stop());
		TRY(signin_poll(&w, code.device_code, &state));
	}
	return state == SIGNIN_DONE ? NULL
				    : fault_new(FAULT_CONFLICT,
						"The sandbox refused the distributor's sign-in.");
}

static fault *alive_body(struct tx *tx, void *with)
{
	struct worker_list workers;

	TRY(worker_alive(tx, &workers));
	*(bool *)with = workers.len > 0;
	return NULL;
}

/* The status of Novate's /health, or 0 when nobody answers there. */
static int health(struct demo_stage *stage)
{
	struct setup *setup = stage->setup;
	struct remote_answer answer = { 0 };
	const struct remote_call call = {
		.name = "demo.health",
		.method = "GET",
		.url = str_format(setup->arena, "http://127.0.0.1:%d/health", stage->port),
		.body = STR_NONE,
		.timeout = SECONDS(2),
	};

	return stage->vendors.by.send(stage->vendors.by.of, setup->arena, &call, &answer)
		       ? 0
		       : answer.status;
}

static fault *novate_open(struct demo_stage *stage)
{
	struct setup *setup = stage->setup;
	instant last = instant_after(world_now(setup->world), PATIENCE);
	bool alive = false;

	/* Somebody else's Novate would pass for ours. */
	if (health(stage) != 0)
		return fault_new(
			FAULT_CONFLICT,
			"Port %d is in use by another program. Stop that one, or choose another "
			"with --port.",
			stage->port);
	TRY(child_start(&stage->novate,
			(const char *const[]){ child_program(setup->arena, "novate"), "--data",
					       setup->data, "up", NULL },
			setup_path(setup, "novate.log").at));
	while (instant_before(world_now(setup->world), last) && child_runs(&stage->novate)) {
		TRY(store_run(setup->store, STORE_READ, setup->arena, "demo.alive", alive_body,
			      &alive));
		if (alive && health(stage) == 200)
			return NULL;
		TRY(pause_or_stop());
	}
	return did_not_start(stage, "Novate", "novate.log");
}

fault *demo_stage_open(struct demo_stage *stage, struct setup *setup, int port, int sandbox_port,
		       int partner_center_port)
{
	*stage = (struct demo_stage){ .setup = setup, .port = port };
	TRY(refuse_used_place(setup));
	(void)puts("Starting the sandbox that stands in for Microsoft.");
	TRY(sandbox_open(stage, sandbox_port, partner_center_port));
	TRY(setup_settings(setup, true));
	TRY(setup_store(setup, 4));
	(void)puts("Letting in a partner and an operator, and signing the distributor in.");
	TRY(people_open(stage));
	TRY(connect(stage));
	(void)puts("Starting Novate: `novate up` is `serve` and `work`.");
	return novate_open(stage);
}

void demo_stage_end(struct demo_stage *stage)
{
	child_stop(&stage->novate, 45);
	child_stop(&stage->sandbox, 10);
	vendors_end(&stage->vendors);
}

fault *demo_stage_act(struct demo_stage *stage, const char *what, str on)
{
	struct arena *a = stage->setup->arena;
	str printed;

	return child_ask(a,
			 (const char *const[]){ stage->sandbox_program, "--data",
						stage->sandbox_data, "act", what, str_cstr(a, on),
						NULL },
			 &printed);
}
