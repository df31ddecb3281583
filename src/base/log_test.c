#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/world.h"

#include <cmocka.h>

static struct world_seeded clock_still;

static FILE *caught_in;
static int kept;

/* Standard error goes into a file from here until `caught`. */
static void catch_lines(void)
{
	caught_in = tmpfile();
	assert_non_null(caught_in);
	kept = dup(STDERR_FILENO);
	(void)dup2(fileno(caught_in), STDERR_FILENO);
}

static const char *caught(void)
{
	static char seen[20000];

	(void)dup2(kept, STDERR_FILENO);
	(void)close(kept);
	rewind(caught_in);
	seen[fread(seen, 1, sizeof(seen) - 1, caught_in)] = '\0';
	(void)fclose(caught_in);
	return seen;
}

static void a_line_is_logfmt_and_carries_the_correlation_id(void **state)
{
	(void)state;
	catch_lines();
	LOG(LOG_DEBUG, "jobs", "below the level", );
	LOG(LOG_INFO, "jobs", "job done", { "kind", S("convert") }, { "none", STR_NONE },
	    { "after", S("a \"b\"\n=c\x01") });
	log_correlate(S("4f2a"));
	LOG(LOG_WARN, "web", "slow", { "empty", S("") });
	log_correlate(STR_NONE);
	assert_string_equal(caught(),
			    "at=2026-02-03T10:02:41Z level=info program=test room=jobs "
			    "event=\"job done\" kind=convert after=\"a \\\"b\\\"\\n=c?\"\n"
			    "at=2026-02-03T10:02:41Z level=warn program=test room=web "
			    "event=slow empty=\"\" cid=4f2a\n");
}

static void a_correlation_id_is_bounded(void **state)
{
	(void)state;
	log_correlate(S("0123456789012345678901234567890123456789ABC"));
	assert_true(str_eq(log_correlation(), S("0123456789012345678901234567890123456789")));
	log_correlate(STR_NONE);
}

static void a_line_is_bounded(void **state)
{
	static char value[9000];

	(void)state;
	memset(value, 'x', sizeof(value));
	catch_lines();
	LOG(LOG_INFO, "jobs", "long", { "value", { value, sizeof(value) } });

	const char *line = caught();

	assert_int_equal(strlen(line), 4096);
	assert_int_equal(line[4095], '\n');
}

static void a_chain_of_causes_is_logged_once(void **state)
{
	fault *inner = fault_code(fault_new(FAULT_REMOTE, "No answer."), S("X1"));
	fault *outer = fault_note(fault_because(inner, "The order waits."), "try later");

	(void)state;
	catch_lines();
	log_fault(LOG_ERROR, "convert", "step failed", outer);

	const char *lines = caught();

	assert_non_null(strstr(lines, "kind=remote said=\"The order waits.\" noted=\"try later\" "
				      "code=X1 where="));
	assert_non_null(strstr(lines, "said=\"No answer.\" code=X1 where="));
	assert_non_null(strstr(lines, "because=1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_logfmt_and_carries_the_correlation_id),
		cmocka_unit_test(a_correlation_id_is_bounded),
		cmocka_unit_test(a_line_is_bounded),
		cmocka_unit_test(a_chain_of_causes_is_logged_once),
	};

	world_seeded_open(&clock_still, 1, (instant){ .micros = INT64_C(1770112961000000) });
	log_open(&clock_still.world, LOG_INFO, "test");
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
