#include "sandbox/partner_testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sandbox/license_pool.h"
#include "sandbox/sandbox_pass.h"

str partner_testing_path(struct sandbox_testing *t, const char *tail)
{
	return str_format(t->arena, "/v1/customers/%.*s%s", STR(t->bakery), tail);
}

static struct sandbox_testing_answer ask(struct sandbox_testing *t, enum sandbox_testing_token as,
					 enum method method, str target, const char *body)
{
	return sandbox_testing_ask(t, method, sandbox_testing_token(t, as, t->partner), target,
				   str_of(body));
}

struct sandbox_testing_answer partner_testing_ask(struct sandbox_testing *t, enum method method,
						  str target, const char *body)
{
	return ask(t, TOKEN_PARTNER, method, target, body);
}

struct sandbox_testing_answer partner_testing_ask_user(struct sandbox_testing *t,
						       enum method method, str target,
						       const char *body)
{
	return ask(t, TOKEN_PARTNER_USER, method, target, body);
}

const char *partner_testing_text(struct sandbox_testing *t, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	const char *kept = str_cstr(t->arena, str_of(text));

	free(text);
	return kept;
}

str partner_testing_item(struct sandbox_testing *t, const char *item)
{
	str sku = str_of(item), product;

	assert_true(str_next(&sku, ':', &product));
	struct sandbox_testing_answer got = partner_testing_ask(
		t, GET,
		str_format(t->arena, "/v1/products/%.*s/skus/%.*s/availabilities?country=US",
			   STR(product), STR(sku)),
		NULL);
	return str_copy(t->arena, sandbox_testing_text(&got, "items/0/catalogItemId"));
}

str partner_testing_cart(struct sandbox_testing *t, const struct partner_testing_line *lines,
			 size_t count)
{
	struct text body = text_open(t->arena);

	text_add(&body, S("{\"lineItems\":["));
	for (size_t i = 0; i < count; i++) {
		str item = partner_testing_item(t, lines[i].item);
		text_format(&body,
			    "%s{\"id\":%zu,\"catalogItemId\":\"%.*s\",\"quantity\":%d,"
			    "\"billingCycle\":\"%s\",\"termDuration\":\"P1Y\"}",
			    i > 0 ? "," : "", i, STR(item), lines[i].quantity, lines[i].billing);
	}
	text_add(&body, S("]}"));
	struct sandbox_testing_answer got = partner_testing_ask(
		t, POST, partner_testing_path(t, "/carts"), str_cstr(t->arena, text_str(&body)));
	assert_int_equal(got.status, 201);
	return str_format(t->arena, "%.*s/%.*s/checkout", STR(partner_testing_path(t, "/carts")),
			  STR(sandbox_testing_text(&got, "id")));
}

struct counting {
	struct sandbox_testing *t;
	str sku;
	int64_t units;
};

static fault *count(struct tx *tx, void *with)
{
	struct counting *counting = with;
	struct license_pools pools;

	TRY(sandbox_pass(tx));
	TRY(license_pool_all(tx, counting->t->bakery, &pools));
	for (size_t i = 0; i < pools.len; i++)
		if (str_eq(pools.at[i].sku, counting->sku))
			counting->units = license_pool_valid(&pools.at[i]);
	return NULL;
}

int64_t partner_testing_units(struct sandbox_testing *t, const char *sku)
{
	struct counting counting = { t, str_of(sku), 0 };

	sandbox_testing_do(t, count, &counting);
	return counting.units;
}
