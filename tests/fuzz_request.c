/* Any target, headers and body get one answer; nothing is believed before it was checked.
 * Input: method letter, target, cookie and content type on a line each, then the body. */
#include "fuzz.h"

#include "base/world.h"
#include "web/guard.h"
#include "web/web.h"

static fault *show(struct request *rq, struct reply *to)
{
	str part = request_part(rq, "id"), query = request_query(rq, "q");
	str form = request_form(rq, "a"), flash = request_flash(rq);

	HOLDS(str_is_utf8(part) && str_is_utf8(query) && str_is_utf8(form) && str_is_utf8(flash));
	HOLDS(str_find(request_path(rq), S("..")) != 0);
	reply_header(to, "X-Query", query);
	reply_cookie(to, "part", part, 60);
	return reply_go(to, "/%.*s", STR(query));
}

static const struct field fields[] = { { "a", "A", FIELD_TEXT, 0, 10 }, { 0 } };
static const struct route routes[] = {
	{ GET, "/x/:id", show, .who = ANYONE },
	{ POST, "/x/:id", show, .who = ANYONE, .proof = BY_NOTHING, .fields = fields },
	{ POST, "/y", show, .who = ANYONE },
};
static const struct route_table tables[] = { { routes, COUNT(routes) } };

static void hold_headers(const struct web_exchange *x)
{
	for (size_t i = 0; i < x->answer_header_count; i++) {
		str value = x->answer_headers[i].value;
		for (size_t c = 0; c < value.len; c++)
			HOLDS((unsigned char)value.at[c] >= 0x20 && value.at[c] != 0x7f);
	}
}

static void ask_guard(struct arena *a, str target, str cookie, str length)
{
	struct guard_request rq = { .target = target, .version = S("HTTP/1.1"), .most_body = 10 };
	int status = 0;

	HOLDS(pairs_add(&rq.headers, a, S("Host"), S("a")));
	HOLDS(pairs_add(&rq.headers, a, S("Content-Length"), length));
	HOLDS(pairs_add(&rq.headers, a, S("Cookie"), cookie));
	const char *why = guard_check(&rq, &status);
	HOLDS(status >= 400 && status < 600);
	HOLDS(why || str_find(target, S("\n")) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str rest = fuzz_input(at, len), method = S(""), target = S(""), cookie = S(""),
	    type = S("");
	struct world_seeded world;

	if (!str_next(&rest, '\n', &method) || !str_next(&rest, '\n', &target) ||
	    !str_next(&rest, '\n', &cookie) || !str_next(&rest, '\n', &type))
		return 0;
	ask_guard(a, target, cookie, type);
	log_open(world_of_system(), LOG_ERROR, "fuzz");
	world_seeded_open(&world, 1, (instant){ .micros = 0 });
	struct log_pair headers[] = { { "Cookie", cookie }, { "Content-Type", type } };
	struct web_settings settings = { .world = &world.world,
					 .tables = tables,
					 .table_count = COUNT(tables) };
	struct web_exchange x = { .method = str_eq(method, S("P")) ? POST : GET,
				  .target = target,
				  .headers = headers,
				  .header_count = COUNT(headers),
				  .body = rest };
	HOLDS(!web_exchange(&settings, a, &x));
	HOLDS(x.status >= 200 && x.status < 600);
	hold_headers(&x);
	return 0;
}
