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

fault *sandbox_clock_speed_now(struct tx *tx, int64_t *speed)
{
	struct sandbox_clock_row clock;
	instant now;

	TRY(clock_read(tx, &clock, &now));
	*speed = clock.speed;
	return NULL;
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

static int8_t days_in(int32_t year, int32_t month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

instant sandbox_clock_months(instant at, int months)
{
	day on = instant_day(at);
	int64_t into = instant_since(at, day_start(on));
	int32_t count = on.year * 12 + on.month - 1 + months;

	on.year = count / 12;
	on.month = (int8_t)(count % 12 + 1);
	if (on.date > days_in(on.year, on.month))
		on.date = days_in(on.year, on.month);
	return instant_after(day_start(on), into);
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
