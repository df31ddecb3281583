/* The settings file and, behind a line of dashes, the environment: whatever stands in them is
 * understood or refused with a sentence that names the place; what is shown reads back as the same;
 * and what only `work` may know never gets out of another program's reader. */
#include <string.h>

#include "app/settings.h"
#include "fuzz.h"

enum { VARIABLES_MOST = 32 };

static void read_environment(struct arena *a, str text, const char *variables[])
{
	size_t count = 0;
	str line;

	while (count < VARIABLES_MOST && str_next(&text, '\n', &line))
		variables[count++] = str_cstr(a, line);
	variables[count] = NULL;
}

/* Each as NOVATE_KEY=shown, and nothing else. */
static void check_again(struct arena *a, const struct settings *settings)
{
	const char **variables = NEW_ARRAY(a, const char *, settings_count + 1);
	struct settings_source from = { .file = "none", .environment = variables };
	struct settings again;

	for (size_t i = 0; i < settings_count; i++)
		variables[i] = str_format(a, "NOVATE_%s=%.*s", settings_table[i].name,
					  STR(settings_shown(a, settings, &settings_table[i])))
				       .at;
	for (size_t i = 0; i < settings_count; i++)
		for (char *c = (char *)(uintptr_t)variables[i]; *c != '='; c++)
			if (*c >= 'a' && *c <= 'z')
				*c = (char)(*c - 'a' + 'A');
	HOLDS(!settings_read(a, &from, &again));
	for (size_t i = 0; i < settings_count; i++)
		HOLDS(str_eq(settings_shown(a, settings, &settings_table[i]),
			     settings_shown(a, &again, &settings_table[i])));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str text = fuzz_input(at, len);
	ptrdiff_t dashes = str_find(text, S("\n---\n"));
	const char *variables[VARIABLES_MOST + 1] = { NULL }, *strays[VARIABLES_MOST];
	struct settings_source from = { .file = "novate.conf",
					.text = text,
					.environment = variables };
	struct settings settings;

	if (dashes >= 0) {
		from.text = str_part(text, 0, (size_t)dashes);
		read_environment(a, str_part(text, (size_t)dashes + 5, len), variables);
	}
	HOLDS(settings_strays(variables, strays, VARIABLES_MOST) <= VARIABLES_MOST);
	const fault *f = settings_read(a, &from, &settings);

	if (f) {
		HOLDS(f->kind == FAULT_INPUT);
		HOLDS(strstr(f->said, "novate.conf") || strstr(f->said, "NOVATE_"));
		return 0;
	}
	HOLDS(settings.port >= 1 && settings.port <= 65535);
	HOLDS(str_is_empty(settings.microsoft_client_secret));
	HOLDS(str_is_empty(settings.mail_password));
	for (size_t i = 0; i < settings_count; i++)
		HOLDS(str_is_utf8(settings_shown(a, &settings, &settings_table[i])));
	check_again(a, &settings);
	return 0;
}
