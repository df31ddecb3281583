/* Every address of Novate, asked anything by anybody: one answer, never our own mistake (5xx), no
 * header or redirect that leads away, and nothing of what was sent stands in a page as markup.
 *
 * The first line is who asks and a method.  A second line that begins with a slash is the target;
 * any other is put behind the path of a route, filled with what is there.  Which route, the length
 * of the whole input says: mutations change that all the time.  The next lines up to an empty one
 * are headers, the rest is the form. */
#include "fuzz.h"

#include <jansson.h>
#include <string.h>

#include "app/rooms.h"
#include "app/site.h"
#include "base/log.h"
#include "base/world.h"
#include "convert/batch.h"
#include "fuzz_canary.h"
#include "market/catalog.h"
#include "market/csv.h"
#include "migrations_embedded.h"
#include "people/door.h"
#include "people/people.h"
#include "people/session.h"
#include "web/layout.h"
#include "web/web.h"

static struct {
	struct arena *arena;
	struct world_seeded world;
	struct store *store;
	int asked; /* since the store is new */
	struct account partner, operator;
	struct conversion conversion;
	struct batch batch;
	struct job_shown job;
	enum who asks;
} now;

static fault *fill(struct tx *tx, void *with)
{
	struct asker by = { .role = ROLE_PARTNER, .from = S("test") };
	int64_t loaded;
	bool left, found;

	(void)with;
	TRY(catalog_first_load(tx, &loaded));
	TRY(account_open(tx, S("ada@example.test"), S("Ada <~"), ROLE_PARTNER, STR_NONE,
			 &now.partner));
	TRY(account_open(tx, S("otto@example.test"), S("q\"~ Otto"), ROLE_OPERATOR, STR_NONE,
			 &now.operator));
	by.account = now.partner.id;
	TRY(conversion_start(tx, &by, S("contoso.test"), S("o'hara@contoso.test"),
			     &now.conversion));
	TRY(batch_keep(tx, &by, S("<~ q\"~"), S("domain\nfabrikam.test\n<~\n\"q\"\"~\"\n"),
		       &now.batch));
	TRY(batch_go_on(tx, &by, now.batch.id, &left));
	return job_about(tx, "convert.step", now.conversion.id, &now.job, &found);
}

/* What is asked changes what is there; from time to time it begins again, or pages would grow. */
static void begin(void)
{
	int applied;

	if (now.store && ++now.asked < 200)
		return;
	store_end(&now.store);
	if (now.arena)
		arena_close(now.arena);
	now.arena = arena_open();
	now.asked = 0;
	world_seeded_open(&now.world, 1, (instant){ .micros = INT64_C(1770112800000000) });
	HOLDS(!store_open(S(":memory:"), 2, &now.world.world, &now.store));
	HOLDS(!store_migrate(now.store, &migrations_embedded, &applied));
	HOLDS(!store_run(now.store, STORE_WRITE, now.arena, "fill", fill, NULL));
}

static fault *at_door(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	const struct account *is = now.asks == OPERATOR ? &now.operator: & now.partner;

	(void)tx, (void)cookie, (void)bearer;
	*who = (struct visitor){ .role = now.asks, .form_token = S("t") };
	if (now.asks != ANYONE) {
		who->account = is->id;
		who->name = is->name;
		who->email = is->email;
	}
	return NULL;
}

/* A route's path with a conversion, a batch, a door or a job that is there. */
static str path_of(struct arena *a, const char *path)
{
	struct text out = text_open(a);
	str rest = str_of(path), part;

	(void)str_next(&rest, '/', &part);
	while (str_next(&rest, '/', &part)) {
		text_add_char(&out, '/');
		if (str_eq(part, S(":door")))
			text_add(&out, now.conversion.door);
		else if (!str_starts(part, S(":")))
			text_add(&out, part);
		else if (strstr(path, "jobs"))
			text_add(&out, id_text(a, "job", now.job.job));
		else if (strstr(path, "many") || strstr(path, "batch"))
			text_add(&out, id_text(a, "bat", now.batch.id));
		else
			text_add(&out, id_text(a, "cnv", now.conversion.id));
	}
	return text_str(&out);
}

static const struct route *route_of(size_t pick)
{
	static const struct route *all[256];
	static size_t count;
	struct route_table tables[ROOMS_MOST_TABLES];
	size_t table_count = count ? 0 : rooms_routes(tables);

	for (size_t t = 0; t < table_count; t++)
		for (size_t i = 0; i < tables[t].count && count < COUNT(all); i++)
			all[count++] = &tables[t].at[i];
	return all[pick % count];
}

static size_t read_headers(struct arena *a, str *rest, struct log_pair headers[8])
{
	size_t count = 0;
	str line, name;

	headers[count++] = (struct log_pair){ "Authorization", S("Bearer t") };
	headers[count++] = (struct log_pair){ "Content-Type",
					      S("application/x-www-form-urlencoded") };
	while (str_next(rest, '\n', &line) && line.len)
		if (count < 8 && str_next(&line, ':', &name))
			headers[count++] = (struct log_pair){ str_cstr(a, name), str_trim(line) };
	return count;
}

static void check_body(struct arena *a, const struct web_exchange *x)
{
	struct csv_row *row = NEW(a, struct csv_row);
	struct csv csv;
	bool more = true;

	if (str_starts(x->type, S("text/html")))
		fuzz_canary_stays_text(x->answer);
	if (str_starts(x->type, S("application/json"))) {
		json_t *json = json_loadb(x->answer.at, x->answer.len, JSON_DECODE_ANY, NULL);

		HOLDS(json);
		json_decref(json);
	}
	if (str_starts(x->type, S("text/csv"))) {
		HOLDS(!csv_open(a, x->answer, &csv));
		while (more)
			HOLDS(!csv_next(&csv, row, &more));
	}
}

static void check_answer(struct arena *a, const struct web_exchange *x)
{
	HOLDS(x->status >= 200 && x->status < 500);
	for (size_t i = 0; i < x->answer_header_count; i++) {
		str value = x->answer_headers[i].value;

		for (size_t c = 0; c < value.len; c++)
			HOLDS((unsigned char)value.at[c] >= 0x20 && value.at[c] != 0x7f);
		if (str_eq_nocase(str_of(x->answer_headers[i].key), S("Location")))
			HOLDS(str_starts(value, S("/")) && !str_starts(value, S("//")) &&
			      !str_starts(value, S("/\\")));
	}
	check_body(a, x);
}

static void ask(struct arena *a, struct web_exchange x, str rest)
{
	struct route_table tables[ROOMS_MOST_TABLES];
	struct site site = { .version = "1.2.3" };
	const struct web_settings settings = {
		.public_url = S("https://novate.test"),
		.sign_in = PEOPLE_SIGN_IN,
		.store = now.store,
		.world = &now.world.world,
		.door = at_door,
		.fault_page = layout_fault_page,
		.context = &site,
		.tables = tables,
		.table_count = rooms_routes(tables),
		.session_cookie = SESSION_COOKIE,
		.look = &rooms_look,
	};
	struct log_pair headers[8];

	x.headers = headers;
	x.header_count = read_headers(a, &rest, headers);
	x.body = x.method == GET ? S("") : str_format(a, "form_token=t&%.*s", STR(rest));
	HOLDS(!web_exchange(&settings, a, &x));
	check_answer(a, &x);
}

static enum method method_of(char letter)
{
	switch (letter) {
	case 'P': return POST;
	case 'U': return PUT;
	case 'D': return DELETE;
	case 'H': return HEAD;
	default: return GET;
	}
}

/* What the guard lets through (fuzz_request.c). */
static bool is_target(str target)
{
	for (size_t i = 0; i < target.len; i++)
		if ((unsigned char)target.at[i] <= 0x20 || (unsigned char)target.at[i] >= 0x7f ||
		    target.at[i] == '#' || target.at[i] == '\\')
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str rest = fuzz_input(at, len), who, target;
	struct web_exchange x = { 0 };

	if (!str_next(&rest, '\n', &who) || who.len != 2 || !str_next(&rest, '\n', &target) ||
	    !is_target(target))
		return 0;
	log_open(world_of_system(), LOG_ERROR, "fuzz");
	begin();
	now.asks = who.at[0] == 'p' ? PARTNER : who.at[0] == 'o' ? OPERATOR : ANYONE;
	if (str_starts(target, S("/"))) {
		x = (struct web_exchange){ .method = method_of(who.at[1]), .target = target };
	} else {
		const struct route *route = route_of(len);
		str path = path_of(a, route->path);

		x.method = route->method;
		x.target = str_format(a, "%.*s%.*s", STR(path), STR(target));
	}
	ask(a, x, rest);
	return 0;
}
