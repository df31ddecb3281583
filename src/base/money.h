/* Money is whole: an integer of the currency's smallest unit, and the currency.
 *
 * One rounding rule, written once: half to even, applied once at the end.  There is no double
 * near an amount. */
#pragma once

#include "base/base.h"

typedef struct currency {
	char code[4]; /* ISO 4217, NUL-ended */
} currency;

typedef struct money {
	int64_t minor;
	currency in;
} money;

typedef struct rate {
	int32_t ppm; /* parts per million: 10 % is 100000 */
} rate;

/* Knows the currencies of ISO 4217's list that we trade in; FAULT_INPUT on another. */
MUST_USE fault *currency_from(str code, currency *made);
int currency_digits(currency in); /* decimals of the minor unit: JPY 0, USD 2, KWD 3 */

/* FAULT_BUG on two currencies, FAULT_INPUT on overflow; the output is written on success only. */
MUST_USE fault *money_add(money a, money b, money *sum);
MUST_USE fault *money_times(money a, int64_t count, money *product);
MUST_USE fault *money_share(money whole, rate share, money *part);

/* Splits `whole` by weights so that the parts sum to it exactly (largest remainders, ties to the
 * earlier).  At least one weight is above zero. */
MUST_USE fault *money_split(money whole, const int64_t *weights, size_t count, money *parts);

/* "USD 8.00", and back; "8.00" alone reads in the given currency. */
str money_text(struct arena *keep, money amount);
MUST_USE fault *money_from_text(str text, currency in, money *amount);
