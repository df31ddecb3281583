#include "base/instant.h"

#include <string.h>

#include "base/base.h"

/* Years begin in March, so that the leap day is the last one, and are counted from 400,000 before
 * our era, so that no division has to round down what is below zero. */
static const int64_t years_before = 400000, days_before = 719468 + INT64_C(146097) * 1000;

static int64_t days_until(int64_t year)
{
	return year * 365 + year / 4 - year / 100 + year / 400;
}

/* Days since 1970 of a Gregorian date and back. */
static int64_t days_of(day d)
{
	int64_t year = d.year + years_before - (d.month <= 2), month = (d.month + 9) % 12;

	return days_until(year) + (153 * month + 2) / 5 + d.date - 1 - days_before;
}

static day day_of(int64_t days)
{
	int64_t count = days + days_before, year = count * 400 / 146097 - 1;

	while (days_until(year + 1) <= count)
		year++;

	int64_t of_year = count - days_until(year), month = (5 * of_year + 2) / 153;

	return (day){
		.year = (int32_t)(year - years_before + (month >= 10)),
		.month = (int8_t)(month < 10 ? month + 3 : month - 9),
		.date = (int8_t)(of_year - (153 * month + 2) / 5 + 1),
	};
}

static int64_t floor_days(int64_t micros)
{
	return micros / DAYS(1) - (micros % DAYS(1) < 0);
}

day instant_day(instant at)
{
	return day_of(floor_days(at.micros));
}

instant day_start(day d)
{
	return (instant){ .micros = days_of(d) * DAYS(1) };
}

day day_after(day d, int32_t days)
{
	return day_of(days_of(d) + days);
}

/* "10:02:41" */
static str clock_text(struct arena *keep, instant at)
{
	int64_t micros = at.micros - floor_days(at.micros) * DAYS(1);

	return str_format(keep, "%02d:%02d:%02d", (int)(micros / HOURS(1)),
			  (int)(micros / MINUTES(1) % 60), (int)(micros / SECONDS(1) % 60));
}

str day_text(struct arena *keep, day d)
{
	return str_format(keep, "%04d-%02d-%02d", d.year, d.month, d.date);
}

str instant_rfc3339(struct arena *keep, instant at)
{
	int micros = (int)((at.micros % SECONDS(1) + SECONDS(1)) % SECONDS(1));

	return str_format(keep, "%.*sT%.*s%.*sZ", STR(day_text(keep, instant_day(at))),
			  STR(clock_text(keep, at)),
			  STR(micros ? str_format(keep, ".%06d", micros) : S("")));
}

/* Takes from the front of *rest what looks like `shape`: a run of noughts is a number of exactly
 * so many digits, every other character is itself. */
static bool take(str *rest, const char *shape, int *numbers)
{
	size_t len = strlen(shape);

	if (rest->len < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = rest->at[i];

		if (shape[i] != '0' ? c != shape[i] : c < '0' || c > '9')
			return false;
		if (shape[i] != '0')
			continue;
		if (i == 0 || shape[i - 1] != '0')
			*numbers++ = 0;
		numbers[-1] = numbers[-1] * 10 + (c - '0');
	}
	*rest = str_part(*rest, len, rest->len);
	return true;
}

static bool take_day(str *rest, instant *start)
{
	int n[3];

	if (!take(rest, "0000-00-00", n) || n[1] < 1 || n[1] > 12)
		return false;
	*start = day_start((day){ n[0], (int8_t)n[1], (int8_t)n[2] });

	/* 30 February comes back as 2 March. */
	day back = instant_day(*start);

	return back.month == n[1] && back.date == n[2];
}

/* Microseconds of ".1234567"; digits below the microsecond are cut off. */
static bool take_decimals(str *rest, int64_t *micros)
{
	int64_t scale = 100000;
	int digits = 0;

	if (!take(rest, ".", NULL))
		return true;
	for (int digit; digits < 9 && take(rest, "0", &digit); digits++) {
		*micros += digit * scale;
		scale /= 10;
	}
	return digits > 0;
}

static bool take_zone(str *rest, int64_t *offset)
{
	int n[2];

	if (rest->len == 0 || take(rest, "Z", NULL) || take(rest, "z", NULL))
		return true;

	int64_t sign = take(rest, "-", NULL) ? -1 : 1;

	if ((sign > 0 && !take(rest, "+", NULL)) || !take(rest, "00:00", n) || n[0] > 23 ||
	    n[1] > 59)
		return false;
	*offset = (HOURS(n[0]) + MINUTES(n[1])) * sign;
	return true;
}

bool instant_from_rfc3339(str text, instant *at)
{
	instant start;
	int64_t micros = 0, offset = 0;
	int n[3] = { 0 };

	if (!take_day(&text, &start))
		return false;
	if (text.len > 0) {
		if (!take(&text, "T", NULL) && !take(&text, "t", NULL) && !take(&text, " ", NULL))
			return false;
		/* A leap second (60) becomes the first second of the next minute. */
		if (!take(&text, "00:00:00", n) || n[0] > 23 || n[1] > 59 || n[2] > 60 ||
		    !take_decimals(&text, &micros) || !take_zone(&text, &offset) || text.len > 0)
			return false;
	}
	*at = instant_after(start, HOURS(n[0]) + MINUTES(n[1]) + SECONDS(n[2]) + micros - offset);
	return true;
}

str day_for_people(struct arena *keep, day d)
{
	static const char *const months[] = { "January",   "February", "March",	   "April",
					      "May",	   "June",     "July",	   "August",
					      "September", "October",  "November", "December" };

	return str_format(keep, "%d %s %d", d.date, months[d.month - 1], d.year);
}

str instant_for_people(struct arena *keep, instant at)
{
	return str_format(keep, "%.*s, %.5s UTC", STR(day_for_people(keep, instant_day(at))),
			  clock_text(keep, at).at);
}

str duration_for_people(struct arena *keep, int64_t micros)
{
	static const int64_t units[] = { DAYS(1), HOURS(1), MINUTES(1), SECONDS(1) };
	static const char *const words[] = { "day", "hour", "minute", "second" };
	struct text said = text_open(keep);
	int shown = 0;

	for (size_t i = 0; i < COUNT(units) && shown < 2; i++) {
		int64_t n = micros / units[i];

		if (n <= 0)
			continue;
		micros %= units[i];
		text_format(&said, "%s%lld %s%s", shown ? " " : "", (long long)n, words[i],
			    n == 1 ? "" : "s");
		shown++;
	}
	return shown ? text_str(&said) : S("0 seconds");
}
