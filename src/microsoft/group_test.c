#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/group.h"
#include "microsoft/scripted.h"

static void a_group_is_named_or_its_id_has_to_do(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET https://graph.test/v1.0/groups/g-1?$select=id,displayName", 200,
		  "{\"id\":\"g-1\",\"displayName\":\"Front desk\"}" },
		{ "GET https://graph.test/v1.0/groups/g-2", 403,
		  "{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"No.\"}}" },
		{ "GET https://graph.test/v1.0/groups/g-3", 404,
		  "{\"error\":{\"code\":\"Request_ResourceNotFound\",\"message\":\"No.\"}}" },
		{ "GET https://graph.test/v1.0/groups/g-4", 500, "" },
	};
	struct scripted s;
	str name;
	fault *f;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(group_name(&s.work, S("contoso"), S("g-1"), &name));
	assert_true(str_eq(name, S("Front desk")));
	assert_null(group_name(&s.work, S("contoso"), S("g-2"), &name));
	assert_true(str_is_none(name));
	assert_null(group_name(&s.work, S("contoso"), S("g-3"), &name));
	assert_true(str_is_none(name));
	f = group_name(&s.work, S("contoso"), S("g-4"), &name);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_REMOTE);
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_is_named_or_its_id_has_to_do),
	};

	return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
