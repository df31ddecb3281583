#include "sandbox/partner_catalogue_pages.h"

#include "sandbox/catalogue.h"
#include "sandbox/graph_answer.h"
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
	if (asked->country.len == 2)
		return NULL;
	*go_on = false;
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

	while (str_next(&words, ' ', &word))
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
			 "s:{s:o}, s:o}",
			 "id", graph_text(item->sku), "productId", graph_text(item->product),
			 "title", graph_text(item->title), "description", graph_text(item->title),
			 "minimumQuantity", (json_int_t)item->least, "maximumQuantity",
			 (json_int_t)item->most, "isTrial", item->trial, "supportedBillingCycles",
			 cycles_json(item), "purchasePrerequisites", "MicrosoftCustomerAgreement",
			 "inventoryVariables", "provisioningVariables", "actions", "Refund",
			 "dynamicAttributes", dynamic, "links", "availabilities",
			 partner_link(arena, "/products/%.*s/skus/%.*s/availabilities?country=%.*s",
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
	return partner_refuse(&asked.call, 404, 400013, "There is no product %.*s.", STR(product));
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

static json_t *availability_json(const struct asked *asked, const struct catalogue_item *item)
{
	struct arena *arena = asked->call.arena;
	str made = catalogue_availability(arena, item, asked->call.now);
	str whole = str_format(arena, "%.*s:%.*s:%.*s", STR(item->product), STR(item->sku),
			       STR(made));

	return json_pack("{s:o, s:o, s:o, s:o, s:{s:s, s:s}, s:o, s:o, s:b, s:b, s:o, s:o}", "id",
			 graph_text(made), "productId", graph_text(item->product), "skuId",
			 graph_text(item->sku), "catalogItemId", graph_text(whole),
			 "defaultCurrency", "code", "USD", "symbol", "$", "segment",
			 graph_text(item->segment), "country", graph_text(asked->country),
			 "isPurchasable", item->sold && !item->withdrawn, "isRenewable",
			 !item->trial, "terms", terms_json(arena, item), "attributes",
			 partner_attributes("Availability", STR_NONE));
}

static fault *availability_list(struct request *rq, struct reply *to)
{
	str product = request_part(rq, "product"), sku = request_part(rq, "sku");
	struct asked asked;
	bool go_on;

	TRY(enter(rq, to, &asked, &go_on));
	if (!go_on)
		return NULL;
	for (size_t i = 0; i < asked.catalogue.len; i++) {
		const struct catalogue_item *item = &asked.catalogue.at[i];
		if (!item->sold || !str_eq_nocase(item->product, product) ||
		    !str_eq_nocase(item->sku, sku))
			continue;
		json_t *items = json_array();
		if (str_is_none(asked.segment) || str_eq_nocase(asked.segment, item->segment))
			json_array_append_new(items, availability_json(&asked, item));
		return partner_reply_items(&asked.call, items);
	}
	return partner_refuse(&asked.call, 404, 400018, "There is no SKU %.*s of product %.*s.",
			      STR(sku), STR(product));
}

static const struct route routes[] = {
	{ GET, "/v1/products", product_list, ANYONE, BY_BEARER },
	{ GET, "/v1/products/:product/skus", sku_list, ANYONE, BY_BEARER },
	{ GET, "/v1/products/:product/skus/:sku/availabilities", availability_list, ANYONE,
	  BY_BEARER },
	{ GET, "/v1/customers/:customer/products", product_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/products/:product/skus", sku_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/products/:product/skus/:sku/availabilities",
	  availability_list, ANYONE, BY_BEARER },
};

const struct route_table partner_catalogue_routes = { routes, COUNT(routes) };
