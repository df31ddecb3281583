#include "sandbox/sandbox_testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sandbox/catalogue.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_mint.h"
#include "sandbox/identity_registration.h"
#include "sandbox/identity_token.h"
#include "sandbox/relationship.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_fault.h"
#include "sandbox/sandbox_seed.h"
#include "sandbox/sandbox_serve.h"
#include "sandbox/tenant_state.h"
#include "sandbox_migrations.h"

static struct request_log_door first_door, second_door;
static json_t *last;

static fault *fill(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;
	struct tenant_states all;

	TRY(sandbox_seed(tx));
	TRY(sandbox_seed_tenants(tx));
	TRY(tenant_state_all(tx, &all));
	for (size_t i = 0; i < all.len; i++) {
		str made = str_copy(t->arena, all.at[i].id);
		if (all.at[i].partner)
			t->partner = made;
		else if (str_eq(all.at[i].initial_domain, S(TESTING_BAKERY)))
			t->bakery = made;
		else
			t->workshop = made;
	}
	return NULL;
}

void sandbox_testing_do(struct sandbox_testing *t, store_body *body, void *with)
{
	fault *f = store_run(t->store, STORE_WRITE, t->arena, "test", body, with);

	if (f)
		fail_msg("%s", f->said);
}

static struct web_settings settings_of(struct sandbox_testing *t, bool partner_center)
{
	struct request_log_door *at = partner_center ? &second_door : &first_door;
	struct web_settings made = {
		.public_url = S("https://localhost:8443"),
		.signing_key = S("0123456789abcdef0123456789abcdef"),
		.store = t->store,
		.world = &t->world.world,
		.context = at,
		.fault_page = sandbox_fault,
		.fault_page_json = true,
		.seen = request_log_seen,
	};

	*at = (struct request_log_door){ t->store, partner_center };
	sandbox_serve_routes(&made, partner_center);
	return made;
}

int sandbox_testing_open(void **state)
{
	static struct sandbox_testing t;
	instant at;
	int applied;

	t = (struct sandbox_testing){ .arena = arena_open() };
	(void)instant_from_rfc3339(S("2026-11-22T08:00:00Z"), &at);
	world_seeded_open(&t.world, 11, at);
	fault *f = store_open(S(":memory:"), 1, &t.world.world, &t.store);
	if (!f)
		f = store_migrate(t.store, &sandbox_migrations, &applied);
	if (!f)
		f = store_run(t.store, STORE_WRITE, t.arena, "fill", fill, &t);
	if (f) {
		fprintf(stderr, "%s\n", f->said);
		return -1;
	}
	t.first = settings_of(&t, false);
	t.partner_center = settings_of(&t, true);
	*state = &t;
	return 0;
}

int sandbox_testing_close(void **state)
{
	struct sandbox_testing *t = *state;

	json_decref(last);
	last = NULL;
	store_close(t->store);
	arena_close(t->arena);
	return 0;
}

struct minting {
	struct sandbox_testing *t;
	enum sandbox_testing_token kind;
	str tenant, token;
};

static fault *mint(struct tx *tx, void *with)
{
	struct minting *minting = with;
	DEFER(identity_key_end) struct identity_key *key = NULL;
	struct identity_applications applications;
	struct tenant_state tenant;
	struct tenant_state_user user;
	bool found, person = minting->kind == TOKEN_GRAPH_USER;
	bool graph = minting->kind == TOKEN_GRAPH || person;

	TRY(identity_token_key(tx, &key));
	TRY(identity_registration_all(tx, &applications));
	TRY(tenant_state_find(tx, minting->tenant, &tenant, &found));
	TRY(tenant_state_user(tx, person ? minting->t->person : tenant.administrator, &user,
			      &found));
	const struct identity_mint made = {
		.key = key,
		.base_url = S("https://localhost:8443"),
		.tenant = &tenant,
		.application = &applications.at[0],
		.resource = graph ? IDENTITY_GRAPH : IDENTITY_PARTNER_CENTER,
		.lasts = IDENTITY_ACCESS_LASTS,
		.permissions = graph ? S("LicenseAssignment.ReadWrite.All Organization.Read.All "
					 "User.ReadWrite.All Domain.Read.All Group.Read.All "
					 "Directory.Read.All "
					 "DelegatedAdminRelationship.ReadWrite.All "
					 "CrossTenantInformation.ReadBasic.All")
				     : S("user_impersonation"),
		.user = minting->kind == TOKEN_GRAPH || minting->kind == TOKEN_PARTNER ? NULL
										       : &user,
		.mfa = minting->kind == TOKEN_PARTNER_MFA,
	};
	return identity_mint_access(tx, &made, &minting->token);
}

str sandbox_testing_token(struct sandbox_testing *t, enum sandbox_testing_token kind, str tenant)
{
	struct minting minting = { t, kind, tenant, STR_NONE };

	sandbox_testing_do(t, mint, &minting);
	return str_copy(t->arena, minting.token);
}

void sandbox_testing_header(struct sandbox_testing *t, const char *name, str value)
{
	t->headers[t->header_count++] = (struct log_pair){ name, value };
}

struct sandbox_testing_answer sandbox_testing_ask(struct sandbox_testing *t, enum method method,
						  str token, str target, str body)
{
	bool second = str_starts(target, S("/v1/")) || str_starts(target, S("/webhooks/"));
	const struct web_settings *asked = second ? &t->partner_center : &t->first;
	struct web_exchange x = { .method = method, .target = target, .body = body };

	sandbox_testing_header(t, "Authorization", str_format(t->arena, "Bearer %.*s", STR(token)));
	if (!str_is_none(body))
		sandbox_testing_header(t, "Content-Type", S("application/json"));
	x.headers = t->headers;
	x.header_count = t->header_count;
	fault *f = web_exchange(asked, t->arena, &x);
	if (f)
		fail_msg("%s", f->said);
	t->header_count = 0;
	str answer = x.answer;
	if (str_starts(answer, S("\xEF\xBB\xBF")))
		answer = str_part(answer, 3, answer.len);
	json_decref(last);
	last = json_loadb(answer.at ? answer.at : "", answer.len, JSON_DECODE_ANY, NULL);
	return (struct sandbox_testing_answer){ x.status, last, x };
}

static const json_t *find(const struct sandbox_testing_answer *answer, const char *path)
{
	const json_t *at = answer->json;
	str rest = str_of(path), step;
	int64_t index;

	while (at && str_next(&rest, '/', &step)) {
		if (str_to_int64(step, &index) && json_is_array(at))
			at = json_array_get(at, (size_t)index);
		else
			at = json_object_getn(at, step.at, step.len);
	}
	if (!at)
		fail_msg("no %s in the answer (%d): %.*s", path, answer->status,
			 STR(answer->exchange.answer));
	return at;
}

int64_t sandbox_testing_number(const struct sandbox_testing_answer *answer, const char *path)
{
	return json_integer_value(find(answer, path));
}

str sandbox_testing_text(const struct sandbox_testing_answer *answer, const char *path)
{
	return str_of(json_string_value(find(answer, path)));
}

static fault *accept(struct tx *tx, void *with)
{
	const str *customer = with;
	struct tenant_states all;

	TRY(tenant_state_all(tx, &all));
	TRY(relationship_accept(tx, all.at[0].id, *customer, STR_NONE));
	return relationship_sign_agreement(tx, *customer);
}

void sandbox_testing_accept(struct sandbox_testing *t, str customer)
{
	sandbox_testing_do(t, accept, &customer);
}

static fault *move(struct tx *tx, void *with)
{
	return sandbox_clock_move(tx, *(const int64_t *)with);
}

void sandbox_testing_wait(struct sandbox_testing *t, int64_t micros)
{
	sandbox_testing_do(t, move, &micros);
}

str sandbox_testing_buy(struct sandbox_testing *t, str customer, int64_t quantity)
{
	str token = sandbox_testing_token(t, TOKEN_PARTNER, t->partner);
	struct sandbox_testing_answer got = sandbox_testing_ask(
		t, GET, token, S("/v1/products/CFQ7TTC0LDPB/skus/0001/availabilities?country=US"),
		STR_NONE);
	str item = str_copy(t->arena, sandbox_testing_text(&got, "items/0/catalogItemId"));

	got = sandbox_testing_ask(
		t, POST, token, str_format(t->arena, "/v1/customers/%.*s/carts", STR(customer)),
		str_format(t->arena,
			   "{\"lineItems\":[{\"id\":0,\"catalogItemId\":\"%.*s\",\"quantity\":%lld,"
			   "\"billingCycle\":\"monthly\",\"termDuration\":\"P1Y\"}]}",
			   STR(item), (long long)quantity));
	assert_int_equal(got.status, 201);
	str cart = str_copy(t->arena, sandbox_testing_text(&got, "id"));
	got = sandbox_testing_ask(t, POST, token,
				  str_format(t->arena, "/v1/customers/%.*s/carts/%.*s/checkout",
					     STR(customer), STR(cart)),
				  S(""));
	assert_int_equal(got.status, 201);
	return str_copy(t->arena,
			sandbox_testing_text(&got, "orders/0/lineItems/0/subscriptionId"));
}
