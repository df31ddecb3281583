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
	HOLDS(instant_from_rfc3339(day_text(a, instant_day(at)), &again));
	HOLDS(again.micros <= at.micros && at.micros - again.micros < DAYS(1));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();

	check_instant(a, fuzz_input(at, len));
	return 0;
}
