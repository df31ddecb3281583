#include <jansson.h>
#include <string.h>

#include "app/site.h"
#include "jobs/worker.h"
#include "web/web.h"

/* That this handler runs at all says that the database answers: its transaction is open.  A
 * worker that nobody saw is no fault of this process, so the status stays 200. */
static fault *health(struct request *rq, struct reply *to)
{
	const struct site *site = request_context(rq);
	struct worker_list workers;
	instant seen = INSTANT_NONE;

	TRY(worker_alive(request_tx(rq), &workers));
	for (size_t i = 0; i < workers.len; i++)
		if (instant_is_none(seen) || instant_before(seen, workers.at[i].seen))
			seen = workers.at[i].seen;

	str seen_text = instant_is_none(seen) ? S("") : instant_rfc3339(request_arena(rq), seen);
	json_t *body = json_pack(
		"{s:s, s:s, s:s, s:I, s:o}", "status", workers.len ? "ok" : "no worker", "version",
		site->version, "database", "ok", "workers", (json_int_t)workers.len, "worker_seen",
		seen_text.len ? json_stringn(seen_text.at, seen_text.len) : json_null());
	char *text = json_dumps(body, JSON_COMPACT);
	str answer = str_copy(request_arena(rq), str_of(text));
	free(text);
	json_decref(body);
	return reply_json(to, 200, answer);
}

static const struct route routes[] = {
	{ GET, "/health", health, .who = ANYONE,
	  .about = "Whether the database answers and a worker lives" },
};

const struct route_table health_routes = { routes, COUNT(routes) };
