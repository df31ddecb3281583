#include "sandbox/license_rule.h"

#include <jansson.h>

#include "sandbox/identity_json.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_pool.h"

enum family { NO_FAMILY, EXCHANGE, SHAREPOINT, SKYPE, CALLING, YAMMER, INTUNE };

/* A set of plans is a number with a bit for each. */
typedef uint64_t plan_set;
enum { EXCHANGE_PLAN_1, EXCHANGE_PLAN_2, SKYPE_PLAN, TEAMS_PLAN };

static const struct plan {
	const char *plan, *name;
	enum family family;
} plans[] = {
	[EXCHANGE_PLAN_1] = { "9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD",
			      EXCHANGE },
	[EXCHANGE_PLAN_2] = { "efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE",
			      EXCHANGE },
	[SKYPE_PLAN] = { "0feaeb32-d00e-4d66-bd5a-43b5b83db82c", "MCOSTANDARD", SKYPE },
	[TEAMS_PLAN] = { "57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1", NO_FAMILY },
	{ "90927877-dcff-4af6-b346-2332c0b15bb7", "EXCHANGE_B_STANDARD", EXCHANGE },
	{ "d42bdbd6-c335-4231-ab3d-c8f348d5aff5", "EXCHANGE_L_STANDARD", EXCHANGE },
	{ "da040e0a-b393-4bea-bb76-928b3fa1cf5a", "EXCHANGE_S_ARCHIVE", EXCHANGE },
	{ "4a82b400-a79f-41a4-b4e2-e94f5787b113", "EXCHANGE_S_DESKLESS", EXCHANGE },
	{ "1126bef5-da20-4f07-b45e-ad25d2581aa8", "EXCHANGE_S_ESSENTIALS", EXCHANGE },
	{ "fc52cc4b-ed7d-472d-bbe7-b081c23ecc56", "EXCHANGE_S_STANDARD_MIDMARKET", EXCHANGE },
	{ "afcafa6a-d966-4462-918c-ec0b4e0fe642", "ONEDRIVEENTERPRISE", SHAREPOINT },
	{ "a361d6e2-509e-4e25-a8ad-950060064ef4", "SHAREPOINT_S_DEVELOPER", SHAREPOINT },
	{ "902b47e5-dcb2-4fdc-858b-c63a90a2bdb9", "SHAREPOINTDESKLESS", SHAREPOINT },
	{ "5dbe027f-2339-4123-9542-606e4d348a72", "SHAREPOINTENTERPRISE", SHAREPOINT },
	{ "63038b2c-28d0-45f6-bc36-33062963b498", "SHAREPOINTENTERPRISE_EDU", SHAREPOINT },
	{ "6b5b6a67-fc72-4a1f-a2b5-beecf05de761", "SHAREPOINTENTERPRISE_MIDMARKET", SHAREPOINT },
	{ "a1f3d0a8-84c0-4ae0-bae4-685917b8ab48", "SHAREPOINTLITE", SHAREPOINT },
	{ "c7699d2e-19aa-44de-8edf-1736da088ca1", "SHAREPOINTSTANDARD", SHAREPOINT },
	{ "0a4983bb-d3e5-4a09-95d8-b2d0127b3df5", "SHAREPOINTSTANDARD_EDU", SHAREPOINT },
	{ "afc06cb0-b4f4-4473-8286-d644f70d8faf", "MCOIMP", SKYPE },
	{ "b2669e95-76ef-4e7e-a367-002f60a39f3e", "MCOSTANDARD_MIDMARKET", SKYPE },
	{ "70710b6b-3ab4-4a38-9f6d-9f169461650a", "MCOLITE", SKYPE },
	{ "4ed3ff63-69d7-4fb7-b984-5aec7f605ca8", "MCOPSTN1", CALLING },
	{ "5a10155d-f5c1-411a-a8ec-e99aae125390", "MCOPSTN2", CALLING },
	{ "54a152dc-90de-4996-93d2-bc47e670fc06", "MCOPSTN5", CALLING },
	{ "7547a3fe-08ee-4ccb-b430-5077c5041653", "YAMMER_ENTERPRISE", YAMMER },
	{ "2078e8df-cff6-4290-98cb-5408261a760a", "YAMMER_EDU", YAMMER },
	{ "41bf139a-4e60-409f-9346-a1361efc6dfb", "YAMMER_MIDSIZE", YAMMER },
	{ "c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "INTUNE_A", INTUNE },
	{ "3e170737-c728-4eae-bbb9-3f3360f7184c", "INTUNE_A_VL", INTUNE },
	{ "2dc63b8a-df3d-448f-b683-8655877c9360", "INTUNE_B", INTUNE },
	{ "f477b0f0-3bb1-4890-940c-40fcee6ce05f", "WORKPLACE_ANALYTICS", NO_FAMILY },
	{ "3e26ee1f-8a5f-4d52-aee2-b81ce45c8f40", "MCOMEETADV", NO_FAMILY },
};
static_assert(COUNT(plans) <= 64, "a set of plans has 64 bits");

#define BIT(plan) ((plan_set)1 << (plan))

/* One of `any` must be there for `plan` to work. */
static const struct {
	const char *plan;
	plan_set any;
} prerequisites[] = {
	{ "WORKPLACE_ANALYTICS", BIT(EXCHANGE_PLAN_1) | BIT(EXCHANGE_PLAN_2) },
	{ "MCOMEETADV", BIT(SKYPE_PLAN) | BIT(TEAMS_PLAN) },
};

static bool holds_word(const json_t *list, const char *member, str word)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const json_t *text = member ? json_object_get(one, member) : one;
		if (str_eq_nocase(str_of(json_string_value(text)), word))
			return true;
	}
	return false;
}

static plan_set plans_of_hold(const struct license_pool *pool, const struct license_hold *hold)
{
	DEFER(identity_json_end)
	json_t *all = json_loadb(pool->service_plans.at, pool->service_plans.len, 0, NULL);
	DEFER(identity_json_end)
	json_t *off = json_loadb(hold->disabled_plans.at, hold->disabled_plans.len, 0, NULL);
	plan_set set = 0;

	for (size_t i = 0; i < COUNT(plans); i++) {
		str plan = str_of(plans[i].plan);
		if (holds_word(all, "servicePlanId", plan) && !holds_word(off, NULL, plan))
			set |= BIT(i);
	}
	return set;
}

static plan_set plans_of(const struct license_pools *pools, const struct license_holds *holds)
{
	plan_set set = 0;

	for (size_t h = 0; h < holds->len; h++)
		for (size_t p = 0; p < pools->len; p++)
			if (str_eq(pools->at[p].sku, holds->at[h].sku) &&
			    !str_eq(holds->at[h].state, S("Error")))
				set |= plans_of_hold(&pools->at[p], &holds->at[h]);
	return set;
}

static bool exclude(size_t a, size_t b)
{
	return plans[a].family != NO_FAMILY && plans[a].family == plans[b].family &&
	       !(a == EXCHANGE_PLAN_1 && b == EXCHANGE_PLAN_2);
}

static struct license_rule_verdict clash(struct arena *keep, plan_set before, plan_set after)
{
	for (size_t a = 0; a < COUNT(plans); a++)
		for (size_t b = a + 1; b < COUNT(plans); b++) {
			plan_set both = BIT(a) | BIT(b);
			if (exclude(a, b) && (after & both) == both && (before & both) != both)
				return (struct license_rule_verdict){
					"MutuallyExclusiveViolation",
					str_format(keep,
						   "License assignment failed because service "
						   "plans %s, %s are mutually exclusive.",
						   plans[a].name, plans[b].name),
				};
		}
	return (struct license_rule_verdict){ NULL, STR_NONE };
}

static str names_of(struct arena *keep, plan_set set)
{
	struct text names = text_open(keep);

	for (size_t i = 0; i < COUNT(plans); i++)
		if (set & BIT(i))
			text_format(&names, "%s%s", names.len ? ", " : "", plans[i].name);
	return text_str(&names);
}

static struct license_rule_verdict unmet(struct arena *keep, plan_set before, plan_set after)
{
	for (size_t i = 0; i < COUNT(plans); i++)
		for (size_t r = 0; r < COUNT(prerequisites); r++) {
			plan_set any = prerequisites[r].any;
			if (!str_eq(str_of(plans[i].name), str_of(prerequisites[r].plan)) ||
			    !(after & BIT(i)) || (after & any) ||
			    ((before & BIT(i)) && !(before & any)))
				continue;
			return (struct license_rule_verdict){
				"DependencyViolation",
				str_format(keep,
					   "License assignment failed because service plan %s "
					   "depends on the service plan(s) %.*s.",
					   plans[i].name, STR(names_of(keep, any))),
			};
		}
	return (struct license_rule_verdict){ NULL, STR_NONE };
}

struct license_rule_verdict license_rule_change(struct arena *keep,
						const struct license_pools *pools,
						const struct license_holds *before,
						const struct license_holds *after)
{
	plan_set had = plans_of(pools, before), has = plans_of(pools, after);
	struct license_rule_verdict verdict = clash(keep, had, has);

	return verdict.error ? verdict : unmet(keep, had, has);
}

static unsigned families_of(plan_set set)
{
	unsigned families = 0;

	for (size_t i = 0; i < COUNT(plans); i++)
		if ((set & BIT(i)) && plans[i].family != NO_FAMILY)
			families |= 1U << plans[i].family;
	return families;
}

bool license_rule_lessens(const struct license_pools *pools, const struct license_holds *before,
			  const struct license_holds *after)
{
	return families_of(plans_of(pools, before)) & ~families_of(plans_of(pools, after));
}

bool license_rule_brings_mailbox(const struct license_pools *pools,
				 const struct license_holds *before,
				 const struct license_holds *after)
{
	const unsigned mailbox = 1U << EXCHANGE;

	return !(families_of(plans_of(pools, before)) & mailbox) &&
	       (families_of(plans_of(pools, after)) & mailbox);
}

str license_rule_foreign_plan(struct arena *keep, str service_plans, str disabled_plans)
{
	DEFER(identity_json_end)
	json_t *all = json_loadb(service_plans.at, service_plans.len, 0, NULL);
	DEFER(identity_json_end)
	json_t *off = json_loadb(disabled_plans.at, disabled_plans.len, 0, NULL);

	for (size_t i = 0; i < json_array_size(off); i++) {
		const json_t *plan = json_array_get(off, i);
		if (!json_is_string(plan))
			return S("(no text)");
		if (!holds_word(all, "servicePlanId", str_of(json_string_value(plan))))
			return str_copy(keep, str_of(json_string_value(plan)));
	}
	return STR_NONE;
}

static bool listed(const char *list, str code)
{
	str rest = str_of(list), one;

	while (str_next(&rest, ' ', &one))
		if (code.len == 2 && str_eq(one, code))
			return true;
	return false;
}

bool license_rule_is_location(str code)
{
	return listed("AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ "
		      "BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR "
		      "CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR "
		      "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU "
		      "ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ "
		      "LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
		      "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF "
		      "PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI "
		      "SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR "
		      "TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW",
		      code);
}

bool license_rule_is_prohibited(str code)
{
	return listed("CU IR KP SD SY", code);
}
