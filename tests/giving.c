#include "giving.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "vendor_person.h"

str giving_value(const struct giving *g, const char *name)
{
	str begin = str_format(g->j->with->arena, "%s=", name), address = g->address, pair;

	while (str_next(&address, '&', &pair))
		if (str_starts(pair, begin))
			return str_part(pair, begin.len, pair.len);
	return STR_NONE;
}

str giving_code(const struct giving *g)
{
	return vendor_person_code(g->j->vendor, g->j->with->arena, g->domain, g->address);
}

static fault *go_body(struct tx *tx, void *with)
{
	struct giving *g = with;

	TRY(billing_grant_go(tx, g->j->c.door, g->cancels, &g->address));
	g->address = str_copy(g->j->with->arena, g->address);
	return NULL;
}

static fault *back_body(struct tx *tx, void *with)
{
	struct giving *g = with;
	struct conversion c;
	str code = g->error ? STR_NONE : giving_code(g);

	return billing_grant_come_back(tx, giving_value(g, "state"), code, str_of(g->error), &c);
}

static fault *grant_body(struct tx *tx, void *with)
{
	struct giving *g = with;

	return billing_grant_get(tx, g->j->c.id, &g->grant);
}

static void in_store(struct giving *g, store_body *body)
{
	journey_must(
		store_run(g->j->with->store, STORE_WRITE, g->j->with->arena, "giving", body, g));
}

void giving_go(struct giving *g)
{
	in_store(g, go_body);
}

void giving_come_back(struct giving *g)
{
	in_store(g, back_body);
}

void giving_look(struct giving *g)
{
	in_store(g, grant_body);
}

void giving_whole(struct giving *g)
{
	giving_go(g);
	giving_come_back(g);
	journey_knock(g->j);
	journey_go_on_for(g->j, 2);
	giving_look(g);
}

void giving_allow(struct journey *j, bool cancels)
{
	struct giving g = { .j = j, .cancels = cancels, .domain = j->domain };

	giving_whole(&g);
	assert_true(g.grant.given);
}
