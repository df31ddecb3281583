#include "sandbox/identity_scope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_permission.h"

#define OWN S("https://localhost:8443")

static void scopes_are_read_as_they_are_spelled(void **state)
{
	(void)state;
	DEFER(arena_end) struct arena *keep = arena_open();
	static const struct {
		str scope;
		enum identity_scope_state want;
		enum identity_resource resource;
		str names;
		bool all;
	} rows[] = {
		{ S("https://graph.microsoft.com/.default"), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH,
		  S(""), true },
		{ S("https://graph.microsoft.com/.Default"), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH,
		  S(""), true },
		{ S("https://graph.microsoft.com//.default"), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH,
		  S(""), true },
		{ S("00000003-0000-0000-c000-000000000000/.default"), IDENTITY_SCOPE_GOOD,
		  IDENTITY_GRAPH, S(""), true },
		{ S("https://localhost:8443/.default"), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH, S(""),
		  true },
		{ S("User.Read openid profile offline_access"), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH,
		  S("User.Read"), false },
		{ S("https://api.partnercenter.microsoft.com/user_impersonation openid"),
		  IDENTITY_SCOPE_GOOD, IDENTITY_PARTNER_CENTER, S("user_impersonation"), false },
		{ S("https://api.partnercenter.microsoft.com/.default User.Read"),
		  IDENTITY_SCOPE_GOOD, IDENTITY_PARTNER_CENTER, S(""), true },
		{ S("User.Read  User.Read user.read"), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH,
		  S("User.Read"), false },
		{ S("openid"), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH, S(""), false },
		{ S(".default"), IDENTITY_SCOPE_BAD, IDENTITY_GRAPH, S(""), false },
		{ S("User<Read"), IDENTITY_SCOPE_BAD, IDENTITY_GRAPH, S(""), false },
		{ S("https://graph.microsoft.com/"), IDENTITY_SCOPE_BAD, IDENTITY_GRAPH, S(""),
		  false },
		{ S("https://elsewhere.example/.default"), IDENTITY_SCOPE_NO_RESOURCE,
		  IDENTITY_GRAPH, S(""), false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct identity_scope read = { .openid = false };
		assert_int_equal(identity_scope_read(keep, rows[i].scope, OWN, &read),
				 rows[i].want);
		if (rows[i].want != IDENTITY_SCOPE_GOOD)
			continue;
		assert_int_equal(read.resource, rows[i].resource);
		assert_true(str_eq(identity_scope_main(&read)->names, rows[i].names));
		assert_int_equal(identity_scope_main(&read)->all, rows[i].all);
	}
}

static void what_was_asked_is_given_back_word_for_word(void **state)
{
	(void)state;
	DEFER(arena_end) struct arena *keep = arena_open();
	struct identity_scope read;
	str asked = S("https://graph.microsoft.com/User.Read openid offline_access");
	assert_int_equal(identity_scope_read(keep, asked, OWN, &read), IDENTITY_SCOPE_GOOD);
	assert_true(str_eq(read.asked, asked));
	assert_true(read.openid && read.offline && !read.profile && !read.email);
}

static void consent_is_for_several_resources_and_a_token_for_the_first(void **state)
{
	(void)state;
	DEFER(arena_end) struct arena *keep = arena_open();
	struct identity_scope read;
	str asked = S("openid https://api.partnercenter.microsoft.com/user_impersonation User.Read "
		      "https://management.azure.com//.default");
	assert_int_equal(identity_scope_read(keep, asked, OWN, &read), IDENTITY_SCOPE_GOOD);
	assert_int_equal(read.resource, IDENTITY_PARTNER_CENTER);
	assert_true(str_eq(read.of[IDENTITY_GRAPH].names, S("User.Read")));
	assert_true(read.of[IDENTITY_MANAGEMENT].all);
	assert_true(str_eq(read.asked, S("openid https://api.partnercenter.microsoft.com/"
					 "user_impersonation")));
	struct identity_scope one = identity_scope_one(&read);
	assert_true(str_eq(identity_scope_main(&one)->names, S("user_impersonation")));
	assert_true(one.of[IDENTITY_GRAPH].names.len == 0 && !one.of[IDENTITY_MANAGEMENT].all);
}

static void a_resource_of_version_one_is_its_default_scope(void **state)
{
	(void)state;
	DEFER(arena_end) struct arena *keep = arena_open();
	static const struct {
		str resource, words;
		enum identity_scope_state want;
		enum identity_resource is;
		bool all;
	} rows[] = {
		{ S("https://api.partnercenter.microsoft.com"), S(""), IDENTITY_SCOPE_GOOD,
		  IDENTITY_PARTNER_CENTER, true },
		{ S("https://management.azure.com/"), S("openid"), IDENTITY_SCOPE_GOOD,
		  IDENTITY_MANAGEMENT, true },
		{ S("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"), S(""), IDENTITY_SCOPE_GOOD,
		  IDENTITY_PARTNER_CENTER, true },
		{ S("https://graph.windows.net"), S(""), IDENTITY_SCOPE_GOOD, IDENTITY_OLD_GRAPH,
		  true },
		{ S(""), S(""), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH, false },
		{ S(""), S("User.Read"), IDENTITY_SCOPE_GOOD, IDENTITY_GRAPH, false },
		{ S("https://elsewhere.example"), S(""), IDENTITY_SCOPE_NO_RESOURCE, IDENTITY_GRAPH,
		  false },
		{ S("a b"), S(""), IDENTITY_SCOPE_NO_RESOURCE, IDENTITY_GRAPH, false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct identity_scope read = { .openid = false };
		str scope = identity_scope_of_resource(keep, rows[i].resource, rows[i].words);
		assert_int_equal(identity_scope_read(keep, scope, OWN, &read), rows[i].want);
		if (rows[i].want != IDENTITY_SCOPE_GOOD)
			continue;
		assert_int_equal(read.resource, rows[i].is);
		assert_int_equal(identity_scope_main(&read)->all, rows[i].all);
		assert_true(read.openid && read.offline);
	}
}

static void words_are_compared_as_sets(void **state)
{
	(void)state;
	DEFER(arena_end) struct arena *keep = arena_open();
	assert_true(identity_scope_covers(S("User.Read User.Read.All"), S("user.read.all")));
	assert_true(identity_scope_covers(S(""), S("")));
	assert_false(identity_scope_covers(S("User.Read.All"), S("User.Read")));
	assert_true(str_eq(identity_scope_minus(keep, S("a B c"), S("b d")), S("a c")));
	assert_true(str_eq(identity_scope_join(keep, S("a b"), S("b c")), S("a b c")));
}

static void only_an_administrator_consents_for_everybody(void **state)
{
	(void)state;
	DEFER(arena_end) struct arena *keep = arena_open();
	assert_true(identity_permission_needs_admin(S("User.Read.All")));
	assert_true(identity_permission_needs_admin(S("licenseassignment.readwrite.all")));
	assert_false(identity_permission_needs_admin(S("User.Read")));
	assert_false(identity_permission_needs_admin(S("User.ReadBasic.All")));
	assert_true(identity_permission_said(keep, S("user.read")).len > 0);
	assert_true(str_find(identity_permission_said(keep, S("Mail.Read")), S("Mail.Read")) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scopes_are_read_as_they_are_spelled),
		cmocka_unit_test(what_was_asked_is_given_back_word_for_word),
		cmocka_unit_test(consent_is_for_several_resources_and_a_token_for_the_first),
		cmocka_unit_test(a_resource_of_version_one_is_its_default_scope),
		cmocka_unit_test(words_are_compared_as_sets),
		cmocka_unit_test(only_an_administrator_consents_for_everybody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
