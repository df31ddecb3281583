#include "sandbox/identity_testing.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "admin_assets.h"
#include "remote/remote.h"
#include "sandbox/admin_door.h"
#include "sandbox/identity.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_registration.h"
#include "sandbox/identity_userinfo.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/signin.h"
#include "sandbox/tenant_file.h"
#include "sandbox_migrations.h"

#define USER(id, name, upn, enabled)                                                        \
	"{\"id\":\"" id "\",\"displayName\":\"" name "\",\"userPrincipalName\":\"" upn      \
	"\",\"accountEnabled\":" enabled ",\"usageLocation\":\"US\",\"assignedLicenses\":[" \
	"],\"licenseAssignmentStates\":[]}"
#define SUBSCRIPTION(id, units, owner)                                                      \
	"{\"id\":\"" id "\",\"commerceSubscriptionId\":\"" id "\",\"skuId\":\"" TESTING_SKU \
	"\",\"skuPartNumber\":\"O365_BUSINESS_PREMIUM\",\"status\":\"Enabled\","            \
	"\"totalLicenses\":" units                                                          \
	",\"isTrial\":false,\"createdDateTime\":\"2025-03-04T09:00:00Z\","                  \
	"\"nextLifecycleDateTime\":\"2026-03-04T09:00:00Z\",\"ownerId\":null,"              \
	"\"ownerTenantId\":" owner ",\"ownerType\":\"User\",\"serviceStatus\":[]}"
#define TENANT(id, name, domain, list_users, skus, subscriptions, groups)                  \
	"{\"organization\":{\"value\":[{\"id\":\"" id "\",\"displayName\":\"" name         \
	"\",\"tenantType\":\"AAD\",\"countryLetterCode\":\"US\",\"verifiedDomains\":[{"    \
	"\"name\":\"" domain "\",\"isDefault\":true,\"isInitial\":true}]}]},"              \
	"\"domains\":{\"value\":[{\"id\":\"" domain "\",\"isDefault\":true,\"isInitial\":" \
	"true,\"isVerified\":true}]},\"subscribedSkus\":{\"value\":[" skus "]},"           \
	"\"directory/subscriptions\":{\"value\":[" subscriptions                           \
	"]},\"groups\":{\"value\":[" groups "]},\"users\":{\"value\":[" list_users         \
	"]},\"billing\":{\"agreementType\":"                                               \
	"\"MicrosoftOnlineServicesProgram\"}}"

static const str customer = S(TENANT(
	TESTING_CUSTOMER, "Larkspur Joinery", "larkspur.example",
	USER("e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c24", "Ida Moreau", TESTING_ADMIN, "true") "," USER(
		"e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c25", "Bill Payer", TESTING_BILLING,
		"true") "," USER("e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c26", "Noor Ek", TESTING_USER,
				 "true") "," USER("e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c27",
						  "Gone Away", TESTING_BLOCKED, "false"),
	"{\"skuId\":\"" TESTING_SKU "\",\"skuPartNumber\":\"O365_BUSINESS_PREMIUM\","
	"\"appliesTo\":\"User\",\"consumedUnits\":0,\"prepaidUnits\":{\"enabled\":12,"
	"\"suspended\":0,\"warning\":0,\"lockedOut\":0},\"servicePlans\":[]}",
	SUBSCRIPTION("71fd6f14-e86b-439f-aa59-133a5547dc7a", "12", "null"), ""));

static const str seller = S(TENANT(
	TESTING_PARTNER, "Pinefell Cloud", "pinefell.example",
	USER("6a015b66-5e4a-429c-9be7-df00cba497dd", "Rowan Pinefell", TESTING_SELLER, "true"), "",
	"",
	"{\"id\":\"" TESTING_AGENTS "\",\"displayName\":\"AdminAgents\",\"members\":["
	"\"6a015b66-5e4a-429c-9be7-df00cba497dd\"]}"));

static fault *register_applications(struct tx *tx)
{
	const struct identity_application made[] = {
		{ .client_id = S(TESTING_APP),
		  .name = S("Novate"),
		  .tenant = S(TESTING_PARTNER),
		  .secret = S(TESTING_SECRET),
		  .redirects = S("http://localhost\nhttps://novate.example/back?x=1") },
		{ .client_id = S(TESTING_PUBLIC),
		  .name = S("Desk tool"),
		  .tenant = S(TESTING_PARTNER),
		  .public_client = true,
		  .redirects = S("http://localhost") },
	};
	for (size_t i = 0; i < COUNT(made); i++)
		TRY(identity_registration_add(tx, &made[i]));
	TRY(identity_registration_permit(
		tx, S(TESTING_APP), IDENTITY_GRAPH, IDENTITY_ROLE,
		S("LicenseAssignment.Read.All Organization.Read.All User.Read.All")));
	return identity_registration_permit(tx, S(TESTING_APP), IDENTITY_PARTNER_CENTER,
					    IDENTITY_SCOPE, S("user_impersonation"));
}

static fault *fill(struct tx *tx, void *with)
{
	struct tenant_state_user user;
	str tenant;
	bool found;

	(void)with;
	TRY(sandbox_setting_put(tx, S("base_url"), S(TESTING_URL)));
	TRY(tenant_file_load(tx, S("seller"), seller, true, &tenant));
	TRY(tenant_file_load(tx, S("customer"), customer, false, &tenant));
	TRY(tenant_state_user(tx, S(TESTING_ADMIN), &user, &found));
	TRY(tenant_state_give_role(tx, user.id, S("Global Administrator")));
	TRY(tenant_state_user(tx, S(TESTING_BILLING), &user, &found));
	TRY(tenant_state_give_role(tx, user.id, S("Billing Administrator")));
	return register_applications(tx);
}

static const struct route_table *tables(size_t *count)
{
	static struct route_table all[24];
	const struct route_table from[] = {
		signin_routes,		 identity_discovery_routes, identity_authorize_routes,
		identity_consent_routes, identity_device_routes,    identity_grant_routes,
		identity_logout_routes,	 identity_userinfo_routes,  admin_account_routes,
		admin_billing_routes,	 admin_cancel_routes,	    admin_delegations_routes,
		admin_groups_routes,	 admin_invitation_routes,   admin_products_routes,
		admin_quantity_routes,	 admin_settings_routes,	    admin_users_routes,
	};
	for (size_t i = 0; i < COUNT(from); i++)
		all[i] = from[i];
	*count = COUNT(from);
	return all;
}

int identity_testing_open(void **state)
{
	static struct identity_testing t;
	instant at;
	int applied;

	t = (struct identity_testing){ .arena = arena_open() };
	(void)instant_from_rfc3339(S("2026-02-03T09:14:22Z"), &at);
	world_seeded_open(&t.world, 7, at);
	fault *f = store_open(S(":memory:"), 1, &t.world.world, &t.store);
	if (!f)
		f = store_migrate(t.store, &sandbox_migrations, &applied);
	if (!f)
		f = store_run(t.store, STORE_WRITE, t.arena, "fill", fill, NULL);
	if (f) {
		fprintf(stderr, "%s\n", f->said);
		return -1;
	}
	t.settings = (struct web_settings){ .public_url = S(TESTING_URL),
					    .signing_key = S("0123456789abcdef0123456789abcdef"),
					    .store = t.store,
					    .world = &t.world.world,
					    .fault_page = identity_fault_page,
					    .assets = &admin_assets };
	t.settings.tables = tables(&t.settings.table_count);
	*state = &t;
	return 0;
}

int identity_testing_close(void **state)
{
	struct identity_testing *t = *state;
	store_close(t->store);
	arena_close(t->arena);
	return 0;
}

/* Keeps what the answer set; a later cookie of the same name takes the earlier one's place. */
static void keep_cookie(struct identity_testing *t, str line)
{
	str name, value;
	(void)str_next(&line, '=', &name);
	(void)str_next(&line, ';', &value);
	const char *key = str_cstr(t->arena, name);
	size_t i = 0;
	while (i < t->cookie_count && !str_eq(str_of(t->cookies[i].key), name))
		i++;
	if (i == COUNT(t->cookies))
		return;
	t->cookies[i] = (struct log_pair){ key, str_copy(t->arena, value) };
	if (i == t->cookie_count)
		t->cookie_count++;
}

static str cookie_header(struct identity_testing *t)
{
	struct text out = text_open(t->arena);
	for (size_t i = 0; i < t->cookie_count; i++)
		if (t->cookies[i].value.len)
			text_format(&out, "%s%s=%.*s", out.len ? "; " : "", t->cookies[i].key,
				    STR(t->cookies[i].value));
	return text_str(&out);
}

static struct web_exchange run(struct identity_testing *t, struct web_exchange x)
{
	struct log_pair headers[8];
	size_t count = 0;
	headers[count++] = (struct log_pair){ "Host", S("localhost:8443") };
	headers[count++] = (struct log_pair){ "Cookie", cookie_header(t) };
	if (x.method == POST)
		headers[count++] = (struct log_pair){ "Content-Type",
						      S("application/x-www-form-urlencoded") };
	for (size_t i = 0; i < t->extra_count; i++)
		headers[count++] = t->extra[i];
	t->extra_count = 0;
	x.headers = headers;
	x.header_count = count;
	fault *f = web_exchange(&t->settings, t->arena, &x);
	if (f)
		fail_msg("%s", f->said);
	for (size_t i = 0; i < x.answer_header_count; i++)
		if (str_eq_nocase(str_of(x.answer_headers[i].key), S("Set-Cookie")))
			keep_cookie(t, x.answer_headers[i].value);
	return x;
}

struct web_exchange identity_testing_get(struct identity_testing *t, str target)
{
	return run(t, (struct web_exchange){ .method = GET, .target = target });
}

struct web_exchange identity_testing_post(struct identity_testing *t, str target, str form)
{
	return run(t, (struct web_exchange){ .method = POST, .target = target, .body = form });
}

/* What stands between `before` and the next quote, with &amp; undone. */
static str quoted_after(struct identity_testing *t, str page, str before)
{
	ptrdiff_t at = str_find(page, before);
	str rest = at < 0 ? S("") : str_part(page, (size_t)at + before.len, page.len), value, piece;
	struct text plain = text_open(t->arena);
	if (!str_next(&rest, '"', &value))
		return S("");
	while ((at = str_find(value, S("&amp;"))) >= 0) {
		piece = str_part(value, 0, (size_t)at + 1);
		text_add(&plain, piece);
		value = str_part(value, (size_t)at + 5, value.len);
	}
	text_add(&plain, value);
	return text_str(&plain);
}

struct web_exchange identity_testing_submit(struct identity_testing *t,
					    const struct web_exchange *page, str form)
{
	ptrdiff_t at = str_find(page->answer, S("<main"));
	str main_part = str_part(page->answer, at < 0 ? 0 : (size_t)at, page->answer.len);
	str target = quoted_after(t, main_part, S("method=\"post\" action=\""));
	str token = quoted_after(t, main_part, S("name=\"form_token\" value=\""));
	if (target.len == 0)
		fail_msg("no form on this page (%d):\n%.*s", page->status, STR(page->answer));
	return identity_testing_post(
		t, target, str_format(t->arena, "form_token=%.*s&%.*s", STR(token), STR(form)));
}

str identity_testing_header(const struct web_exchange *got, const char *name)
{
	for (size_t i = 0; i < got->answer_header_count; i++)
		if (str_eq_nocase(str_of(got->answer_headers[i].key), str_of(name)))
			return got->answer_headers[i].value;
	return S("");
}

str identity_testing_member(struct identity_testing *t, const struct web_exchange *got,
			    const char *name)
{
	DEFER(identity_json_end)
	json_t *says = json_loadb(got->answer.at, got->answer.len, 0, NULL);
	const json_t *member = json_object_get(says, name);
	if (json_is_integer(member))
		return str_format(t->arena, "%lld", (long long)json_integer_value(member));
	return identity_json_get(t->arena, says, name);
}

str identity_testing_value(struct identity_testing *t, str address, const char *name)
{
	str mark = str_format(t->arena, "%s=", name), rest = address, one;
	for (size_t i = 0; i < address.len; i++) {
		bool begins = i == 0 || address.at[i - 1] == '?' || address.at[i - 1] == '&' ||
			      address.at[i - 1] == '#';
		rest = str_part(address, i, address.len);
		if (!begins || !str_starts(rest, mark))
			continue;
		rest = str_part(rest, mark.len, rest.len);
		return str_next(&rest, '&', &one) ? one : S("");
	}
	return S("");
}

bool identity_testing_says(const struct web_exchange *got, const char *text)
{
	return str_find(got->answer, str_of(text)) >= 0;
}

struct asked {
	str user;
	str password;
};

static fault *read_password(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct tenant_state_user user;
	bool found;
	TRY(tenant_state_user(tx, asked->user, &user, &found));
	asked->password = found ? user.password : S("");
	return NULL;
}

void identity_testing_password(struct identity_testing *t, str user, str *password)
{
	struct asked asked = { .user = user };
	assert_null(store_run(t->store, STORE_READ, t->arena, "password", read_password, &asked));
	*password = asked.password;
}

void identity_testing_sign_in(struct identity_testing *t, const char *user)
{
	str password;
	identity_testing_password(t, str_of(user), &password);
	struct web_exchange page = identity_testing_get(t, S("/signin?go=/apps"));
	str form = str_format(t->arena, "username=%s&password=%.*s", user, STR(password));
	page = identity_testing_submit(t, &page, form);
	assert_int_equal(page.status, 303);
}

void identity_testing_forget(struct identity_testing *t)
{
	t->cookie_count = 0;
}

static fault *consent(struct tx *tx, void *with)
{
	struct identity_application application;
	bool found;
	(void)with;
	TRY(identity_application_find(tx, S(TESTING_APP), &application, &found));
	return identity_application_consent_all(tx, &application, S(TESTING_CUSTOMER));
}

void identity_testing_consent(struct identity_testing *t)
{
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "consent", consent, NULL));
}
