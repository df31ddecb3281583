#include "app/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static fault *read_text(struct arena *arena, const char *text, const char *variable,
			struct settings *settings)
{
	const char *const environment[] = { "HOME=/root", variable, NULL };
	const struct settings_source from = {
		.file = "novate.conf",
		.text = str_of(text),
		.environment = environment,
		.with_secrets = true,
	};

	return settings_read(arena, &from, settings);
}

static void nothing_said_means_the_presets(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct settings settings;
	(void)state;

	assert_null(read_text(arena, "", NULL, &settings));
	assert_int_equal(settings.port, 8080);
	assert_true(str_eq(settings.listen, S("127.0.0.1")));
	assert_true(str_eq(settings.public_url, S("http://localhost:8080")));
	assert_true(str_eq(settings.microsoft_graph_url, S("https://graph.microsoft.com")));
	assert_int_equal(settings.database.len, 0);
}

static void the_file_is_read_and_the_environment_wins(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct settings settings;
	(void)state;

	assert_null(read_text(arena,
			      "# a note\r\nport = 9000\r\nbehind_proxy = yes\n\n  listen=0.0.0.0\n"
			      "microsoft_client_secret = a ;b = #c\xc2\xa0\n",
			      "NOVATE_PORT=9001", &settings));
	assert_int_equal(settings.port, 9001);
	assert_true(settings.behind_proxy);
	assert_true(str_eq(settings.listen, S("0.0.0.0")));
	assert_true(str_eq(settings.microsoft_client_secret, S("a ;b = #c")));
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
	static const struct {
		const char *text, *variable, *says;
	} cases[] = {
		{ "port = 0", NULL,
		  "novate.conf, line 1: port must be a whole number from 1 to 65535" },
		{ "\nport = 80 80", NULL, "novate.conf, line 2: port must be" },
		{ "# x\n\npotr = 80", NULL, "novate.conf, line 3: there is no setting \"potr\"." },
		{ "port = 80\nport = 81", NULL, "novate.conf, line 2: port is set twice." },
		{ "[web]\nport = 80", NULL,
		  "novate.conf, line 2: there are no sections; remove [web]" },
		{ "port = 80\nnonsense\n", NULL, "novate.conf, line 2 is not of the form" },
		{ "public_url = novate.example", NULL, "public_url must be an address like" },
		{ "public_url = https://novate.example/", NULL, "without a slash at its end" },
		{ "public_url = https://a b", NULL, "public_url must be" },
		{ "behind_proxy = maybe", NULL, "behind_proxy must be yes or no" },
		{ "currency = dollars", NULL, "currency must be a currency of ISO 4217" },
		{ "microsoft_country = Germany", NULL, "must be two capital letters" },
		{ "mail_from = \xff", NULL, "novate.conf, line 1: mail_from is not UTF-8 text." },
		{ "public_url = https://\x9a.test", NULL, "public_url is not UTF-8 text." },
		{ "", "NOVATE_PORT=http",
		  "Environment variable NOVATE_PORT: port must be a whole number" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		DEFER(arena_end) struct arena *arena = arena_open();
		struct settings settings = { .port = 7 };
		fault *f = read_text(arena, cases[i].text, cases[i].variable, &settings);

		if (!f || f->kind != FAULT_INPUT || !strstr(f->said, cases[i].says))
			fail_msg("case %zu: %s", i, f ? f->said : "accepted");
		assert_int_equal(settings.port, 7);
	}
}

static void a_line_that_is_too_long_is_refused(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct settings settings;
	char text[8000];
	(void)state;

	memset(text, 'x', sizeof text);
	memcpy(text, "database = ", 11);
	text[3000] = '\0';
	assert_null(read_text(arena, text, NULL, &settings));
	assert_int_equal(settings.database.len, 3000 - 11);
	text[3000] = 'x';
	text[sizeof text - 1] = '\0';
	fault *f = read_text(arena, text, NULL, &settings);
	assert_non_null(f);
	assert_non_null(strstr(f->said, "novate.conf, line 1 is longer than"));
}

static void secrets_are_for_work_and_never_shown(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	const struct settings_source from = {
		.file = "novate.conf",
		.text = S("microsoft_client_secret = hush\nmail_password = hush\nport = 81\n"),
	};
	struct settings settings;
	(void)state;

	assert_null(settings_read(arena, &from, &settings));
	assert_int_equal(settings.port, 81);
	for (size_t i = 0; i < settings_count; i++)
		if (settings_table[i].secret)
			assert_int_equal(settings_shown(arena, &settings, &settings_table[i]).len,
					 0);

	assert_null(read_text(arena, "mail_password = hush", NULL, &settings));
	for (size_t i = 0; i < settings_count; i++)
		assert_true(str_find(settings_shown(arena, &settings, &settings_table[i]),
				     S("hush")) < 0);
}

static void a_misspelt_variable_is_a_stray(void **state)
{
	static const char *const environment[] = { "NOVATE_POTR=80", "NOVATE_PORT=80",
						   "NOVATE_TEST_POSTGRES=x", "PATH=/bin", NULL };
	const char *names[4];
	(void)state;

	assert_int_equal(settings_strays(environment, names, 4), 1);
	assert_string_equal(names[0], "NOVATE_POTR=80");
}

static void every_row_of_the_table_can_stand_for_itself(void **state)
{
	(void)state;

	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *s = &settings_table[i];

		assert_true(strlen(s->about) > 10);
		assert_true(s->kind != SETTING_NUMBER || s->least < s->most);
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(settings_table[j].name, s->name);
			assert_true(settings_table[j].at != s->at);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_means_the_presets),
		cmocka_unit_test(the_file_is_read_and_the_environment_wins),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(a_line_that_is_too_long_is_refused),
		cmocka_unit_test(secrets_are_for_work_and_never_shown),
		cmocka_unit_test(a_misspelt_variable_is_a_stray),
		cmocka_unit_test(every_row_of_the_table_can_stand_for_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
