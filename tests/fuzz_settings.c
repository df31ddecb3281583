/* The settings file: whatever stands in it is understood or refused with a sentence that names
 * the line, and what only `work` may know never gets out of another program's reader. */
#include <string.h>

#include "app/settings.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	struct settings_source from = { .file = "novate.conf", .text = fuzz_input(at, len) };
	struct settings settings;
	const fault *f = settings_read(a, &from, &settings);

	if (f) {
		HOLDS(f->kind == FAULT_INPUT && strstr(f->said, "novate.conf"));
		return 0;
	}
	HOLDS(settings.port >= 1 && settings.port <= 65535);
	HOLDS(str_is_empty(settings.microsoft_client_secret));
	HOLDS(str_is_empty(settings.mail_password));
	for (size_t i = 0; i < settings_count; i++)
		HOLDS(str_is_utf8(settings_shown(a, &settings, &settings_table[i])));
	return 0;
}
