/* A partner's contracts and delegated admin relationships, from the first word to the last. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "delegation_sql.h"
#include "sandbox/delegation.h"
#include "sandbox/sandbox_testing.h"

#define FRONT_DESK	"/v1.0/users/front.desk@" TESTING_WORKSHOP
#define COLLEAGUE	"front.desk@" TESTING_WORKSHOP
#define ADMINISTRATOR	"tobias.wren@" TESTING_WORKSHOP
#define NOTHING		"{\"addLicenses\":[],\"removeLicenses\":[]}"
#define ROOT		"/v1.0/tenantRelationships/delegatedAdminRelationships"
#define AGENTS		"0d6f5b1c-84b7-4a53-9a0e-5c7d1f6e2b94" /* a group of the partner's tenant */
#define AGENT		"6a015b66-5e4a-429c-9be7-df00cba497dd" /* who is in it */
#define LICENSE_ADMIN	"4d6ac14f-3453-41d0-bef9-a3e0c569773a"
#define USER_ADMIN	"fe930be7-5e62-47db-91af-98c3a49a38b1"
#define GLOBAL_ADMIN	"62e90394-69f5-4237-9190-012177145e10"
#define ROLE(role)	"\"accessDetails\":{\"unifiedRoles\":[{\"roleDefinitionId\":\"" role "\"}]}"
#define ASK(name, rest) "{\"displayName\":\"" name "\"," rest "}"
#define DURATION	"\"duration\":\"P730D\""
#define GROUP(container)                                                \
	"\"accessContainer\":{\"accessContainerId\":\"" container "\"," \
	"\"accessContainerType\":\"securityGroup\"}"

static struct sandbox_testing_answer ask(struct sandbox_testing *t, enum method method, str target,
					 const char *body)
{
	return sandbox_testing_ask(t, method, sandbox_testing_token(t, TOKEN_GRAPH, t->partner),
				   target, str_of(body));
}

static fault *advise(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;

	TRY(delegation_advise(tx, t->partner, t->workshop));
	return delegation_advise(tx, t->partner, t->bakery);
}

static void a_contract_says_whether_the_partner_sells_or_advises(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = ask(t, GET, S("/v1.0/contracts"), NULL);

	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 0);
	sandbox_testing_do(t, advise, t);
	sandbox_testing_accept(t, t->bakery);
	got = ask(t, GET, S("/v1.0/contracts"), NULL);
	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 2);
	for (size_t i = 0; i < 2; i++) {
		const json_t *one = json_array_get(json_object_get(got.json, "value"), i);
		bool bakery = str_eq(str_of(json_string_value(json_object_get(one, "customerId"))),
				     t->bakery);
		assert_string_equal(json_string_value(json_object_get(one, "contractType")),
				    bakery ? "ResellerPartner" : "BreadthPartner");
	}
}

static void what_a_relationship_asks_for_is_checked(void **state)
{
	static const struct {
		const char *body;
		int status;
	} rows[] = {
		{ "{}", 400 },
		{ ASK("", DURATION "," ROLE(LICENSE_ADMIN)), 400 },
		{ ASK("fifty-one characters are one more than may be in it",
		      DURATION "," ROLE(LICENSE_ADMIN)),
		  400 },
		{ ASK("One", ROLE(LICENSE_ADMIN)), 400 },
		{ ASK("One", "\"duration\":\"P3Y\"," ROLE(LICENSE_ADMIN)), 400 },
		{ ASK("One", "\"duration\":\"P0D\"," ROLE(LICENSE_ADMIN)), 400 },
		{ ASK("One", DURATION), 400 },
		{ ASK("One", DURATION "," ROLE("License Administrator")), 400 },
		{ ASK("One", DURATION ",\"autoExtendDuration\":\"P1D\"," ROLE(LICENSE_ADMIN)),
		  400 },
		{ ASK("One", DURATION ",\"autoExtendDuration\":\"P180D\"," ROLE(GLOBAL_ADMIN)),
		  400 },
		{ ASK("One",
		      DURATION ",\"customer\":{\"tenantId\":\"nobody\"}," ROLE(LICENSE_ADMIN)),
		  400 },
		{ ASK("One", DURATION "," ROLE(LICENSE_ADMIN)), 201 },
		{ ASK("one", DURATION "," ROLE(LICENSE_ADMIN)), 400 }, /* unique */
		{ ASK("Two", "\"duration\":\"P2Y\"," ROLE(GLOBAL_ADMIN)), 201 },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = ask(t, POST, S(ROOT), rows[i].body);
		if (got.status != rows[i].status)
			fail_msg("%s: %d", rows[i].body, got.status);
	}
	struct sandbox_testing_answer got = ask(t, GET, S(ROOT), NULL);
	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 2);
	/* Whoever is no partner has none. */
	got = sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
				  S(ROOT), STR_NONE);
	assert_int_equal(got.status, 403);
}

static str status_of(struct sandbox_testing *t, str one)
{
	struct sandbox_testing_answer got = ask(t, GET, one, NULL);

	assert_int_equal(got.status, 200);
	return str_copy(t->arena, sandbox_testing_text(&got, "status"));
}

static str create(struct sandbox_testing *t, const char *body)
{
	struct sandbox_testing_answer got = ask(t, POST, S(ROOT), body);

	assert_int_equal(got.status, 201);
	assert_true(str_eq(sandbox_testing_text(&got, "status"), S("created")));
	return str_format(t->arena, ROOT "/%.*s", STR(sandbox_testing_text(&got, "id")));
}

static fault *approve(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;
	int64_t count;

	TRY(delegation_approve(tx, t->workshop, &count));
	assert_int_equal(count, 1);
	return NULL;
}

struct granting {
	struct sandbox_testing *t;
	bool license_admin, user_admin;
};

static fault *look(struct tx *tx, void *with)
{
	struct granting *g = with;

	TRY(delegation_grants(tx, g->t->workshop, S(AGENT), S(LICENSE_ADMIN), &g->license_admin));
	return delegation_grants(tx, g->t->workshop, S(AGENT), S(USER_ADMIN), &g->user_admin);
}

/* In the workshop's tenant, with every permission. */
static int as_person(struct sandbox_testing *t, const char *name, enum method method,
		     const char *target, const char *body)
{
	t->person = str_of(name);
	return sandbox_testing_ask(t, method,
				   sandbox_testing_token(t, TOKEN_GRAPH_USER, t->workshop),
				   str_of(target), str_of(body))
		.status;
}

static void a_persons_token_is_worth_what_the_person_may_do(void **state)
{
	static const struct {
		const char *person;
		enum method method;
		const char *target, *body;
		int status;
	} rows[] = {
		{ ADMINISTRATOR, GET, "/v1.0/users", NULL, 200 },
		{ ADMINISTRATOR, POST, FRONT_DESK "/assignLicense", NOTHING, 200 },
		{ ADMINISTRATOR, GET, "/v1.0/directory/subscriptions", NULL, 200 },
		{ COLLEAGUE, GET, "/v1.0/users", NULL, 200 },
		{ COLLEAGUE, POST, FRONT_DESK "/assignLicense", NOTHING, 403 },
		{ COLLEAGUE, GET, "/v1.0/directory/subscriptions", NULL, 403 },
		{ AGENT, GET, "/v1.0/users", NULL, 403 }, /* of another tenant, without a role */
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			as_person(t, rows[i].person, rows[i].method, rows[i].target, rows[i].body),
			rows[i].status);
}

static void a_relationship_is_sent_approved_active_and_gives_roles(void **state)
{
	struct sandbox_testing *t = *state;
	struct granting granting = { .t = t };
	str one = create(t, ASK("Cedar", DURATION "," ROLE(LICENSE_ADMIN)));
	str requests = str_format(t->arena, "%.*s/requests", STR(one)),
	    given = str_format(t->arena, "%.*s/accessAssignments", STR(one));

	assert_int_equal(ask(t, POST, given, "{" GROUP(AGENTS) "," ROLE(LICENSE_ADMIN) "}").status,
			 400); /* not active */
	assert_int_equal(ask(t, POST, requests, "{\"action\":\"approve\"}").status, 400);
	assert_int_equal(ask(t, POST, requests, "{\"action\":\"lockForApproval\"}").status, 201);
	assert_true(str_eq(status_of(t, one), S("approvalPending")));
	assert_int_equal(ask(t, POST, requests, "{\"action\":\"lockForApproval\"}").status, 400);
	sandbox_testing_do(t, approve, t);
	assert_true(str_eq(status_of(t, one), S("approved")));
	sandbox_testing_wait(t, SECONDS(3));
	assert_true(str_eq(status_of(t, one), S("activating")));
	sandbox_testing_wait(t, SECONDS(3));
	assert_true(str_eq(status_of(t, one), S("active")));
	assert_int_equal(ask(t, POST, given, "{" GROUP(AGENTS) "," ROLE(USER_ADMIN) "}").status,
			 400); /* a role it does not have */
	assert_int_equal(
		ask(t, POST, given, "{" GROUP(LICENSE_ADMIN) "," ROLE(LICENSE_ADMIN) "}").status,
		400); /* no group */
	assert_int_equal(ask(t, POST, given, "{" GROUP(AGENTS) "," ROLE(LICENSE_ADMIN) "}").status,
			 201);
	sandbox_testing_do(t, look, &granting);
	assert_true(granting.license_admin);
	assert_false(granting.user_admin);
	assert_int_equal(as_person(t, AGENT, GET, FRONT_DESK, NULL), 200);
	assert_int_equal(as_person(t, AGENT, POST, FRONT_DESK "/assignLicense", NOTHING), 200);
	assert_int_equal(ask(t, POST, requests, "{\"action\":\"terminate\"}").status, 201);
	sandbox_testing_wait(t, SECONDS(3));
	assert_true(str_eq(status_of(t, one), S("terminated")));
	sandbox_testing_do(t, look, &granting);
	assert_false(granting.license_admin);
	assert_int_equal(as_person(t, AGENT, GET, FRONT_DESK, NULL), 403);
}

static fault *usual(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;

	return delegation_usual(tx, t->partner, t->workshop, S("Cedar Bend Workshop"));
}

static void the_usual_roles_are_there_at_once(void **state)
{
	struct sandbox_testing *t = *state;
	struct granting granting = { .t = t };

	sandbox_testing_do(t, usual, t);
	sandbox_testing_do(t, look, &granting);
	assert_true(granting.license_admin);
	assert_true(granting.user_admin);
	sandbox_testing_wait(t, DAYS(731));
	(void)ask(t, GET, S(ROOT), NULL);
	sandbox_testing_do(t, look, &granting);
	assert_false(granting.license_admin);
}

static void changing_needs_the_version_that_was_read(void **state)
{
	struct sandbox_testing *t = *state;
	str one = create(t, ASK("Cedar", DURATION "," ROLE(LICENSE_ADMIN)));
	struct sandbox_testing_answer got = ask(t, GET, one, NULL);
	str etag = str_copy(t->arena, sandbox_testing_text(&got, "@odata.etag"));

	assert_int_equal(ask(t, PATCH, one, "{\"displayName\":\"Bend\"}").status, 412);
	sandbox_testing_header(t, "If-Match", etag);
	got = ask(t, PATCH, one, "{\"displayName\":\"Bend\"}");
	assert_int_equal(got.status, 200);
	assert_true(str_eq(sandbox_testing_text(&got, "displayName"), S("Bend")));
	str newer = str_copy(t->arena, sandbox_testing_text(&got, "@odata.etag"));
	sandbox_testing_header(t, "If-Match", etag);
	assert_int_equal(ask(t, DELETE, one, NULL).status, 412);
	sandbox_testing_header(t, "If-Match", newer);
	assert_int_equal(ask(t, DELETE, one, NULL).status, 204);
	assert_int_equal(ask(t, GET, one, NULL).status, 404);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(a_contract_says_whether_the_partner_sells_or_advises),
		WITH(what_a_relationship_asks_for_is_checked),
		WITH(a_persons_token_is_worth_what_the_person_may_do),
		WITH(a_relationship_is_sent_approved_active_and_gives_roles),
		WITH(the_usual_roles_are_there_at_once),
		WITH(changing_needs_the_version_that_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
