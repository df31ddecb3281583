/* Time is passed in: an instant is microseconds since 1970 in UTC, a day is another type.
 * No rule asks the clock; see base/world.h for who does. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef struct instant {
	int64_t micros;
} instant;

/* "No instant": the database stores it as NULL. */
#define INSTANT_NONE ((instant){ .micros = INT64_MIN })

#define SECONDS(n) ((int64_t)(n)*1000000)
#define MINUTES(n) (SECONDS(n) * 60)
#define HOURS(n)   (MINUTES(n) * 60)
#define DAYS(n)	   (HOURS(n) * 24)

static inline bool instant_is_none(instant at)
{
	return at.micros == INT64_MIN;
}
static inline instant instant_after(instant at, int64_t micros)
{
	return (instant){ .micros = at.micros + micros };
}
static inline bool instant_before(instant a, instant b)
{
	return a.micros < b.micros;
}
static inline int64_t instant_since(instant later, instant earlier)
{
	return later.micros - earlier.micros;
}

/* A calendar day of the proleptic Gregorian calendar. */
typedef struct day {
	int32_t year;
	int8_t month, date;
} day;

day instant_day(instant at); /* in UTC */
instant day_start(day d);    /* 00:00 UTC */
day day_after(day d, int32_t days);

/* RFC 3339 in UTC: "2026-02-03T10:02:41Z", with six decimals only when they are not zero. */
str instant_rfc3339(struct arena *keep, instant at);
/* Reads what vendors send: 0 to 9 decimals, "Z", "+hh:mm", or no zone (then UTC); a bare date. */
bool instant_from_rfc3339(str text, instant *at);
str day_text(struct arena *keep, day d); /* "2026-02-03" */

/* For people: "3 February 2026, 10:02 UTC" and "3 February 2026". */
str instant_for_people(struct arena *keep, instant at);
str day_for_people(struct arena *keep, day d);
/* "2 hours 5 minutes", "40 seconds", "3 days": the two largest units that are not zero. */
str duration_for_people(struct arena *keep, int64_t micros);
