#include <string.h>

#include "microsoft/asking.h"
#include "microsoft/refusal.h"
#include "microsoft/reseller.h"

/* Ordering is slow on the vendor's side, and an answer lost to haste has to be looked up. */
static const int64_t patience = SECONDS(100);

static str customer_path(struct microsoft_work *w, str tenant, const char *rest)
{
	return str_format(w->arena, "/v1/customers/%.*s/%s", STR(remote_escape(w->arena, tenant)),
			  rest);
}

static json_t *text_of(str s)
{
	return json_stringn(s.at ? s.at : "", s.len);
}

static json_t *line_made(const struct reseller_line *line, size_t number, str mpn)
{
	json_t *made = json_object();

	(void)json_object_set_new(made, "id", json_integer((json_int_t)number));
	(void)json_object_set_new(made, "catalogItemId", text_of(line->catalog_item));
	(void)json_object_set_new(made, "quantity", json_integer(line->quantity));
	(void)json_object_set_new(made, "billingCycle", text_of(line->billing));
	(void)json_object_set_new(made, "termDuration", text_of(line->term));
	if (!str_is_empty(line->note))
		(void)json_object_set_new(made, "friendlyName", text_of(line->note));
	if (!str_is_empty(mpn))
		(void)json_object_set_new(made, "participants",
					  json_pack("[{s:s,s:o}]", "key", "transaction_reseller",
						    "value", text_of(mpn)));
	return made;
}

static str cart_made(struct microsoft_work *w, const struct reseller_line *lines, size_t count)
{
	str mpn = w->ms->settings.partner_mpn;
	DEFER(reading_end) json_t *cart = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, line_made(&lines[i], i, mpn));
	(void)json_object_set_new(cart, "lineItems", list);
	/* Without it a partner on record is refused (900206). */
	if (!str_is_empty(mpn))
		(void)json_object_set_new(cart, "partnerOnRecordAttestationAccepted", json_true());
	return reading_written(w->arena, cart);
}

/* A cart with a line that cannot be bought is answered 201 all the same (§3.8). */
static fault *lines_check(struct microsoft_work *w, const json_t *cart)
{
	size_t i;
	json_t *line;

	json_array_foreach(reading_list(cart, "lineItems"), i, line)
	{
		const json_t *error = reading_member(line, "error");
		str code, words;

		if (!json_is_object(error))
			continue;
		code = reading_text(w->arena, error, "errorCode");
		words = reading_text(w->arena, error, "errorDescription");
		return fault_code(
			fault_new(FAULT_INPUT,
				  "Microsoft does not sell line %zu of the order as it stands: "
				  "%.*s Make the plan again.",
				  i + 1, STR(str_cut(words, 300))),
			code);
	}
	return NULL;
}

fault *reseller_cart(struct microsoft_work *w, str tenant, const struct reseller_line *lines,
		     size_t count, str *cart)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "partnercenter.cart",
		.method = "POST",
		.as = TOKEN_PARTNER_APP,
		.path = customer_path(w, tenant, "carts"),
		.body = cart_made(w, lines, count),
		.timeout = patience,
	};
	str id;

	TRY(asking_json(w, &asking, &json));
	TRY(lines_check(w, json));
	id = reading_text(w->arena, json, "id");
	if (str_is_empty(id))
		return fault_new(FAULT_REMOTE, "Partner Center made a cart without a number. It "
					       "is tried again by itself.");
	*cart = id;
	return NULL;
}

/* Something may be ordered and something not; both are told. */
static fault *partial_check(struct microsoft_work *w, const json_t *result)
{
	const json_t *first = json_array_get(reading_list(result, "orderErrors"), 0);
	str code, words;

	if (!first)
		return NULL;
	code = reading_text(w->arena, first, "code");
	words = reading_text(w->arena, first, "description");
	return fault_code(fault_new(FAULT_INPUT,
				    "Microsoft refused a part of the order: %.*s Look at what was "
				    "ordered before you go on.",
				    STR(str_cut(words, 300))),
			  code);
}

fault *reseller_checkout(struct microsoft_work *w, str tenant, str cart, str request, str *order)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "partnercenter.checkout",
		.method = "POST",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena, "%.*s/%.*s/checkout",
				   STR(customer_path(w, tenant, "carts")),
				   STR(remote_escape(w->arena, cart))),
		.request = microsoft_derived_guid(
			w->arena, str_format(w->arena, "%.*s %.*s", STR(request), STR(cart)),
			"checkout"),
		.timeout = patience,
	};
	str id;

	TRY(asking_json(w, &asking, &json));
	id = reading_text(w->arena, json_array_get(reading_list(json, "orders"), 0), "id");
	if (!str_is_empty(id))
		*order = id;
	TRY(partial_check(w, json));
	if (str_is_empty(id))
		return fault_new(FAULT_REMOTE, "Partner Center named no order. Look whether there "
					       "is one, then try again.");
	return NULL;
}
