/* Whatever a vendor may answer: the first byte picks who is asked, the next its status, the rest
 * is the answer, the same for every call.  After a few calls the other side is empty, so that a
 * next page always has an end. */
#include "base/world.h"
#include "fuzz.h"
#include "microsoft/license.h"
#include "microsoft/reseller.h"
#include "microsoft/tenant.h"

struct echo {
	int status, calls;
	str body;
};

static const str tenant = { "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };

static fault *echo_send(void *of, struct arena *keep, const struct remote_call *call,
			struct remote_answer *answer)
{
	struct echo *echo = of;

	(void)keep;
	if (str_ends(call->url, S("/oauth2/v2.0/token")) && echo->status != 401)
		*answer = (struct remote_answer){
			.status = 200, .body = S("{\"expires_in\":3599,\"access_token\":\"t\"}")
		};
	else if (++echo->calls > 8)
		*answer = (struct remote_answer){ .status = 200, .body = S("{\"value\":[]}") };
	else
		*answer = (struct remote_answer){ .status = echo->status, .body = echo->body };
	return NULL;
}

static fault *ask_graph(struct microsoft_work *w, uint8_t which)
{
	struct tenant_facts facts;
	struct license_skus skus;
	struct license_subscriptions subscriptions;
	struct license_holds holds;
	bool found;
	str id;

	switch (which) {
	case 0: return tenant_find(w, S("contoso.test"), &id, &found);
	case 1: return tenant_read(w, tenant, &facts);
	case 2: return license_skus_read(w, tenant, &skus);
	case 3: return license_subscriptions_read(w, tenant, &subscriptions);
	default: return license_holds_read(w, tenant, &holds);
	}
}

static fault *ask_reseller(struct microsoft_work *w, uint8_t which)
{
	struct reseller_orders orders;
	struct reseller_offer offer;
	struct reseller_subscriptions subscriptions;
	struct reseller_order_seen order;
	bool found;

	switch (which) {
	case 5: return reseller_order_read(w, tenant, S("o1"), &order);
	case 6: return reseller_of(w, tenant, &found);
	case 7: return reseller_offer_find(w, tenant, S("P1Y"), S("monthly"), &offer, &found);
	case 8: return reseller_orders_read(w, tenant, &orders);
	default: return reseller_subscriptions_read(w, tenant, &subscriptions);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static const int statuses[] = { 200, 200, 200, 400, 401, 403, 404, 429 };
	struct echo echo = { .status = 200 };
	struct world_seeded world;

	if (len < 2)
		return 0;
	DEFER(arena_end) struct arena *a = arena_open();
	world_seeded_open(&world, 1, (instant){ .micros = INT64_C(1770112800000000) });
	echo.status = statuses[at[1] % COUNT(statuses)];
	echo.body = fuzz_input(at + 2, len - 2);
	struct microsoft_settings settings = {
		.login_url = S("https://login.test"),
		.graph_url = S("https://graph.test"),
		.partner_center_url = S("https://partner.test"),
		.billing_url = S("https://billing.test"),
		.admin_url = S("https://admin.test"),
		.partner_tenant = S("c41b9e52-0d77-4a63-8f1e-91a4d6b0e2c8"),
		.client_id = S("5a0f6a5e-3c1b-4b0e-9a43-8f6f0f6d1b77"),
		.client_secret = S("very secret"),
		.country = S("US"),
		.by = { .send = echo_send, .of = &echo },
		.world = &world.world,
		.seal_key = S("0123456789abcdef0123456789abcdef"),
	};
	struct microsoft_work work = { .arena = a };
	uint8_t which = at[0] % 10;

	HOLDS(!microsoft_open(&settings, &work.ms));
	fault *f = which < 5 ? ask_graph(&work, which) : ask_reseller(&work, which);
	HOLDS(!f || *f->said);
	microsoft_close(work.ms);
	return 0;
}
