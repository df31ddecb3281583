#include "base/instant.h"

#include "base/base.h"

/* Days since 1970 of a Gregorian date and back: years begin in March, so that the leap day is
 * the last one, and an era of 400 years has 146097 days. */
static int64_t days_of(day d)
{
	int64_t year = d.month <= 2 ? d.year - 1 : d.year;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (d.month > 2 ? d.month - 3 : d.month + 9) + 2) / 5 + d.date -
			      1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static day day_of(int64_t days)
{
	days += 719468;

	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	return (day){
		.year = (int32_t)(year + era * 400 + (month >= 10)),
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

bool day_eq(day a, day b)
{
	return a.year == b.year && a.month == b.month && a.date == b.date;
}

day day_after(day d, int32_t days)
{
	return day_of(days_of(d) + days);
}

struct clock_time {
	int hour, minute, second, micro;
};

static struct clock_time time_of(instant at)
{
	int64_t micros = at.micros - floor_days(at.micros) * DAYS(1);

	return (struct clock_time){
		.hour = (int)(micros / HOURS(1)),
		.minute = (int)(micros / MINUTES(1) % 60),
		.second = (int)(micros / SECONDS(1) % 60),
		.micro = (int)(micros % SECONDS(1)),
	};
}

str day_text(struct arena *keep, day d)
{
	return str_format(keep, "%04d-%02d-%02d", d.year, d.month, d.date);
}

str instant_rfc3339(struct arena *keep, instant at)
{
	day d = instant_day(at);
	struct clock_time t = time_of(at);

	if (t.micro)
		return str_format(keep, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", d.year, d.month,
				  d.date, t.hour, t.minute, t.second, t.micro);
	return str_format(keep, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.date, t.hour,
			  t.minute, t.second);
}

/* Reads exactly `digits` digits from the front of *rest. */
static bool take_number(str *rest, size_t digits, int most, int *number)
{
	int n = 0;

	if (rest->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (rest->at[i] < '0' || rest->at[i] > '9')
			return false;
		n = n * 10 + (rest->at[i] - '0');
	}
	*rest = str_part(*rest, digits, rest->len);
	*number = n;
	return n <= most;
}

static bool take_char(str *rest, char c)
{
	if (rest->len == 0 || rest->at[0] != c)
		return false;
	*rest = str_part(*rest, 1, rest->len);
	return true;
}

static int days_in_month(int year, int month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool take_day(str *rest, day *d)
{
	int year, month, date;

	if (!take_number(rest, 4, 9999, &year) || !take_char(rest, '-') ||
	    !take_number(rest, 2, 12, &month) || !take_char(rest, '-') ||
	    !take_number(rest, 2, 31, &date) || month < 1 || date < 1 ||
	    date > days_in_month(year, month))
		return false;
	*d = (day){ .year = year, .month = (int8_t)month, .date = (int8_t)date };
	return true;
}

bool day_from_text(str text, day *d)
{
	day read;

	if (!take_day(&text, &read) || text.len > 0)
		return false;
	*d = read;
	return true;
}

/* Microseconds of ".1234567"; digits below the microsecond are cut off. */
static bool take_decimals(str *rest, int64_t *micros)
{
	int64_t scale = 100000;
	size_t digits = 0;

	*micros = 0;
	if (!take_char(rest, '.'))
		return true;
	for (int digit; digits < 9 && take_number(rest, 1, 9, &digit); digits++) {
		*micros += digit * scale;
		scale /= 10;
	}
	return digits > 0;
}

static bool take_zone(str *rest, int64_t *offset)
{
	int hours, minutes;
	bool west;

	*offset = 0;
	if (rest->len == 0 || take_char(rest, 'Z') || take_char(rest, 'z'))
		return true;
	west = take_char(rest, '-');
	if (!west && !take_char(rest, '+'))
		return false;
	if (!take_number(rest, 2, 23, &hours) || !take_char(rest, ':') ||
	    !take_number(rest, 2, 59, &minutes))
		return false;
	*offset = (HOURS(hours) + MINUTES(minutes)) * (west ? -1 : 1);
	return true;
}

bool instant_from_rfc3339(str text, instant *at)
{
	day d;
	int hour, minute, second;
	int64_t micros, offset;

	if (!take_day(&text, &d))
		return false;
	if (text.len == 0) {
		*at = day_start(d);
		return true;
	}
	if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
		return false;
	/* A leap second (60) becomes the first second of the next minute. */
	if (!take_number(&text, 2, 23, &hour) || !take_char(&text, ':') ||
	    !take_number(&text, 2, 59, &minute) || !take_char(&text, ':') ||
	    !take_number(&text, 2, 60, &second) || !take_decimals(&text, &micros) ||
	    !take_zone(&text, &offset) || text.len > 0)
		return false;
	at->micros = day_start(d).micros + HOURS(hour) + MINUTES(minute) + SECONDS(second) +
		     micros - offset;
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
	struct clock_time t = time_of(at);

	return str_format(keep, "%.*s, %02d:%02d UTC", STR(day_for_people(keep, instant_day(at))),
			  t.hour, t.minute);
}

str duration_for_people(struct arena *keep, int64_t micros)
{
	static const struct {
		int64_t micros;
		const char *word;
	} units[] = { { DAYS(1), "day" },
		      { HOURS(1), "hour" },
		      { MINUTES(1), "minute" },
		      { SECONDS(1), "second" } };
	struct text said = text_open(keep);
	int shown = 0;

	if (micros < 0)
		micros = 0;
	for (size_t i = 0; i < COUNT(units) && shown < 2; i++) {
		int64_t n = micros / units[i].micros;

		micros %= units[i].micros;
		if (n == 0)
			continue;
		text_format(&said, "%s%lld %s%s", shown ? " " : "", (long long)n, units[i].word,
			    n == 1 ? "" : "s");
		shown++;
	}
	return shown ? text_str(&said) : S("0 seconds");
}
