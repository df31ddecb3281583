#include "sandbox/admin_testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct web_exchange admin_testing_post(struct identity_testing *t, str target, str form)
{
	const str before = S("name=\"form_token\" value=\"");
	struct web_exchange page = identity_testing_get(t, S("/apps"));
	ptrdiff_t at = str_find(page.answer, before);
	str rest, token;

	assert_true(at >= 0);
	rest = str_part(page.answer, (size_t)at + before.len, page.answer.len);
	assert_true(str_next(&rest, '"', &token));
	return identity_testing_post(
		t, target, str_format(t->arena, "form_token=%.*s&%.*s", STR(token), STR(form)));
}

struct web_exchange admin_testing_follow(struct identity_testing *t, struct web_exchange got)
{
	assert_int_equal(got.status, 303);
	return identity_testing_get(t, identity_testing_header(&got, "Location"));
}
