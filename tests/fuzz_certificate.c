/* A certificate's file from anybody: it is judged or refused in a sentence, and what differs from
 * another is named. */
#include "convert/certificate_check.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	struct certificate_check made;
	str body = fuzz_input(at, len);
	bool all = true;

	(void)certificate_check_differ(a, body, S("{\"plan\":[]}"));
	HOLDS(certificate_check_differ(a, body, body).len == 0);
	if (certificate_check(a, body, &made))
		return 0;
	HOLDS(made.sha256.len == 64 && made.users >= 0 && made.accepted >= 0);
	for (size_t i = 0; i < CERTIFICATE_CHECK_COUNT; i++)
		all = all && str_is_none(made.differs[i]);
	HOLDS(all == made.sound);
	return 0;
}
