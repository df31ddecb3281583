/* Money is whole: an integer of the currency's smallest unit, and the currency.
 *
 * There is no double near an amount, and nothing here rounds. */
#pragma once

#include "base/base.h"

typedef struct currency {
	char code[4]; /* ISO 4217, NUL-ended */
} currency;

typedef struct money {
	int64_t minor;
	currency in;
} money;

/* Knows the currencies of ISO 4217's list that we trade in; FAULT_INPUT on another. */
MUST_USE fault *currency_from(str code, currency *made);

/* FAULT_BUG on two currencies, FAULT_INPUT on overflow; the output is written on success only. */
MUST_USE fault *money_add(money a, money b, money *sum);
MUST_USE fault *money_times(money a, int64_t count, money *product);

/* "USD 8.00", and back; "8.00" alone reads in the given currency. */
str money_text(struct arena *keep, money amount);
MUST_USE fault *money_from_text(str text, currency in, money *amount);
