/* What strangers post to us as an event of Partner Center's: "headers, a line each, then the body".
 */
#include "fuzz.h"

#include "microsoft/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str rest = fuzz_input(at, len), lines[4] = { STR_NONE, STR_NONE, STR_NONE, STR_NONE };
	struct event_sent sent;
	struct event event;

	for (size_t i = 0; i < COUNT(lines); i++)
		if (!str_next(&rest, '\n', &lines[i]) || str_is_empty(lines[i]))
			lines[i] = STR_NONE;
	const struct event_headers headers = { lines[0], lines[1], lines[2], lines[3] };
	if (event_sent_read(a, &headers, rest, &sent)) {
		HOLDS(str_eq(sent.body, rest) && sent.body.len > 0);
		HOLDS(sent.signature.len > 0 && sent.signature.len < 1024);
		HOLDS(sent.certificate_url.len > 0 && sent.certificate_url.len <= EVENT_URL_MOST);
	}
	if (event_read(a, rest, &event)) {
		HOLDS(event.name.len > 0);
		HOLDS(str_is_none(event.tenant) || str_is_guid(event.tenant));
		HOLDS(str_eq(event.tenant, str_lower(a, event.tenant)));
	}
	return 0;
}
