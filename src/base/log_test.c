#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/world.h"

static struct world_seeded clock_still;

/* Standard error goes into a file while one line is written. */
static void caught(char *into, size_t room, void (*write_lines)(void))
{
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO);

	assert_non_null(file);
	(void)dup2(fileno(file), STDERR_FILENO);
	write_lines();
	(void)dup2(kept, STDERR_FILENO);
	(void)close(kept);
	rewind(file);
	into[fread(into, 1, room - 1, file)] = '\0';
	(void)fclose(file);
}

static void plain_line(void)
{
	LOG(LOG_INFO, "jobs", "job done", { "kind", S("convert") }, { "none", STR_NONE },
	    { "after", S("a \"b\"\n=c\x01") });
}

static void a_line_is_logfmt(void **state)
{
	char line[2000];

	(void)state;
	log_correlate(STR_NONE);
	caught(line, sizeof(line), plain_line);
	assert_string_equal(line, "at=2026-02-03T10:02:41Z level=info program=test room=jobs "
				  "event=\"job done\" kind=convert "
				  "after=\"a \\\"b\\\"\\n=c?\"\n");
}

static void quiet_line(void)
{
	LOG(LOG_DEBUG, "jobs", "nothing to see", );
}

static void lines_below_the_level_are_not_written(void **state)
{
	char line[200];

	(void)state;
	caught(line, sizeof(line), quiet_line);
	assert_string_equal(line, "");
}

static void the_correlation_id_travels(void **state)
{
	char line[2000];

	(void)state;
	log_correlate(S("4f2a"));
	assert_true(str_eq(log_correlation(), S("4f2a")));
	caught(line, sizeof(line), plain_line);
	assert_non_null(strstr(line, " cid=4f2a\n"));
	log_correlate(S("0123456789012345678901234567890123456789ABC"));
	assert_int_equal(log_correlation().len, 40);
	log_correlate(STR_NONE);
}

static void long_line(void)
{
	static char value[9000];

	memset(value, 'x', sizeof(value));
	LOG(LOG_INFO, "jobs", "long", { "value", { value, sizeof(value) } });
}

static void a_line_is_bounded(void **state)
{
	static char line[20000];

	(void)state;
	caught(line, sizeof(line), long_line);
	assert_int_equal(strlen(line), 4096);
	assert_int_equal(line[4095], '\n');
}

static void two_faults(void)
{
	fault *inner = fault_code(fault_new(FAULT_REMOTE, "No answer."), S("X1"));

	log_fault(LOG_ERROR, "convert", "step failed",
		  fault_note(fault_because(inner, "The order waits."), "try later"));
}

static void a_chain_of_causes_is_logged_once(void **state)
{
	char lines[4000];

	(void)state;
	caught(lines, sizeof(lines), two_faults);
	assert_non_null(strstr(lines, "kind=remote said=\"The order waits.\" noted=\"try later\" "
				      "code=X1 where="));
	assert_non_null(strstr(lines, "said=\"No answer.\" code=X1 where="));
	assert_non_null(strstr(lines, "because=1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_logfmt),
		cmocka_unit_test(lines_below_the_level_are_not_written),
		cmocka_unit_test(the_correlation_id_travels),
		cmocka_unit_test(a_line_is_bounded),
		cmocka_unit_test(a_chain_of_causes_is_logged_once),
	};

	world_seeded_open(&clock_still, 1, (instant){ .micros = INT64_C(1770112961000000) });
	log_open(&clock_still.world, LOG_INFO, "test");
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
