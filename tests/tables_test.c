/* The tables that the program is made of, walked as a whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/command.h"
#include "app/rooms.h"
#include "app/site.h"
#include "store/store_testing.h"
#include "web/web.h"

static const struct route *all[512];
static size_t all_count;

static int gather(void **state)
{
	struct route_table tables[ROOMS_MOST_TABLES];
	size_t count = rooms_routes(tables);
	(void)state;

	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < tables[t].count; i++) {
			assert_true(all_count < COUNT(all));
			all[all_count++] = &tables[t].at[i];
		}
	return 0;
}

/* Two paths clash when no request could tell them apart: ":id" and ":conversion" are one. */
static bool same_path(const char *a, const char *b)
{
	str one = str_of(a), other = str_of(b), part, other_part;

	for (;;) {
		bool more = str_next(&one, '/', &part);

		if (more != str_next(&other, '/', &other_part))
			return false;
		if (!more)
			return true;
		if (!(str_starts(part, S(":")) && str_starts(other_part, S(":"))) &&
		    !str_eq(part, other_part))
			return false;
	}
}

static void every_method_and_path_is_there_once(void **state)
{
	(void)state;

	for (size_t i = 0; i < all_count; i++)
		for (size_t j = 0; j < i; j++)
			if (all[i]->method == all[j]->method &&
			    same_path(all[i]->path, all[j]->path))
				fail_msg("%s is there twice", all[i]->path);
}

static void every_route_is_whole(void **state)
{
	(void)state;

	assert_true(all_count > 10);
	for (size_t i = 0; i < all_count; i++) {
		const struct route *r = all[i];

		if (r->path[0] != '/' || !r->run)
			fail_msg("row %zu has no path or no handler", i);
		if (r->who == NOBODY)
			fail_msg("%s is for nobody: its author forgot `who`", r->path);
		if (!r->about || strlen(r->about) < 5)
			fail_msg("%s says nothing about itself", r->path);
	}
}

/* What stands under a door is for those who have its key. */
static void rights_follow_the_door(void **state)
{
	static const struct {
		const char *under;
		bool anyone, partner, operator;
	} doors[] = { { "/partner/", .partner = true, .operator= true },
			{
				"/admin/",
				.operator= true },
				{ "/c/", .anyone = true },
	};
	(void)state;

	for (size_t i = 0; i < all_count; i++)
		for (size_t d = 0; d < COUNT(doors); d++) {
			if (!str_starts(str_of(all[i]->path), str_of(doors[d].under)))
				continue;
			if (all[i]->who == ANYONE && !doors[d].anyone)
				fail_msg("%s lets anyone in", all[i]->path);
			if ((all[i]->who == PARTNER || all[i]->who == SIGNED_IN) &&
			    !doors[d].partner && !doors[d].anyone)
				fail_msg("%s lets partners in", all[i]->path);
		}
}

/* A change that needs no proof could be made by any page on the web; who sends no cookie (an API
 * token, a secret in the address) may do without a form's token. */
static void changes_want_a_proof(void **state)
{
	(void)state;

	for (size_t i = 0; i < all_count; i++) {
		const struct route *r = all[i];

		if (r->method == GET || r->method == HEAD)
			continue;
		if (r->proof == BY_NOTHING && r->who != ANYONE)
			fail_msg("%s changes things without a proof", r->path);
		if (str_starts(str_of(r->path), S("/api/")) && r->proof != BY_BEARER)
			fail_msg("%s is of the API and does not want a token", r->path);
	}
}

/* A path that a request can ask: its parts are filled with something that is nothing. */
static str target_of(struct arena *arena, const char *path)
{
	str rest = str_part(str_of(path), 1, strlen(path)), part;
	struct text out = text_open(arena);

	while (str_next(&rest, '/', &part)) {
		text_add_char(&out, '/');
		text_add(&out, str_starts(part, S(":")) ? S("nothing") : part);
	}
	return out.len ? text_str(&out) : S("/");
}

static fault *door_partner(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	(void)tx;
	(void)cookie;
	(void)bearer;
	*who = (struct visitor){ .account = { .n = 1 },
				 .role = PARTNER,
				 .name = S("Ada"),
				 .email = S("ada@example.test"),
				 .form_token = S("token") };
	return NULL;
}

static int answer_to(struct store_testing *with, const struct route *r, door *at_door)
{
	static struct site site = { .version = "0" };
	struct route_table tables[ROOMS_MOST_TABLES];
	const struct web_settings settings = {
		.public_url = S("http://localhost"),
		.store = with->store,
		.world = &with->world.world,
		.door = at_door,
		.context = &site,
		.tables = tables,
		.table_count = rooms_routes(tables),
		.session_cookie = "novate",
		.look = &rooms_look,
		.sign_in = "/sign-in",
	};
	const struct log_pair headers[] = {
		{ "Content-Type", S("application/x-www-form-urlencoded") },
		{ "Host", S("localhost") },
		{ "Authorization", S("Bearer novate_nothing") },
	};
	struct web_exchange exchange = {
		.method = r->method,
		.target = target_of(with->arena, r->path),
		.headers = headers,
		.header_count = r->proof == BY_BEARER ? 3 : 2,
		.body = S("form_token=token"),
	};
	fault *f = web_exchange(&settings, with->arena, &exchange);

	if (f)
		fail_msg("%s: %s", r->path, f->said);
	return exchange.status;
}

/* 303 to the sign-in for a page, 401 for the API; never what the handler would say. */
static void strangers_body(struct store_testing *with)
{
	for (size_t i = 0; i < all_count; i++) {
		if (all[i]->who == ANYONE)
			continue;
		int status = answer_to(with, all[i], NULL);
		if (status != 303 && status != 401 && status != 403 && status != 404)
			fail_msg("%s answered a stranger with %d", all[i]->path, status);
	}
}

static void a_stranger_gets_into_no_room(void **state)
{
	(void)state;
	store_testing_each(strangers_body);
}

static void partners_body(struct store_testing *with)
{
	for (size_t i = 0; i < all_count; i++) {
		if (all[i]->who != OPERATOR)
			continue;
		int status = answer_to(with, all[i], door_partner);
		if (status != 403 && status != 404)
			fail_msg("%s answered a partner with %d", all[i]->path, status);
	}
}

static void a_partner_gets_nowhere_where_operators_are(void **state)
{
	(void)state;
	store_testing_each(partners_body);
}

static void every_command_explains_itself(void **state)
{
	struct command_table tables[ROOMS_MOST_TABLES];
	size_t count = rooms_commands(tables);
	(void)state;

	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < tables[t].count; i++) {
			const struct command *c = &tables[t].at[i];

			if (!c->run || !c->about || c->least > c->most)
				fail_msg("the command %s is not whole", c->name);
			if (c->about[strlen(c->about) - 1] == '.')
				fail_msg("%s: help adds the full stop itself", c->name);
			if (c->most > 0 && !c->words)
				fail_msg("%s takes words that its help does not name", c->name);
			for (const struct command_option *o = c->options; o && o->name; o++)
				if (!o->about)
					fail_msg("%s --%s is not explained", c->name, o->name);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_and_path_is_there_once),
		cmocka_unit_test(every_route_is_whole),
		cmocka_unit_test(rights_follow_the_door),
		cmocka_unit_test(changes_want_a_proof),
		cmocka_unit_test(a_stranger_gets_into_no_room),
		cmocka_unit_test(a_partner_gets_nowhere_where_operators_are),
		cmocka_unit_test(every_command_explains_itself),
	};
	return cmocka_run_group_tests(tests, gather, NULL);
}
