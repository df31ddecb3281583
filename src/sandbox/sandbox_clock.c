#include "sandbox/sandbox_clock.h"

#include "sandbox_clock_sql.h"

#define FASTEST	 100000
#define FARTHEST DAYS(3660)

static fault *clock_read(struct tx *tx, struct sandbox_clock_row *clock, instant *now)
{
	bool found;

	TRY(sandbox_clock_row(tx, clock, &found));
	if (!found)
		*clock = (struct sandbox_clock_row){ tx_now(tx), tx_now(tx), 1 };
	int64_t passed = instant_since(tx_now(tx), clock->since);
	*now = instant_after(clock->base, passed > 0 ? passed * clock->speed : 0);
	return NULL;
}

fault *sandbox_clock_now(struct tx *tx, instant *now)
{
	struct sandbox_clock_row clock;

	return clock_read(tx, &clock, now);
}

fault *sandbox_clock_move(struct tx *tx, int64_t micros)
{
	struct sandbox_clock_row clock;
	instant now;

	if (micros < 0)
		return fault_new(FAULT_INPUT, "The clock only moves forward.");
	if (micros > FARTHEST)
		return fault_new(FAULT_INPUT, "The clock moves ten years at a time at most.");
	TRY(clock_read(tx, &clock, &now));
	return sandbox_clock_put(tx, tx_now(tx), instant_after(now, micros), clock.speed);
}

fault *sandbox_clock_speed(struct tx *tx, int64_t speed)
{
	struct sandbox_clock_row clock;
	instant now;

	if (speed < 1 || speed > FASTEST)
		return fault_new(FAULT_INPUT, "The clock's speed is 1 to %d.", FASTEST);
	TRY(clock_read(tx, &clock, &now));
	return sandbox_clock_put(tx, tx_now(tx), now, speed);
}

static const struct {
	const char *word;
	int64_t micros;
} units[] = { { "ms", 1000 },
	      { "s", SECONDS(1) },
	      { "m", MINUTES(1) },
	      { "h", HOURS(1) },
	      { "d", DAYS(1) } };

bool sandbox_clock_duration(str text, int64_t *micros)
{
	size_t digits = 0;
	int64_t count;

	if (text.len > 0 && text.at[0] == '+')
		text = str_part(text, 1, text.len);
	while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9')
		digits++;
	if (!str_to_int64(str_part(text, 0, digits), &count))
		return false;
	str unit = str_part(text, digits, text.len);
	for (size_t i = 0; i < COUNT(units); i++)
		if (str_eq(unit, str_of(units[i].word)))
			return !__builtin_mul_overflow(count, units[i].micros, micros);
	return false;
}
