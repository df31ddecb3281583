#include "sandbox/partner_catalogue_pages.h"

#include "sandbox/catalogue.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_trouble.h"

/* The same three questions, asked for a country or for a customer. */
struct asked {
	struct partner_call call;
	struct catalogue catalogue;
	str country, segment;
};

static fault *refuse_country(const struct asked *asked)
{
	return partner_refuse(&asked->call, 400, 2000, "Say for which country: country=US.");
}

static bool is_segment(str segment)
{
	static const char *const segments[] = { "commercial", "education", "government",
						"nonprofit" };

	for (size_t i = 0; i < COUNT(segments); i++)
		if (str_eq_nocase(segment, str_of(segments[i])))
			return true;
	return str_is_none(segment);
}

static fault *enter(struct request *rq, struct reply *to, struct asked *asked, bool *go_on)
{
	struct tenant_state customer;

	if (str_is_none(request_part(rq, "customer"))) {
		TRY(partner_enter(rq, to, PARTNER_ANY, &asked->call, go_on));
		asked->country = request_query(rq, "country");
	} else {
		TRY(partner_enter_customer(rq, to, PARTNER_ANY, &asked->call, &customer, go_on));
		asked->country = customer.country;
	}
	if (!*go_on)
		return NULL;
	asked->segment = request_query(rq, "targetSegment");
	asked->catalogue = catalogue_read(asked->call.arena);
	TRY(partner_trouble_withdrawn(asked->call.tx, &asked->catalogue));
	*go_on = asked->country.len == 2 && is_segment(asked->segment);
	if (*go_on)
		return NULL;
	if (!is_segment(asked->segment))
		return partner_refuse(&asked->call, 403, 400030,
				      "The segment is not allowed for this partner.");
	return refuse_country(asked);
}

/* Nonprofit must be named; the other segments are all shown when none is. */
static bool shown(const struct asked *asked, const struct catalogue_item *item)
{
	if (!item->sold)
		return false;
	if (str_is_none(asked->segment))
		return !str_eq(item->segment, S("nonprofit"));
	return str_eq_nocase(asked->segment, item->segment);
}

static json_t *product_json(const struct asked *asked, const struct catalogue_item *item)
{
	return json_pack("{s:o, s:o, s:o, s:{s:s, s:s}, s:b, s:s, s:{s:o, s:o}, s:o}", "id",
			 graph_text(item->product), "title", graph_text(item->title), "description",
			 graph_text(item->title), "productType", "id", "OnlineServicesNCE",
			 "displayName", "OnlineServicesNCE", "isMicrosoftProduct", true,
			 "publisherName", "Microsoft Corporation", "links", "skus",
			 partner_link(asked->call.arena, "/products/%.*s/skus?country=%.*s",
				      STR(item->product), STR(asked->country)),
			 "self",
			 partner_link(asked->call.arena, "/products/%.*s?country=%.*s",
				      STR(item->product), STR(asked->country)),
			 "attributes", partner_attributes("Product", STR_NONE));
}

static bool first_of_product(const struct asked *asked, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (shown(asked, &asked->catalogue.at[i]) &&
		    str_eq(asked->catalogue.at[i].product, asked->catalogue.at[index].product))
			return false;
	return true;
}

static fault *product_list(struct request *rq, struct reply *to)
{
	struct asked asked;
	bool go_on;

	TRY(enter(rq, to, &asked, &go_on));
	if (!go_on)
		return NULL;
	str view = request_query(rq, "targetView");
	if (!str_eq_nocase(view, S("OnlineServices")) &&
	    !str_eq_nocase(view, S("MicrosoftOnlineServices")))
		return partner_refuse(&asked.call, 403, 400036,
				      "This catalogue has the view OnlineServices only.");
	json_t *items = json_array();
	for (size_t i = 0; i < asked.catalogue.len; i++)
		if (shown(&asked, &asked.catalogue.at[i]) && first_of_product(&asked, i))
			json_array_append_new(items, product_json(&asked, &asked.catalogue.at[i]));
	return partner_reply_items(&asked.call, items);
}

static fault *refuse_product(const struct asked *asked, str product)
{
	return partner_refuse(&asked->call, 404, 400013, "There is no product %.*s.", STR(product));
}

static fault *product_one(struct request *rq, struct reply *to)
{
	str product = request_part(rq, "product");
	struct asked asked;
	bool go_on;

	TRY(enter(rq, to, &asked, &go_on));
	if (!go_on)
		return NULL;
	for (size_t i = 0; i < asked.catalogue.len; i++)
		if (asked.catalogue.at[i].sold &&
		    str_eq_nocase(asked.catalogue.at[i].product, product))
			return partner_reply(&asked.call, 200,
					     product_json(&asked, &asked.catalogue.at[i]));
	return refuse_product(&asked, product);
}

static json_t *cycles_json(const struct catalogue_item *item)
{
	static const char *const cycles[] = { "annual", "monthly", "none" };
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(cycles); i++)
		if (str_find(item->terms, str_of(cycles[i])) >= 0)
			json_array_append_new(list, json_string(cycles[i]));
	return list;
}

static json_t *words_json(str words)
{
	json_t *list = json_array();
	str word;

	while (words.len > 0 && str_next(&words, ' ', &word))
		json_array_append_new(list, graph_text(word));
	return list;
}

static json_t *sku_json(const struct asked *asked, const struct catalogue_item *item)
{
	struct arena *arena = asked->call.arena;
	json_t *dynamic = json_pack("{s:b, s:b, s:b, s:[], s:o, s:o}", "isMicrosoftProduct", true,
				    "hasConstraints", true, "isAddon", false, "prerequisiteSkus",
				    "upgradeTargetOffers", words_json(item->upgrades),
				    "provisioningId", graph_text(item->provisioning));

	return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:b, s:o, s:[s], s:[], s:[], s:[s], s:o, "
			 "s:{s:o, s:o}, s:o}",
			 "id", graph_text(item->sku), "productId", graph_text(item->product),
			 "title", graph_text(item->title), "description", graph_text(item->title),
			 "minimumQuantity", (json_int_t)item->least, "maximumQuantity",
			 (json_int_t)item->most, "isTrial", item->trial, "supportedBillingCycles",
			 cycles_json(item), "purchasePrerequisites", "MicrosoftCustomerAgreement",
			 "inventoryVariables", "provisioningVariables", "actions", "Refund",
			 "dynamicAttributes", dynamic, "links", "availabilities",
			 partner_link(arena, "/products/%.*s/skus/%.*s/availabilities?country=%.*s",
				      STR(item->product), STR(item->sku), STR(asked->country)),
			 "self",
			 partner_link(arena, "/products/%.*s/skus/%.*s?country=%.*s",
				      STR(item->product), STR(item->sku), STR(asked->country)),
			 "attributes", partner_attributes("Sku", STR_NONE));
}

static fault *sku_list(struct request *rq, struct reply *to)
{
	str product = request_part(rq, "product");
	struct asked asked;
	bool go_on;

	TRY(enter(rq, to, &asked, &go_on));
	if (!go_on)
		return NULL;
	json_t *items = json_array();
	for (size_t i = 0; i < asked.catalogue.len; i++) {
		const struct catalogue_item *item = &asked.catalogue.at[i];
		if (shown(&asked, item) && str_eq_nocase(item->product, product))
			json_array_append_new(items, sku_json(&asked, item));
	}
	if (json_array_size(items) > 0)
		return partner_reply_items(&asked.call, items);
	json_decref(items);
	return refuse_product(&asked, product);
}

static json_t *terms_json(struct arena *arena, const struct catalogue_item *item)
{
	str rest = item->terms, word, duration;
	json_t *list = json_array();

	while (str_next(&rest, ' ', &word)) {
		if (!str_next(&word, ':', &duration))
			continue;
		str key = str_lower(arena, str_format(arena, "%.*s-%.*s-%.*s", STR(item->product),
						      STR(duration), STR(word)));
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:o, s:[{s:[{s:i, s:s, s:s}]}]}", "id",
					graph_text(key), "duration", graph_text(duration),
					"billingCycle", graph_text(word), "description",
					graph_text(str_format(arena, "%.*s commitment, billed %.*s",
							      STR(duration), STR(word))),
					"cancellationPolicies", "refundOptions", "sequenceId", 0,
					"type", "Full", "expiresAfter", "P7D"));
	}
	return list;
}

/* The terms can be renewed to the same SKU. */
static json_t *renewals_json(struct arena *arena, const struct catalogue_item *item)
{
	DEFER(identity_json_end) json_t *terms = terms_json(arena, item);
	json_t *ids = json_array();
	str to = str_format(arena, "%.*s:%.*s", STR(item->product), STR(item->sku));

	for (size_t i = 0; i < json_array_size(terms); i++)
		json_array_append(ids, json_object_get(json_array_get(terms, i), "id"));
	return json_pack("[{s:o, s:[{s:o, s:b}]}]", "applicableTermIds", ids, "renewalOptions",
			 "renewToId", graph_text(to), "isAutoRenewable", true);
}

static json_t *availability_json(const struct asked *asked, const struct catalogue_item *item)
{
	struct arena *arena = asked->call.arena;
	str availability = catalogue_availability(arena, item, asked->call.now);
	str whole = str_format(arena, "%.*s:%.*s:%.*s", STR(item->product), STR(item->sku),
			       STR(availability));

	json_t *made = json_pack(
		"{s:o, s:o, s:o, s:o, s:{s:s, s:s}, s:o, s:o, s:b, s:b, s:o, s:o}", "id",
		graph_text(availability), "productId", graph_text(item->product), "skuId",
		graph_text(item->sku), "catalogItemId", graph_text(whole), "defaultCurrency",
		"code", "USD", "symbol", "$", "segment", graph_text(item->segment), "country",
		graph_text(asked->country), "isPurchasable", item->sold && !item->withdrawn,
		"isRenewable", !item->trial, "terms", terms_json(arena, item), "attributes",
		partner_attributes("Availability", STR_NONE));

	if (!item->trial)
		json_object_set_new(made, "renewalInstructions", renewals_json(arena, item));
	return made;
}

/* The SKU of the path; *item is NULL when an answer has been given. */
static fault *enter_sku(struct request *rq, struct reply *to, struct asked *asked,
			const struct catalogue_item **item)
{
	str product = request_part(rq, "product"), sku = request_part(rq, "sku");
	bool go_on;

	*item = NULL;
	TRY(enter(rq, to, asked, &go_on));
	if (!go_on)
		return NULL;
	*item = catalogue_of(&asked->catalogue,
			     str_format(asked->call.arena, "%.*s:%.*s", STR(product), STR(sku)));
	if (*item && (*item)->sold)
		return NULL;
	*item = NULL;
	return partner_refuse(&asked->call, 404, 400018, "There is no SKU %.*s of product %.*s.",
			      STR(sku), STR(product));
}

static fault *sku_one(struct request *rq, struct reply *to)
{
	const struct catalogue_item *item;
	struct asked asked;

	TRY(enter_sku(rq, to, &asked, &item));
	return item ? partner_reply(&asked.call, 200, sku_json(&asked, item)) : NULL;
}

static fault *availability_list(struct request *rq, struct reply *to)
{
	const struct catalogue_item *item;
	struct asked asked;

	TRY(enter_sku(rq, to, &asked, &item));
	if (!item)
		return NULL;
	json_t *items = json_array();
	if (str_is_none(asked.segment) || str_eq_nocase(asked.segment, item->segment))
		json_array_append_new(items, availability_json(&asked, item));
	return partner_reply_items(&asked.call, items);
}

static fault *availability_one(struct request *rq, struct reply *to)
{
	const struct catalogue_item *item;
	struct asked asked;

	TRY(enter_sku(rq, to, &asked, &item));
	if (!item)
		return NULL;
	if (!str_eq_nocase(request_part(rq, "availability"),
			   catalogue_availability(asked.call.arena, item, asked.call.now)))
		return partner_refuse(&asked.call, 404, 400018,
				      "The SKU has no such availability (any more).");
	return partner_reply(&asked.call, 200, availability_json(&asked, item));
}

static const struct route routes[] = {
	{ GET, "/v1/products", product_list, ANYONE, BY_BEARER },
	{ GET, "/v1/products/:product", product_one, ANYONE, BY_BEARER },
	{ GET, "/v1/products/:product/skus", sku_list, ANYONE, BY_BEARER },
	{ GET, "/v1/products/:product/skus/:sku", sku_one, ANYONE, BY_BEARER },
	{ GET, "/v1/products/:product/skus/:sku/availabilities", availability_list, ANYONE,
	  BY_BEARER },
	{ GET, "/v1/products/:product/skus/:sku/availabilities/:availability", availability_one,
	  ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/products", product_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/products/:product/skus", sku_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/products/:product/skus/:sku/availabilities",
	  availability_list, ANYONE, BY_BEARER },
};

const struct route_table partner_catalogue_routes = { routes, COUNT(routes) };
