#include "base/money.h"

#include <string.h>

/* ISO 4217 currencies we trade in, by how many decimals their minor unit has. */
static const char *const currencies[] = {
	"CLP ISK JPY KRW VND",
	"",
	("AED ARS AUD BGN BRL CAD CHF CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR MXN MYR NOK "
	 "NZD PEN PHP PLN QAR RON RSD SAR SEK SGD THB TRY TWD UAH USD ZAR"),
	"BHD KWD TND",
};

/* Below zero when we do not trade in it. */
static int digits_of(str code)
{
	for (int digits = 0; digits < (int)COUNT(currencies); digits++) {
		ptrdiff_t at = str_find(str_of(currencies[digits]), code);

		/* A code with a blank in it could begin within another. */
		if (code.len == 3 && at >= 0 && at % 4 == 0)
			return digits;
	}
	return -1;
}

fault *currency_from(str code, currency *made)
{
	if (digits_of(code) < 0)
		return fault_new(FAULT_INPUT,
				 "\"%.*s\" is not a currency we trade in. Give a code such as USD "
				 "or EUR.",
				 STR(str_cut(code, 20)));
	*made = (currency){ { code.at[0], code.at[1], code.at[2] } };
	return NULL;
}

/* Two for a currency that is none, such as the code of an amount never set. */
static size_t decimals(currency in)
{
	int digits = digits_of(str_of(in.code));

	return digits < 0 ? 2 : (size_t)digits;
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

str money_text(struct arena *keep, money amount)
{
	size_t digits = decimals(amount.in);
	uint64_t size = amount.minor < 0 ? -(uint64_t)amount.minor : (uint64_t)amount.minor;
	str all = str_format(keep, "%0*llu", (int)digits + 1, (unsigned long long)size);

	return str_format(keep, "%.3s %s%.*s%s%.*s", amount.in.code, amount.minor < 0 ? "-" : "",
			  STR(str_part(all, 0, all.len - digits)), digits ? "." : "",
			  STR(str_part(all, all.len - digits, digits)));
}

/* The digits without the point are the minor amount; missing decimals are zeros, too many are
 * refused rather than rounded. */
static bool minor_from(str number, size_t digits, int64_t *minor)
{
	char joined[32];
	str whole, part = S("");

	if (!str_next(&number, '.', &whole) || whole.len > 20 || str_is_empty(whole) ||
	    str_eq(whole, S("-")))
		return false;
	if ((str_next(&number, '.', &part) && str_is_empty(part)) || part.len > digits ||
	    !str_is_none(number))
		return false;
	memset(joined, '0', sizeof(joined));
	memcpy(joined, whole.at, whole.len);
	memcpy(joined + whole.len, part.at, part.len);
	return str_to_int64((str){ .at = joined, .len = whole.len + digits }, minor);
}

fault *money_from_text(str text, currency in, money *amount)
{
	str number = str_trim(text);
	int64_t minor;

	if (number.len > 4 && number.at[3] == ' ') {
		TRY(currency_from(str_part(number, 0, 3), &in));
		number = str_trim(str_part(number, 4, number.len));
	}
	if (!minor_from(number, decimals(in), &minor))
		return fault_new(FAULT_INPUT,
				 "\"%.*s\" is not an amount in %.3s. Write it like %s.",
				 STR(str_cut(text, 40)), in.code, decimals(in) == 0 ? "8" : "8.00");
	*amount = (money){ .minor = minor, .in = in };
	return NULL;
}
