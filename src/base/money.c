#include "base/money.h"

#include <string.h>

typedef __int128 wide;

/* ISO 4217 currencies we trade in, and the decimals of their minor unit. */
static const struct {
	char code[4];
	int digits;
} currencies[] = {
	{ "AED", 2 }, { "ARS", 2 }, { "AUD", 2 }, { "BGN", 2 }, { "BHD", 3 }, { "BRL", 2 },
	{ "CAD", 2 }, { "CHF", 2 }, { "CLP", 0 }, { "CNY", 2 }, { "COP", 2 }, { "CZK", 2 },
	{ "DKK", 2 }, { "EGP", 2 }, { "EUR", 2 }, { "GBP", 2 }, { "HKD", 2 }, { "HUF", 2 },
	{ "IDR", 2 }, { "ILS", 2 }, { "INR", 2 }, { "ISK", 0 }, { "JPY", 0 }, { "KRW", 0 },
	{ "KWD", 3 }, { "MXN", 2 }, { "MYR", 2 }, { "NOK", 2 }, { "NZD", 2 }, { "PEN", 2 },
	{ "PHP", 2 }, { "PLN", 2 }, { "QAR", 2 }, { "RON", 2 }, { "RSD", 2 }, { "SAR", 2 },
	{ "SEK", 2 }, { "SGD", 2 }, { "THB", 2 }, { "TND", 3 }, { "TRY", 2 }, { "TWD", 2 },
	{ "UAH", 2 }, { "USD", 2 }, { "VND", 0 }, { "ZAR", 2 },
};

fault *currency_from(str code, currency *made)
{
	for (size_t i = 0; i < COUNT(currencies); i++) {
		if (!str_eq(code, str_of(currencies[i].code)))
			continue;
		memcpy(made->code, currencies[i].code, sizeof(made->code));
		return NULL;
	}
	return fault_new(FAULT_INPUT,
			 "\"%.*s\" is not a currency we trade in. Give a code such as USD or EUR.",
			 STR(str_part(code, 0, 20)));
}

int currency_digits(currency in)
{
	for (size_t i = 0; i < COUNT(currencies); i++)
		if (memcmp(in.code, currencies[i].code, sizeof(in.code)) == 0)
			return currencies[i].digits;
	return 2;
}

static fault *too_large(void)
{
	return fault_new(FAULT_INPUT, "That amount is too large. Give a smaller one.");
}

fault *money_add(money a, money b, money *sum)
{
	int64_t minor;

	if (memcmp(&a.in, &b.in, sizeof(a.in)) != 0)
		return fault_new(FAULT_BUG, "Amounts in %.3s and %.3s cannot be added.", a.in.code,
				 b.in.code);
	if (__builtin_add_overflow(a.minor, b.minor, &minor))
		return too_large();
	*sum = (money){ .minor = minor, .in = a.in };
	return NULL;
}

fault *money_times(money a, int64_t count, money *product)
{
	int64_t minor;

	if (__builtin_mul_overflow(a.minor, count, &minor))
		return too_large();
	*product = (money){ .minor = minor, .in = a.in };
	return NULL;
}

/* The one rounding rule: half to even. */
static wide divided(wide number, int64_t by)
{
	wide down = number / by, left = number % by;

	if (left < 0) {
		down -= 1;
		left += by;
	}
	if (left * 2 > by || (left * 2 == by && down % 2 != 0))
		down += 1;
	return down;
}

fault *money_share(money whole, rate share, money *part)
{
	wide minor = divided((wide)whole.minor * share.ppm, 1000000);

	if (minor > INT64_MAX || minor < INT64_MIN)
		return too_large();
	*part = (money){ .minor = (int64_t)minor, .in = whole.in };
	return NULL;
}

/* Gives the minor units that flooring left over to the largest remainders; a part above its floor
 * already has one. */
static void give_rest(wide whole, wide total, const int64_t *weights, size_t count, money *parts,
		      wide rest)
{
	for (; rest > 0; rest--) {
		size_t best = count;
		wide most = 0;

		for (size_t i = 0; i < count; i++) {
			wide floor = whole * weights[i] / total, left = whole * weights[i] % total;

			if (parts[i].minor == (int64_t)floor && left > most) {
				most = left;
				best = i;
			}
		}
		assert(best < count);
		parts[best].minor += 1;
	}
}

/* Weights and the whole stay below 2^63 and 2^62 or so, their product within 128 bits. */
fault *money_split(money whole, const int64_t *weights, size_t count, money *parts)
{
	bool minus = whole.minor < 0;
	wide size = minus ? -(wide)whole.minor : whole.minor, total = 0, rest = size;

	for (size_t i = 0; i < count; i++) {
		if (weights[i] < 0)
			return fault_new(FAULT_BUG, "An amount cannot be split by a weight below "
						    "zero.");
		total += weights[i];
	}
	if (total == 0)
		return fault_new(FAULT_BUG, "An amount cannot be split over nothing.");
	for (size_t i = 0; i < count; i++) {
		wide floor = size * weights[i] / total;

		if (floor > INT64_MAX)
			return too_large();
		parts[i] = (money){ .minor = (int64_t)floor, .in = whole.in };
		rest -= floor;
	}
	give_rest(size, total, weights, count, parts, rest);
	for (size_t i = 0; minus && i < count; i++)
		parts[i].minor = -parts[i].minor;
	return NULL;
}

static int64_t power_of_ten(int digits)
{
	int64_t n = 1;

	for (int i = 0; i < digits; i++)
		n *= 10;
	return n;
}

str money_text(struct arena *keep, money amount)
{
	int digits = currency_digits(amount.in);
	uint64_t scale = (uint64_t)power_of_ten(digits);
	uint64_t size = amount.minor < 0 ? -(uint64_t)amount.minor : (uint64_t)amount.minor;
	const char *sign = amount.minor < 0 ? "-" : "";

	if (digits == 0)
		return str_format(keep, "%.3s %s%llu", amount.in.code, sign,
				  (unsigned long long)size);
	return str_format(keep, "%.3s %s%llu.%0*llu", amount.in.code, sign,
			  (unsigned long long)(size / scale), digits,
			  (unsigned long long)(size % scale));
}

static bool is_digits(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return s.len > 0;
}

/* `number` has no sign; missing decimals are zeros, too many are refused rather than rounded. */
static bool minor_from(str number, int digits, bool minus, int64_t *minor)
{
	str whole, decimals = S("");
	int64_t n, part = 0, rest;

	if (!str_next(&number, '.', &whole) || !is_digits(whole) || !str_to_int64(whole, &n))
		return false;
	if (str_next(&number, '.', &decimals) &&
	    (!is_digits(decimals) || decimals.len > (size_t)digits || !str_is_none(number)))
		return false;
	if (decimals.len > 0 && !str_to_int64(decimals, &part))
		return false;
	rest = part * power_of_ten(digits - (int)decimals.len);
	if (minus) {
		n = -n;
		rest = -rest;
	}
	return !__builtin_mul_overflow(n, power_of_ten(digits), &n) &&
	       !__builtin_add_overflow(n, rest, minor);
}

fault *money_from_text(str text, currency in, money *amount)
{
	str number = str_trim(text);
	int64_t minor;

	if (number.len > 4 && number.at[3] == ' ') {
		TRY(currency_from(str_part(number, 0, 3), &in));
		number = str_trim(str_part(number, 4, number.len));
	}

	bool minus = str_starts(number, S("-"));

	if (minus)
		number = str_part(number, 1, number.len);
	if (!minor_from(number, currency_digits(in), minus, &minor))
		return fault_new(FAULT_INPUT,
				 "\"%.*s\" is not an amount in %.3s. Write it like %s.",
				 STR(str_part(text, 0, 40)), in.code,
				 currency_digits(in) == 0 ? "8" : "8.00");
	*amount = (money){ .minor = minor, .in = in };
	return NULL;
}
