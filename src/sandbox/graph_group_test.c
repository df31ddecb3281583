/* Groups on the wire: who is in them, what they give, and what stands in a member's way. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/sandbox_testing.h"
#include "sandbox/tenant_file.h"

#define E1    "18181a46-0d4e-45cd-891e-60aabd171b4e"
#define E3    "6fd2c87f-b296-42f0-b197-1e91e994b900"
#define AUDIO "0c266dff-15dd-4b49-8397-2bb16070ed52" /* MCOMEETADV, depends on what E1 brings */

#define ANN    "cccccccc-0000-4000-8000-000000000001"
#define BEN    "cccccccc-0000-4000-8000-000000000002"
#define CID    "cccccccc-0000-4000-8000-000000000003"
#define DOT    "cccccccc-0000-4000-8000-000000000004"
#define EVE    "cccccccc-0000-4000-8000-000000000005"
#define HARBOR "eeeeeeee-0000-4000-8000-000000000001"
#define STAFF  "dddddddd-0000-4000-8000-000000000001"
#define BOARD  "dddddddd-0000-4000-8000-000000000002"

/* Ben has no usage location, Cid one where nobody is licensed, and Eve an address of Dot's. */
static const char harbor[] =
	"{\"organization\":[{\"id\":\"" HARBOR
	"\",\"displayName\":\"Harbor Loop\",\"countryLetterCode\":\"US\","
	"\"verifiedDomains\":[{\"name\":\"harborloop.onmicrosoft.com\",\"isInitial\":true}]}],"
	"\"subscribedSkus\":["
	"{\"skuId\":\"" E1 "\",\"skuPartNumber\":\"E1\",\"prepaidUnits\":{\"enabled\":5}},"
	"{\"skuId\":\"" E3 "\",\"skuPartNumber\":\"E3\",\"prepaidUnits\":{\"enabled\":1}},"
	"{\"skuId\":\"" AUDIO "\",\"skuPartNumber\":\"AUDIO\",\"prepaidUnits\":{\"enabled\":2}}],"
	"\"groups\":[{\"id\":\"" STAFF "\",\"displayName\":\"Staff\","
	"\"members\":[{\"id\":\"" ANN "\"},\"" BEN "\",\"" CID "\",\"no user\"],\"owners\":[\"" DOT
	"\"]},"
	"{\"id\":\"" BOARD "\",\"displayName\":\"Board\",\"members\":[\"" EVE "\"]}],"
	"\"users\":["
	"{\"id\":\"" ANN
	"\",\"userPrincipalName\":\"ann@harborloop.example\",\"usageLocation\":\"US\"},"
	"{\"id\":\"" BEN "\",\"userPrincipalName\":\"ben@harborloop.example\"},"
	"{\"id\":\"" CID
	"\",\"userPrincipalName\":\"cid@harborloop.example\",\"usageLocation\":\"KP\"},"
	"{\"id\":\"" DOT
	"\",\"userPrincipalName\":\"dot@harborloop.example\",\"usageLocation\":\"US\","
	"\"proxyAddresses\":[\"SMTP:dot@harborloop.example\",\"smtp:Dock_1@harborloop.example\"],"
	"\"licenseAssignmentStates\":[{\"skuId\":\"" E1 "\",\"assignedByGroup\":\"" BOARD "\"}]},"
	"{\"id\":\"" EVE
	"\",\"userPrincipalName\":\"eve@harborloop.example\",\"usageLocation\":\"US\","
	"\"proxyAddresses\":[\"SMTP:dock_1@harborloop.example\"]}]}";

#define ADD(sku)	      "{\"skuId\":\"" sku "\",\"disabledPlans\":[]}"
#define CHANGE(adds, removes) "{\"addLicenses\":[" adds "],\"removeLicenses\":[" removes "]}"
#define LICENSED	      "?$select=assignedLicenses,licenseProcessingState,hasMembersWithLicenseErrors"

static fault *load(struct tx *tx, void *with)
{
	str tenant;

	(void)with;
	return tenant_file_load(tx, S("harbor.json"), str_of(harbor), false, &tenant);
}

static int open_harbor(void **state)
{
	int wrong = sandbox_testing_open(state);

	if (!wrong)
		sandbox_testing_do(*state, load, NULL);
	return wrong;
}

static struct sandbox_testing_answer get(struct sandbox_testing *t, const char *target)
{
	return sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, S(HARBOR)),
				   str_of(target), STR_NONE);
}

static struct sandbox_testing_answer post(struct sandbox_testing *t, const char *target,
					  const char *body)
{
	return sandbox_testing_ask(t, POST, sandbox_testing_token(t, TOKEN_GRAPH, S(HARBOR)),
				   str_of(target), str_of(body));
}

static void change_staff(struct sandbox_testing *t, const char *body)
{
	struct sandbox_testing_answer got = post(t, "/v1.0/groups/" STAFF "/assignLicense", body);

	assert_int_equal(got.status, 202);
	sandbox_testing_wait(t, SECONDS(3));
}

/* "Active" or "Error CountViolation" of what the staff's group gives; empty: nothing. */
static str state_of(struct sandbox_testing *t, const char *user, const char *sku)
{
	struct sandbox_testing_answer got = get(
		t, str_cstr(t->arena,
			    str_format(t->arena, "/v1.0/users/%s?$select=licenseAssignmentStates",
				       user)));
	const json_t *list = json_object_get(got.json, "licenseAssignmentStates"), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *error = json_string_value(json_object_get(one, "error"));
		if (!str_eq(str_of(json_string_value(json_object_get(one, "skuId"))),
			    str_of(sku)) ||
		    !str_eq(str_of(json_string_value(json_object_get(one, "assignedByGroup"))),
			    S(STAFF)))
			continue;
		return str_format(t->arena, "%s%s%s",
				  json_string_value(json_object_get(one, "state")),
				  error ? " " : "", error ? error : "");
	}
	return S("");
}

static void is(struct sandbox_testing *t, const char *user, const char *sku, const char *state)
{
	str got = state_of(t, user, sku);

	if (!str_eq(got, str_of(state)))
		fail_msg("%s has %s in state \"%.*s\", not \"%s\"", user, sku, STR(got), state);
}

static void members_get_what_their_group_gives_once_time_has_passed(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = post(t, "/v1.0/groups/" STAFF "/assignLicense",
						 CHANGE(ADD(E1), ""));
	size_t located = 0;

	assert_int_equal(got.status, 202);
	for (size_t i = 0; i < got.exchange.answer_header_count; i++)
		located += str_eq_nocase(str_of(got.exchange.answer_headers[i].key), S("Location"));
	assert_int_equal(located, 1);
	got = get(t, "/v1.0/groups/" STAFF LICENSED);
	assert_true(str_eq(sandbox_testing_text(&got, "licenseProcessingState/state"),
			   S("QueuedForProcessing")));
	is(t, ANN, E1, "");
	sandbox_testing_wait(t, SECONDS(3));
	is(t, ANN, E1, "Active");
	is(t, BEN, E1, "Active"); /* where the tenant is */
	is(t, CID, E1, "Error ProhibitedInUsageLocationViolation");
	got = get(t, "/v1.0/groups/" STAFF LICENSED);
	assert_true(str_eq(sandbox_testing_text(&got, "licenseProcessingState/state"),
			   S("ProcessingComplete")));
	assert_true(json_is_true(json_object_get(got.json, "hasMembersWithLicenseErrors")));
	assert_true(str_eq(sandbox_testing_text(&got, "assignedLicenses/0/skuId"), S(E1)));
	got = get(t, "/v1.0/groups/" STAFF "/membersWithLicenseErrors");
	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 1);
	got = get(t, "/v1.0/subscribedSkus");
	assert_int_equal(sandbox_testing_number(&got, "value/0/consumedUnits"), 3);
	change_staff(t, CHANGE("", "\"" E1 "\""));
	is(t, ANN, E1, "");
	is(t, CID, E1, "");
	got = get(t, "/v1.0/subscribedSkus");
	assert_int_equal(sandbox_testing_number(&got, "value/0/consumedUnits"), 1);
}

static void a_set_of_which_one_product_fails_gives_nothing(void **state)
{
	struct sandbox_testing *t = *state;

	/* One unit of E3 and two who may have it: the second gets none of the set. */
	change_staff(t, CHANGE(ADD(E3) "," ADD(AUDIO), ""));
	is(t, ANN, E3, "Active");
	is(t, ANN, AUDIO, "Active");
	is(t, BEN, E3, "Error CountViolation");
	is(t, BEN, AUDIO, "Error Other");
	/* The plans of E1 and E3 exclude each other. */
	change_staff(t, CHANGE(ADD(E1), "\"" AUDIO "\""));
	is(t, ANN, E3, "Active");
	is(t, ANN, E1, "Error MutuallyExclusiveViolation");
	is(t, ANN, AUDIO, "");
}

static void what_others_depend_on_stays_with_an_error(void **state)
{
	struct sandbox_testing *t = *state;

	change_staff(t, CHANGE(ADD(E1), ""));
	assert_int_equal(
		post(t, "/v1.0/users/" ANN "/assignLicense", CHANGE(ADD(AUDIO), "")).status, 200);
	change_staff(t, CHANGE("", "\"" E1 "\""));
	is(t, ANN, E1, "ActiveWithError DependencyViolation");
	is(t, BEN, E1, "");
	assert_int_equal(
		post(t, "/v1.0/users/" ANN "/assignLicense", CHANGE("", "\"" AUDIO "\"")).status,
		200);
	is(t, ANN, E1, "ActiveWithError DependencyViolation"); /* until it is asked for */
	assert_int_equal(post(t, "/v1.0/users/" ANN "/reprocessLicenseAssignment", "{}").status,
			 200);
	is(t, ANN, E1, "");
}

static void two_users_cannot_have_a_mailbox_of_one_address(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = post(t, "/v1.0/users/" EVE "/assignLicense",
						 CHANGE(ADD(E1), ""));

	assert_int_equal(got.status, 400);
	assert_true(str_find(sandbox_testing_text(&got, "error/message"),
			     S("Proxy address is already being used")) >= 0);
	assert_int_equal(post(t, "/v1.0/users/" EVE "/reprocessLicenseAssignment", "{}").status,
			 200);
	got = get(t, "/v1.0/users/" EVE "?$select=licenseAssignmentStates");
	assert_true(str_eq(sandbox_testing_text(&got, "licenseAssignmentStates/0/error"),
			   S("UniquenessViolation")));
	/* What brings no mailbox is not asked about it. */
	assert_int_equal(
		post(t, "/v1.0/users/" DOT "/assignLicense", CHANGE(ADD(AUDIO), "")).status, 200);
}

static void a_group_is_asked_to_give_only_what_the_tenant_has(void **state)
{
	static const struct {
		const char *body, *says;
	} rows[] = {
		{ "{}", "required" },
		{ CHANGE(ADD(TESTING_STANDARD), ""), "is not valid" },
		{ CHANGE("", "\"" E1 "\""), "does not have a corresponding license" },
		{ CHANGE("{\"skuId\":\"" E1 "\",\"disabledPlans\":[\"" E3 "\"]}", ""),
		  "does not belong" },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = post(t, "/v1.0/groups/" STAFF "/assignLicense",
							 rows[i].body);
		assert_int_equal(got.status, 400);
		assert_true(str_find(sandbox_testing_text(&got, "error/message"),
				     str_of(rows[i].says)) >= 0);
	}
}

static void groups_are_listed_with_members_and_owners(void **state)
{
	static const struct {
		const char *target;
		size_t items;
		const char *name; /* of the first */
	} rows[] = {
		{ "/v1.0/groups", 2, "Staff" },
		{ "/v1.0/groups?$top=1", 1, "Staff" },
		{ "/v1.0/groups?$top=1&$skiptoken=p1", 1, "Board" },
		{ "/v1.0/groups?$filter=assignedLicenses/any(l:l/skuId%20eq%20" E1 ")", 1,
		  "Board" },
		{ "/v1.0/groups?$filter=hasMembersWithLicenseErrors%20eq%20true", 0, NULL },
		{ "/v1.0/groups/" STAFF "/members", 3, "ann@harborloop.example" },
		{ "/v1.0/groups/" STAFF "/members?$top=2", 2, "ann@harborloop.example" },
		{ "/v1.0/groups/" BOARD "/members", 2, "dot@harborloop.example" },
		{ "/v1.0/groups/" STAFF "/owners", 1, "dot@harborloop.example" },
		/* nobody is named, so it is the administrator */
		{ "/v1.0/groups/" BOARD "/owners", 1, "ann@harborloop.example" },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = get(t, rows[i].target);
		assert_int_equal(got.status, 200);
		assert_int_equal(json_array_size(json_object_get(got.json, "value")),
				 rows[i].items);
		if (rows[i].name)
			assert_true(str_eq(sandbox_testing_text(&got, "value/0/displayName"),
					   str_of(rows[i].name)));
	}
	assert_non_null(json_object_get(get(t, "/v1.0/groups?$top=1").json, "@odata.nextLink"));
	assert_null(json_object_get(get(t, "/v1.0/groups?$top=2").json, "@odata.nextLink"));
	assert_int_equal(get(t, "/v1.0/groups/" ANN).status, 404);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_harbor, sandbox_testing_close)
		WITH(members_get_what_their_group_gives_once_time_has_passed),
		WITH(a_set_of_which_one_product_fails_gives_nothing),
		WITH(what_others_depend_on_stays_with_an_error),
		WITH(two_users_cannot_have_a_mailbox_of_one_address),
		WITH(a_group_is_asked_to_give_only_what_the_tenant_has),
		WITH(groups_are_listed_with_members_and_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
