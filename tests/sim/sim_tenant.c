#include "sim_tenant.h"
#include "base/instant.h"

/* What is on sale as it is, and what is no longer sold with what takes its place (our catalog names
 * it). */
static const struct {
	const char *id, *part_number, *becomes;
} products[] = {
	{ "f245ecc8-75af-4f8e-b61f-27d8114de5f3", "O365_BUSINESS_PREMIUM", NULL },
	{ "4b9405b0-7788-4568-add1-99614e613b69", "EXCHANGESTANDARD", NULL },
	{ "3b555118-da6a-4418-894f-7df1e2096870", "O365_BUSINESS_ESSENTIALS", NULL },
	{ "ac5cef5d-921b-4f97-9ef3-c99076e5470f", "SMB_BUSINESS_PREMIUM",
	  "f245ecc8-75af-4f8e-b61f-27d8114de5f3" },
	{ "d42c793f-6c78-4f43-92ca-e8f6a02b035f", "MCOSTANDARD",
	  "3ab6abff-666f-4424-bfb7-f0bc274ec7bc" },
};
enum { SOLD = 3, FREE_UNITS = 10000 };

/* Nobody holds two of these at once (vendor facts §2.6): each pair that may be drawn together. */
static const int pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 3, 1 }, { 4, 1 }, { 4, 0 } };

struct drawing {
	struct draw *d;
	struct arena *keep;
	struct sim_tenant *made;
	const char *name;
	instant started;
	uint64_t ids; /* of everything in it, counted up */
	bool holds[SIM_TENANT_USERS_MOST][SIM_TENANT_SKUS_MOST];
	bool through_group;
	int64_t spare[SIM_TENANT_SKUS_MOST];
};

/* A GUID that says whose it is. */
static str guid(struct drawing *g, const char *of, size_t number)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (const char *at = g->name; *at; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
	for (; *of; of++)
		hash = (hash ^ (unsigned char)*of) * UINT64_C(0x100000001b3);
	return str_format(g->keep, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(hash >> 32),
			  (unsigned)(hash >> 16 & 0xffff), (unsigned)(hash & 0xfff),
			  (unsigned)(number & 0xfff), (unsigned long long)(hash & 0xffffffffffff));
}

static void draw_skus(struct drawing *g)
{
	const int *pair = pairs[draw_below(g->d, COUNT(pairs))];
	size_t count = 1 + (size_t)draw_below(g->d, 2);

	for (size_t i = 0; i < count; i++) {
		bool retired = products[pair[i]].becomes != NULL;

		g->spare[i] = draw_below(g->d, 3);
		g->made->skus[i] = (struct sim_tenant_sku){
			.id = str_of(products[pair[i]].id),
			.part_number = str_of(products[pair[i]].part_number),
			.becomes = retired ? str_of(products[pair[i]].becomes) : STR_NONE,
			.direct = true,
		};
	}
	g->made->sku_count = count;
	if (draw_one_in(g->d, 5))
		g->made->skus[g->made->sku_count++] = (struct sim_tenant_sku){
			S("f30db892-07e9-47e9-837c-80727f46fd3d"), S("FLOW_FREE"), STR_NONE, false
		};
}

static void draw_users(struct drawing *g)
{
	g->made->user_count = 1 + (size_t)draw_below(g->d, SIM_TENANT_USERS_MOST);
	g->through_group = g->made->user_count > 1 && draw_one_in(g->d, 8);
	for (size_t u = 0; u < g->made->user_count; u++) {
		g->made->users[u] = str_format(g->keep, "user%zu@%.*s", u, STR(g->made->domain));
		for (size_t s = 0; s < g->made->sku_count; s++)
			g->holds[u][s] = draw_below(g->d, 4) != 0;
	}
	g->holds[0][0] = true;
	if (g->through_group)
		g->made->group = guid(g, "group", 0);
}

static int64_t holders(const struct drawing *g, size_t sku)
{
	int64_t count = 0;

	for (size_t u = 0; u < g->made->user_count; u++)
		count += g->holds[u][sku];
	return count;
}

static int64_t units(const struct drawing *g, size_t sku)
{
	if (!g->made->skus[sku].direct)
		return FREE_UNITS;
	return holders(g, sku) + g->spare[sku] + (holders(g, sku) + g->spare[sku] == 0);
}

static void say_organization(struct drawing *g, struct text *to)
{
	str tenant = guid(g, "tenant", 0), domain = g->made->domain;

	text_format(
		to,
		"{\"organization\":{\"value\":[{\"id\":\"%.*s\",\"displayName\":\"%s\","
		"\"tenantType\":\"AAD\",\"countryLetterCode\":\"US\",\"verifiedDomains\":[{"
		"\"name\":\"%.*s\",\"type\":\"Managed\",\"isDefault\":true,\"isInitial\":true}]}]},"
		"\"domains\":{\"value\":[{\"id\":\"%.*s\",\"authenticationType\":\"Managed\","
		"\"isDefault\":true,\"isInitial\":true,\"isVerified\":true}]}",
		STR(tenant), g->name, STR(domain), STR(domain));
}

static void say_skus(struct drawing *g, struct text *to)
{
	str tenant = guid(g, "tenant", 0);

	text_add(to, S(",\"subscribedSkus\":{\"value\":["));
	for (size_t s = 0; s < g->made->sku_count; s++)
		text_format(to,
			    "%s{\"id\":\"%.*s_%.*s\",\"accountId\":\"%.*s\",\"appliesTo\":\"User\","
			    "\"capabilityStatus\":\"Enabled\",\"consumedUnits\":%lld,\"skuId\":"
			    "\"%.*s\",\"skuPartNumber\":\"%.*s\",\"subscriptionIds\":[\"%.*s\"],"
			    "\"prepaidUnits\":{\"enabled\":%lld,\"suspended\":0,\"warning\":0,"
			    "\"lockedOut\":0},\"servicePlans\":[]}",
			    s ? "," : "", STR(tenant), STR(g->made->skus[s].id), STR(tenant),
			    (long long)holders(g, s), STR(g->made->skus[s].id),
			    STR(g->made->skus[s].part_number), STR(guid(g, "subscription", s)),
			    (long long)units(g, s));
	text_add(to, S("]}"));
}

static void say_subscriptions(struct drawing *g, struct text *to)
{
	instant made = instant_after(g->started, -DAYS(g->made->newer_account ? 3 : 200));
	instant ends = instant_after(g->started, DAYS(165));

	text_add(to, S(",\"directory/subscriptions\":{\"value\":["));
	for (size_t s = 0; s < g->made->sku_count; s++)
		text_format(
			to,
			"%s{\"id\":\"%.*s\",\"commerceSubscriptionId\":\"%.*s\","
			"\"createdDateTime\":\"%.*s\",\"isTrial\":false,"
			"\"nextLifecycleDateTime\":\"%.*s\",\"ownerId\":\"%.*s\","
			"\"ownerTenantId\":null,\"ownerType\":\"User\",\"skuId\":\"%.*s\","
			"\"skuPartNumber\":\"%.*s\",\"status\":\"Enabled\",\"totalLicenses\":%lld}",
			s ? "," : "", STR(guid(g, "subscription", s)), STR(guid(g, "commerce", s)),
			STR(instant_rfc3339(g->keep, made)), STR(instant_rfc3339(g->keep, ends)),
			STR(guid(g, "user", 0)), STR(g->made->skus[s].id),
			STR(g->made->skus[s].part_number), (long long)units(g, s));
	text_add(to, S("]}"));
}

/* Whoever holds the first SKU has it from the group, where there is one. */
static bool by_group(const struct drawing *g, size_t sku)
{
	return g->through_group && sku == 0;
}

static void say_groups(struct drawing *g, struct text *to)
{
	const char *comma = "";

	text_add(to, S(",\"groups\":{\"value\":["));
	if (g->through_group) {
		text_format(
			to,
			"{\"id\":\"%.*s\",\"displayName\":\"Everybody\",\"securityEnabled\":true,"
			"\"mailEnabled\":false,\"assignedLicenses\":[{\"skuId\":\"%.*s\","
			"\"disabledPlans\":[]}],\"members\":[",
			STR(guid(g, "group", 0)), STR(g->made->skus[0].id));
		for (size_t u = 0; u < g->made->user_count; u++)
			if (g->holds[u][0]) {
				text_format(to, "%s\"%.*s\"", comma, STR(guid(g, "user", u)));
				comma = ",";
			}
		text_add(to, S("]}"));
	}
	text_add(to, S("]}"));
}

static void say_holds(struct drawing *g, size_t user, struct text *to)
{
	const char *comma = "";

	text_add(to, S("\"assignedLicenses\":["));
	for (size_t s = 0; s < g->made->sku_count; s++)
		if (g->holds[user][s]) {
			text_format(to, "%s{\"skuId\":\"%.*s\",\"disabledPlans\":[]}", comma,
				    STR(g->made->skus[s].id));
			comma = ",";
		}
	text_add(to, S("],\"licenseAssignmentStates\":["));
	comma = "";
	for (size_t s = 0; s < g->made->sku_count; s++)
		if (g->holds[user][s]) {
			str group = by_group(g, s) ? str_format(g->keep, "\"%.*s\"",
								STR(guid(g, "group", 0)))
						   : S("null");

			text_format(to,
				    "%s{\"skuId\":\"%.*s\",\"disabledPlans\":[],"
				    "\"assignedByGroup\":%.*s,\"state\":\"Active\",\"error\":null}",
				    comma, STR(g->made->skus[s].id), STR(group));
			comma = ",";
		}
	text_add(to, S("]"));
}

static void say_users(struct drawing *g, struct text *to)
{
	text_add(to, S(",\"users\":{\"value\":["));
	for (size_t u = 0; u < g->made->user_count; u++) {
		text_format(to,
			    "%s{\"id\":\"%.*s\",\"displayName\":\"User %zu\",\"userPrincipalName\":"
			    "\"%.*s\",\"usageLocation\":\"US\",\"accountEnabled\":true,",
			    u ? "," : "", STR(guid(g, "user", u)), u, STR(g->made->users[u]));
		say_holds(g, u, to);
		text_add(to, S("}"));
	}
	text_add(to, S("]}"));
}

void sim_tenant_draw(struct draw *d, struct arena *keep, const char *name, instant started,
		     struct sim_tenant *made)
{
	struct drawing g = { .d = d, .keep = keep, .made = made, .name = name, .started = started };
	struct text json = text_open(keep);

	*made = (struct sim_tenant){ .domain = str_format(keep, "%s.onmicrosoft.com", name),
				     .group = STR_NONE,
				     .newer_account = draw_one_in(d, 4) };
	draw_skus(&g);
	draw_users(&g);
	say_organization(&g, &json);
	say_skus(&g, &json);
	say_subscriptions(&g, &json);
	say_groups(&g, &json);
	say_users(&g, &json);
	text_format(&json, ",\"billing\":{\"agreementType\":\"%s\"}}",
		    made->newer_account ? "MicrosoftCustomerAgreement"
					: "MicrosoftOnlineServicesProgram");
	made->json = text_str(&json);
}
