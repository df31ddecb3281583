/* Times as vendors and people write them: what is read prints, and reads back as the same. */
#include "base/instant.h"
#include "fuzz.h"

static void check_instant(struct arena *a, str text)
{
	instant at, again;

	if (!instant_from_rfc3339(text, &at))
		return;
	HOLDS(instant_from_rfc3339(instant_rfc3339(a, at), &again));
	HOLDS(at.micros == again.micros);
	HOLDS(instant_for_people(a, at).len > 0);
}

static void check_day(struct arena *a, str text)
{
	day read, again;

	if (!day_from_text(text, &read))
		return;
	HOLDS(day_from_text(day_text(a, read), &again));
	HOLDS(day_eq(read, again));
	HOLDS(day_eq(instant_day(day_start(read)), read));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();

	check_instant(a, fuzz_input(at, len));
	check_day(a, fuzz_input(at, len));
	return 0;
}
