/* Every address of the sandbox's two doors, asked anything by whoever has a token of ours: one
 * answer, never its own mistake (500), and JSON where it says so.
 *
 * The first line's words fill the parts of the path, an empty one what is there; the second is put
 * behind the path; the rest is the body.  Which address, the length of the whole input says. */
#include "fuzz.h"

#include <jansson.h>
#include <string.h>

#include "base/log.h"
#include "base/world.h"
#include "sandbox/sandbox_path.h"
#include "sandbox/sandbox_serve.h"
#include "sandbox/tenant_file.h"
#include "vendor_stage.h"
#include "web/web.h"

#define BAKERY NOVATE_SOURCE "/assets/tenants/bakery.json"

static struct {
	struct arena *arena;
	struct world_seeded world;
	struct vendor_stage *stage;
	struct vendor_facts facts;
	str tenant, tokens[2]; /* by the door asked: the tenant's Graph, Partner Center */
	int asked;
} now;

static str token_for(const char *scope, str tenant)
{
	struct transport by = vendor_stage_transport(now.stage);
	struct remote_header type = { "Content-Type", S("application/x-www-form-urlencoded"),
				      false };
	struct remote_call call = {
		.name = "token", .method = "POST", .headers = &type, .header_count = 1
	};
	struct remote_answer answer;

	call.url = str_format(now.arena, "%.*s/%.*s/oauth2/v2.0/token", STR(now.facts.login_url),
			      STR(tenant));
	call.body = str_format(now.arena,
			       "grant_type=client_credentials&client_id=%.*s&client_secret=%.*s"
			       "&scope=https%%3A%%2F%%2F%s%%2F.default",
			       STR(now.facts.client_id), STR(now.facts.client_secret), scope);
	HOLDS(!by.send(by.of, now.arena, &call, &answer));
	json_t *json = json_loadb(answer.body.at, answer.body.len, 0, NULL);
	const char *token = json_string_value(json_object_get(json, "access_token"));
	str bearer = str_format(now.arena, "Bearer %s", token ? token : "none");
	json_decref(json);
	return bearer;
}

static void begin(void)
{
	static const char *const files[] = { BAKERY };
	bool found;
	str text;

	if (now.stage && ++now.asked < 200)
		return;
	if (now.stage)
		vendor_stage_close(now.stage);
	if (now.arena)
		arena_close(now.arena);
	now.arena = arena_open();
	now.asked = 0;
	world_seeded_open(&now.world, 1, (instant){ .micros = INT64_C(1770112800000000) });
	now.stage = vendor_stage_open(&now.world.world, files, 1, MINUTES(1));
	now.facts = vendor_stage_facts(now.stage);
	HOLDS(!sandbox_path_read(now.arena, BAKERY, TENANT_FILE_MOST, &text, &found) && found);
	HOLDS(!tenant_file_id(now.arena, S("bakery.json"), text, &now.tenant));
	vendor_stage_act(now.stage, "consent", S("ryeandember.onmicrosoft.com"));
	vendor_stage_act(now.stage, "accept", S("ryeandember.onmicrosoft.com"));
	now.tokens[0] = token_for("graph.microsoft.com", now.tenant);
	now.tokens[1] = token_for("api.partnercenter.microsoft.com", now.facts.partner_tenant);
}

static const struct route *route_of(size_t pick, bool *second)
{
	static const struct route *all[512];
	static size_t count, of_first;

	for (int door = 0; door < 2 && (door == 1 || count == 0); door++) {
		struct web_settings settings = { .port = 0 };

		sandbox_serve_routes(&settings, door == 1);
		for (size_t t = 0; t < settings.table_count; t++)
			for (size_t i = 0; i < settings.tables[t].count && count < COUNT(all); i++)
				all[count++] = &settings.tables[t].at[i];
		of_first = door == 0 ? count : of_first;
	}
	*second = pick % count >= of_first;
	return all[pick % count];
}

static str path_of(struct arena *a, const char *path, str words)
{
	struct text out = text_open(a);
	str rest = str_of(path), part;

	(void)str_next(&rest, '/', &part);
	while (str_next(&rest, '/', &part)) {
		str word = S("");

		text_add_char(&out, '/');
		if (!str_starts(part, S(":"))) {
			text_add(&out, part);
			continue;
		}
		(void)str_next(&words, ' ', &word);
		text_add(&out, remote_escape(a, word.len ? word : now.tenant));
	}
	return text_str(&out);
}

static void check(const struct remote_answer *answer)
{
	str type = remote_answer_header(answer, "Content-Type");

	HOLDS(answer->status >= 200 && answer->status != 500);
	if (!str_starts(type, S("application/json")) || answer->body.len == 0)
		return;
	json_t *json = json_loadb(answer->body.at, answer->body.len, JSON_DECODE_ANY, NULL);

	HOLDS(json);
	json_decref(json);
}

static void ask(struct arena *a, size_t pick, str words, str more, str body)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD" };
	bool second, form = str_find(body, S("=")) > 0 && !str_starts(body, S("{"));
	const struct route *route = route_of(pick, &second);
	str path = path_of(a, route->path, words);
	struct remote_header headers[] = {
		{ "Authorization", now.tokens[second], true },
		{ "Content-Type",
		  form ? S("application/x-www-form-urlencoded") : S("application/json"), false },
	};
	struct remote_call call = { .name = "any",
				    .method = methods[route->method],
				    .headers = headers,
				    .header_count = COUNT(headers),
				    .body = route->method == GET ? STR_NONE : body };
	struct transport by = vendor_stage_transport(now.stage);
	struct remote_answer answer;

	call.url = str_format(a, "%.*s%.*s%.*s",
			      STR(second ? now.facts.partner_center_url : now.facts.login_url),
			      STR(path), STR(more));
	fault *f = by.send(by.of, a, &call, &answer);
	HOLDS(!f || f->kind == FAULT_REMOTE);
	if (!f)
		check(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str rest = fuzz_input(at, len), words, more;

	if (!str_next(&rest, '\n', &words) || !str_next(&rest, '\n', &more))
		return 0;
	for (size_t i = 0; i < more.len; i++)
		if ((unsigned char)more.at[i] <= 0x20 || (unsigned char)more.at[i] >= 0x7f)
			return 0;
	log_open(world_of_system(), LOG_ERROR, "fuzz");
	begin();
	ask(a, len, words, more, rest);
	return 0;
}
