#include "app/command.h"
#include "app/rooms.h"
#include "app/setup.h"
#include "app/signals.h"
#include "app/site.h"
#include "assets_embedded.h"
#include "people/door.h"
#include "people/people.h"
#include "people/session.h"
#include "web/layout.h"
#include "web/web.h"

enum { SECONDS_TO_FINISH = 20 };

/* Our forms are a few lines; strangers may send bodies before we know who they are.  A route that
 * takes more says so. */
enum { MOST_BODY = 64 << 10 };

static struct web_settings settings_of(struct setup *setup, struct site *site, str signing_key,
				       struct route_table tables[ROOMS_MOST_TABLES])
{
	const struct settings *s = &setup->settings;

	return (struct web_settings){
		.address = s->listen,
		.port = (int)s->port,
		.threads = (int)s->threads,
		.most_body = MOST_BODY,
		.public_url = s->public_url,
		.signing_key = signing_key,
		.behind_proxy = s->behind_proxy,
		.sign_in = PEOPLE_SIGN_IN,
		.store = setup->store,
		.world = setup->world,
		.door = door_answer,
		.seen = door_seen,
		.fault_page = layout_fault_page,
		.context = site,
		.tables = tables,
		.table_count = rooms_routes(tables),
		.session_cookie = SESSION_COOKIE,
		.look = &rooms_look,
		.assets = &assets_embedded,
	};
}

static fault *serve(struct setup *setup, const struct command_line *line, int *status)
{
	struct route_table tables[ROOMS_MOST_TABLES];
	struct site site = { .version = setup->version,
			     .behind_proxy = setup->settings.behind_proxy,
			     .work_counts = setup_path(setup, "work.prom").at };
	const char *signal = NULL;
	struct web *web;
	str signing_key;
	(void)line;
	(void)status;

	TRY(setup_key(setup, "web-key", &signing_key));
	const struct web_settings settings = settings_of(setup, &site, signing_key, tables);

	signals_hold();
	TRY(web_open(&settings, &web));
	site.web = web;
	LOG(LOG_INFO, "app", "serving",
	    { "address",
	      str_format(setup->arena, "http://%.*s:%d", STR(settings.address), web_port(web)) },
	    { "public_url", settings.public_url });
	while (!signals_asked(0, &signal))
		continue;
	LOG(LOG_INFO, "app", "stopping", { "signal", str_of(signal) });
	web_close(web, SECONDS_TO_FINISH);
	return NULL;
}

static const struct command commands[] = {
	{ .name = "serve",
	  .about = "Answer pages and the API",
	  .more = "Knows no vendor's secret. SIGTERM finishes what is in hand and ends with 0.",
	  .needs = NEEDS_STORE,
	  .runs_on = true,
	  .run = serve },
};

const struct command_table serve_commands = { commands, COUNT(commands) };
