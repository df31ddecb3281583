#include <stdio.h>
#include <stdlib.h>

#include "app/rooms.h"
#include "app/site.h"
#include "market/catalog.h"
#include "microsoft/signin.h"
#include "migrations_embedded.h"
#include "people/door.h"
#include "people/session.h"
#include "people/token.h"
#include "sim.h"
#include "sim_event.h"
#include "sim_house.h"
#include "web/layout.h"

void sim_must(fault *f)
{
	if (!f)
		return;
	(void)fprintf(stderr, "sim: %s (%s; %s:%d)\n", f->said, f->noted ? f->noted : "", f->file,
		      f->line);
	abort();
}

static fault *person(struct tx *tx, str email, enum account_role role, str *token)
{
	struct account made;

	TRY(account_open(tx, email, email, role, STR_NONE, &made));
	return token_open(tx, made.id, S("sim"), token);
}

static fault *people_body(struct tx *tx, void *with)
{
	struct sim_base *base = with;
	int64_t loaded;

	TRY(catalog_first_load(tx, &loaded));
	TRY(person(tx, S("ada@example.test"), ROLE_PARTNER, &base->ada));
	TRY(person(tx, S("eve@example.test"), ROLE_PARTNER, &base->eve));
	return person(tx, S("olga@example.test"), ROLE_OPERATOR, &base->olga);
}

static void open_house(struct sim_base *base, str address)
{
	int applied;

	sim_must(sim_store_open(address, &base->world.world, &base->house));
	sim_must(store_migrate(sim_store_of(base->house), &migrations_embedded, &applied));
	sim_must(store_run(sim_store_of(base->house), STORE_WRITE, base->arena, "people",
			   people_body, base));
}

static void open_microsoft(struct sim_base *base)
{
	sim_must(sim_store_open(S(":memory:"), &base->world.world, &base->microsoft));
	base->stage = vendor_stage_open_on(sim_store_of(base->microsoft), &base->world.world, NULL,
					   0, SECONDS(1));
	base->facts = vendor_stage_facts(base->stage);
	base->context = (struct convert_context){ .partner_tenant = base->facts.partner_tenant,
						  .public_url = S("http://localhost"),
						  .admin_url = base->facts.login_url,
						  .currency = S("USD"),
						  .country = S("US") };
}

static void open_web(struct sim_base *base)
{
	static struct route_table tables[ROOMS_MOST_TABLES];
	static struct site site = { .version = "sim" };
	struct web_settings settings = {
		.public_url = S("http://localhost"),
		.signing_key = S("0123456789abcdef0123456789abcdef"),
		.store = sim_store_of(base->house),
		.world = &base->world.world,
		.door = door_answer,
		.fault_page = layout_fault_page,
		.context = &site,
		.tables = tables,
		.table_count = rooms_routes(tables),
		.session_cookie = SESSION_COOKIE,
		.look = &rooms_look,
	};
	sim_must(web_exchanges_open(&settings, &base->web));
}

/* The distributor's own account signs in, as `novate connect` does. */
static void connect_account(struct sim_base *base)
{
	struct sim *sim = NEW(base->arena, struct sim);
	struct sim_process *work = &sim->work[0];
	struct signin_code code;
	enum signin_state state;

	sim->base = base;
	sim->arena = sim->scratch = base->arena;
	sim_house_start(sim, work);
	struct microsoft_work w = { .ms = work->ms, .arena = base->arena };
	sim_must(signin_begin(&w, &code));
	vendor_stage_act(base->stage, "device", code.user_code);
	sim_must(signin_poll(&w, code.device_code, &state));
	if (state != SIGNIN_DONE)
		abort();
	while (sim_house_work(sim, work))
		continue; /* our address is registered */
	sim_house_stop(work);
}

void sim_base_open(str address, struct sim_base *made)
{
	*made = (struct sim_base){ .arena = arena_open() };
	/* Each `work` that starts anew would read the system's hundred authorities, a fifth of all
	 * time; events are signed by our own. */
	if (setenv("SSL_CERT_FILE", "/dev/null", 1) || setenv("SSL_CERT_DIR", "/dev/null", 1))
		abort();
	if (!instant_from_rfc3339(S("2026-02-03T10:00:00Z"), &made->start))
		abort();
	world_seeded_open(&made->world, 1, made->start);
	open_house(made, address);
	open_microsoft(made);
	open_web(made);
	sim_event_listen(made);
	connect_account(made);
	made->start = instant_after(made->world.at, MINUTES(1));
}

void sim_base_close(struct sim_base *base)
{
	sim_event_forget(base);
	web_exchanges_close(base->web);
	vendor_stage_close(base->stage);
	sim_store_close(base->microsoft);
	sim_store_close(base->house);
	arena_close(base->arena);
}
