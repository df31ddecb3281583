/* Whatever a vendor may answer to any call of ours: a fault with words, or a struct within bounds.
 * The first line is the call's letter, the second what stands in every header of every answer; each
 * line behind it is one answer, its status by its first letter.  After them the other side is
 * empty, so that a next page always has an end. */
#include "fuzz.h"

#include "base/log.h"
#include "base/world.h"
#include "microsoft/assign.h"
#include "microsoft/billing.h"
#include "microsoft/billing_access.h"
#include "microsoft/group.h"
#include "microsoft/license.h"
#include "microsoft/reseller.h"
#include "microsoft/signin.h"
#include "microsoft/tenant.h"
#include "microsoft/token.h"
#include "migrations_embedded.h"
#include "store/store.h"

static const str tenant = { "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };

struct vendor {
	str header, answers;
	bool no_token; /* sign-in is asked, too: what it answers is in the script */
	int empty;
};

/* Our tokens never leave the hosts of the settings. */
/* A host's name is the same however it is spelled (RFC 3986 §3.2.2). */
static bool is_ours(str url)
{
	static const char *const ours[] = { "https://login.test/", "https://graph.test/",
					    "https://partner.test/", "https://billing.test/" };

	for (size_t i = 0; i < COUNT(ours); i++)
		if (str_eq_nocase(str_part(url, 0, str_of(ours[i]).len), str_of(ours[i])))
			return true;
	return false;
}

static fault *vendor_send(void *of, struct arena *keep, const struct remote_call *call,
			  struct remote_answer *answer)
{
	static const int statuses[] = { 200, 201, 202, 204, 207, 400, 401, 403,
					404, 409, 412, 429, 500, 503, 0 };
	static const char *const names[] = { "Retry-After", "Location", "MS-RequestId",
					     "request-id" };
	struct vendor *v = of;
	str line;

	HOLDS(is_ours(call->url) && str_is_utf8(call->body));
	*answer = (struct remote_answer){ .status = 200, .body = S("{\"value\":[],\"items\":[]}") };
	if (str_ends(call->url, S("/oauth2/v2.0/token")) && !v->no_token) {
		answer->body = S("{\"expires_in\":3599,\"access_token\":\"t\"}");
		return NULL;
	}
	if (!str_next(&v->answers, '\n', &line) || line.len == 0) {
		HOLDS(++v->empty < 100);
		return NULL;
	}
	answer->status = statuses[(unsigned char)line.at[0] % COUNT(statuses)];
	answer->body = str_part(line, 1, line.len);
	if (answer->status == 0)
		return fault_new(FAULT_REMOTE, "No answer came.");
	answer->headers = NEW_ARRAY(keep, struct remote_header, COUNT(names));
	for (; answer->header_count < COUNT(names); answer->header_count++)
		answer->headers[answer->header_count] = (struct remote_header){
			names[answer->header_count], v->header, false
		};
	return NULL;
}

static bool fits(str s)
{
	return str_is_none(s) || (s.len < 8192 && str_is_utf8(s));
}

static fault *ask_tenant(struct microsoft_work *w)
{
	struct tenant_facts facts;
	enum tenant_access access;
	bool found;
	str id;

	TRY(tenant_find(w, S("contoso.test"), &id, &found));
	HOLDS(!found || str_is_guid(id));
	TRY(tenant_access(w, tenant, &access));
	HOLDS(access <= TENANT_PART_CONSENTED);
	TRY(tenant_read(w, tenant, &facts));
	HOLDS(fits(facts.id) && fits(facts.name) && fits(facts.country) && fits(facts.mail));
	return NULL;
}

static fault *ask_skus(struct microsoft_work *w)
{
	struct license_skus skus;

	TRY(license_skus_read(w, tenant, &skus));
	for (size_t i = 0; i < skus.len; i++) {
		HOLDS(fits(skus.at[i].sku) && fits(skus.at[i].part_number));
		HOLDS(fits(skus.at[i].plans) && fits(skus.at[i].capability));
		(void)(license_valid(&skus.at[i]) + license_expired(&skus.at[i]));
	}
	return NULL;
}

static fault *ask_directory(struct microsoft_work *w)
{
	struct license_subscriptions list;
	struct license_holds holds;
	str name;

	TRY(group_name(w, tenant, tenant, &name));
	HOLDS(fits(name));
	TRY(license_subscriptions_read(w, tenant, &list));
	for (size_t i = 0; i < list.len; i++)
		HOLDS(fits(list.at[i].id) && fits(list.at[i].status));
	TRY(license_holds_read(w, tenant, &holds));
	for (size_t i = 0; i < holds.len; i++)
		HOLDS(fits(holds.at[i].user) && fits(holds.at[i].sku) && fits(holds.at[i].group));
	TRY(license_subscription_of(w, tenant, S("s1"), &list));
	HOLDS(list.len <= 1 && (list.len == 0 || fits(list.at[0].status)));
	return NULL;
}

static fault *ask_holds(struct microsoft_work *w)
{
	struct license_holds holds;

	TRY(license_holds_read(w, tenant, &holds));
	for (size_t i = 0; i < holds.len; i++)
		HOLDS(!str_is_empty(holds.at[i].user) && fits(holds.at[i].disabled));
	HOLDS(holds.len == 0 || holds.users > 0);
	return NULL;
}

static fault *ask_assign(struct microsoft_work *w)
{
	struct assign two[2] = { { .user = S("a"), .add_count = 1 },
				 { .user = S("b"), .remove_count = 1 } };
	int64_t wait;
	bool may;

	two[0].adds[0] = (struct assign_add){ .sku = tenant, .disabled = tenant };
	two[1].removes[0] = tenant;
	TRY(assign_batch(w, tenant, two, COUNT(two), &wait));
	HOLDS(wait >= 0 && wait <= 24 * 60 * 60);
	for (size_t i = 0; i < COUNT(two); i++) {
		HOLDS(two[i].answer <= ASSIGN_OTHER && fits(two[i].code) && fits(two[i].said));
		HOLDS(two[i].answer != ASSIGN_DONE || str_is_none(two[i].said));
	}
	return assign_may(w, tenant, S("a"), &may);
}

static fault *ask_relation(struct microsoft_work *w)
{
	bool ours, is_signed;
	str url;

	TRY(reseller_of(w, tenant, &ours));
	TRY(reseller_agreement(w, tenant, &is_signed));
	TRY(reseller_invitation(w, &url));
	HOLDS(!str_is_empty(url) && fits(url));
	return NULL;
}

static fault *ask_offer(struct microsoft_work *w)
{
	struct reseller_offer offer;
	bool found;

	TRY(reseller_offer_find(w, tenant, S("P1Y"), S("monthly"), &offer, &found));
	HOLDS(!found || (!str_is_empty(offer.catalog_item) && str_eq(offer.sku, tenant)));
	return NULL;
}

static fault *ask_cart(struct microsoft_work *w)
{
	const struct reseller_line line = { S("a:b:c"), 3, S("P1Y"), S("monthly"), S("key") };
	str cart, order = STR_NONE;

	TRY(reseller_cart(w, tenant, &line, 1, &cart));
	HOLDS(!str_is_empty(cart) && fits(cart));
	fault *f = reseller_checkout(w, tenant, cart, tenant, &order);
	HOLDS(f || !str_is_empty(order));
	return f;
}

static void check_order(const struct reseller_order_seen *order)
{
	HOLDS(fits(order->id) && fits(order->status));
	for (size_t i = 0; i < order->line_count; i++)
		HOLDS(fits(order->lines[i].catalog_item) && fits(order->lines[i].note) &&
		      fits(order->lines[i].subscription));
}

static fault *ask_orders(struct microsoft_work *w)
{
	struct reseller_orders orders;
	struct reseller_order_seen order;

	TRY(reseller_orders_read(w, tenant, &orders));
	for (size_t i = 0; i < orders.len; i++)
		check_order(&orders.at[i]);
	TRY(reseller_order_read(w, tenant, S("o1"), &order));
	check_order(&order);
	return NULL;
}

static fault *ask_subscriptions(struct microsoft_work *w)
{
	struct reseller_subscriptions list;
	enum reseller_provisioning state;
	int64_t quantity;
	str sku;

	TRY(reseller_subscriptions_read(w, tenant, &list));
	for (size_t i = 0; i < list.len; i++)
		HOLDS(fits(list.at[i].id) && fits(list.at[i].status) && fits(list.at[i].etag));
	TRY(reseller_provisioning(w, tenant, S("s1"), &state, &sku, &quantity));
	HOLDS(state <= PROVISION_FAILED && fits(sku));
	return reseller_cancel(w, tenant, S("s1"));
}

/* Permission is taken back whatever came before, so that every run begins alike. */
static fault *forget(struct tx *tx, void *with)
{
	return billing_access_forget(((struct microsoft_work *)with)->ms, tx, tenant);
}

static void give_permission(struct microsoft_work *w)
{
	static const str answer = S(
		"{\"access_token\":\"a\",\"expires_in\":3599,\"refresh_token\":\"r\",\"id_token\":"
		"\"e30.eyJ0aWQiOiI3RDJGNEMxMC01YTNlLTRiMWYtOWM4Ni0yZjBiNmE1MWQzZTcifQ.eA\"}");
	const struct microsoft_settings *s = &w->ms->settings;
	const struct billing_access_code code = { .tenant = tenant, .code = S("c") };
	struct vendor *v = s->by.of, kept = *v;
	enum billing_access_end end;

	*v = (struct vendor){ .answers = str_format(w->arena, "i%.*s", STR(answer)),
			      .no_token = true };
	HOLDS(!billing_access_redeem(w, &code, &end) && end == BILLING_ACCESS_GIVEN);
	HOLDS(!token_keep_user(w, answer));
	*v = kept;
}

static fault *ask_accounts(struct microsoft_work *w)
{
	struct billing_accounts accounts;
	struct billing_subscriptions list;

	TRY(billing_accounts_read(w, tenant, &accounts));
	for (size_t i = 0; i < accounts.len; i++)
		HOLDS(!str_is_empty(accounts.at[i].name) && fits(accounts.at[i].title));
	TRY(billing_subscriptions_read(w, tenant, S("9b1f:2c40"), &list));
	for (size_t i = 0; i < list.len; i++)
		HOLDS(!str_is_empty(list.at[i].name) && fits(list.at[i].reseller));
	return NULL;
}

static fault *ask_billing_change(struct microsoft_work *w)
{
	struct billing_operation operation;

	TRY(billing_cancel(w, tenant, S("a"), S("n"), &operation));
	HOLDS(operation.look_after >= 0 && fits(operation.follow));
	if (!str_is_none(operation.follow))
		TRY(billing_operation_look(w, tenant, operation.follow, &operation));
	return billing_renewal_end(w, tenant, S("a"), S("n"), &operation);
}

/* What the sign-in answers: nothing is granted before. */
static fault *ask_signin(struct microsoft_work *w)
{
	const struct billing_access_code with = { .tenant = tenant, .code = S("c") };
	enum billing_access_end end;
	struct signin_code code;
	enum signin_state state;
	bool known;

	TRY(billing_access_redeem(w, &with, &end));
	HOLDS(end <= BILLING_ACCESS_NOT_FOR_GOOD);
	TRY(signin_begin(w, &code));
	HOLDS(!str_is_empty(code.device_code) && fits(code.user_code) && fits(code.said));
	HOLDS(code.interval > 0 && code.expires > 0);
	TRY(signin_poll(w, code.device_code, &state));
	return signin_known(w, &known);
}

static fault *ask_tokens(struct microsoft_work *w)
{
	for (int kind = TOKEN_GRAPH; kind <= TOKEN_BILLING; kind++) {
		str access;
		fault *f = token_take(w, (enum token_kind)kind, tenant, &access);

		HOLDS(f ? *f->said != '\0' : !str_is_empty(access));
	}
	return NULL;
}

static struct store *store_of_all(const struct world *world)
{
	static struct store *store;
	int applied;

	if (store)
		return store;
	HOLDS(!store_open(S(":memory:"), 1, world, &store));
	HOLDS(!store_migrate(store, &migrations_embedded, &applied));
	return store;
}

typedef fault *ask(struct microsoft_work *w);

static void ask_with(struct arena *a, ask *run, struct vendor *vendor, bool signs_in)
{
	static struct world_seeded world;
	world_seeded_open(&world, 1, (instant){ .micros = INT64_C(1770112800000000) });
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
		.by = { .send = vendor_send, .of = vendor },
		.world = &world.world,
		.store = store_of_all(&world.world),
		.seal_key = S("0123456789abcdef0123456789abcdef"),
	};
	struct microsoft_work work = { .arena = a };

	HOLDS(!microsoft_open(&settings, &work.ms));
	give_permission(&work);
	vendor->no_token = signs_in;
	if (signs_in)
		token_forget_all(work.ms);
	fault *f = run(&work);
	HOLDS(!f || (*f->said && str_is_utf8(str_of(f->said))));
	for (const struct microsoft_call_note *n = work.calls; n; n = n->next)
		HOLDS(fits(n->request_id)); /* it is kept, for the certificate */
	HOLDS(!f || (f->kind != FAULT_BUG && f->retry_after >= 0 && f->retry_after <= 86400));
	HOLDS(!store_run(settings.store, STORE_WRITE, a, "forget", forget, &work));
	microsoft_close(work.ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static ask *const calls[] = { ask_tenant,	 ask_skus,     ask_directory,
				      ask_holds,	 ask_assign,   ask_relation,
				      ask_offer,	 ask_cart,     ask_orders,
				      ask_subscriptions, ask_accounts, ask_billing_change,
				      ask_signin,	 ask_tokens };
	DEFER(arena_end) struct arena *a = arena_open();
	str rest = fuzz_input(at, len), call;
	struct vendor vendor = { 0 };

	if (!str_next(&rest, '\n', &call) || call.len != 1 ||
	    !str_next(&rest, '\n', &vendor.header))
		return 0;
	vendor.answers = rest;
	ask *run = calls[(unsigned char)(call.at[0] - 'a') % COUNT(calls)];
	log_open(world_of_system(), LOG_ERROR, "fuzz");
	ask_with(a, run, &vendor, run == ask_signin || run == ask_tokens);
	return 0;
}
