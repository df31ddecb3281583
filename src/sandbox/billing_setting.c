#include "sandbox/billing_setting.h"

#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_setting.h"

#define OLDER	    S("billing.older-seats")
#define HOLLOW	    S("billing.cancel-hollow")
#define CHANGE	    S("billing.change-time")
#define MOST	    S("billing.cancel-most")
#define CHANGE_TIME SECONDS(10)

static fault *is_on(struct tx *tx, str name, bool *on)
{
	str value;

	TRY(sandbox_setting_get(tx, name, &value));
	*on = str_eq(value, S("on"));
	return NULL;
}

fault *billing_setting_read(struct tx *tx, struct billing_setting *setting)
{
	str value;

	TRY(is_on(tx, OLDER, &setting->older_seats));
	TRY(is_on(tx, HOLLOW, &setting->cancel_hollow));
	TRY(sandbox_setting_get(tx, CHANGE, &value));
	if (!sandbox_clock_duration(value, &setting->change_time))
		setting->change_time = CHANGE_TIME;
	TRY(sandbox_setting_get(tx, MOST, &value));
	if (!str_to_int64(value, &setting->cancel_most))
		setting->cancel_most = 0;
	return NULL;
}

static fault *usage(const char *said)
{
	return fault_code(fault_new(FAULT_INPUT, "%s", said), S("usage"));
}

fault *billing_setting_put(struct tx *tx, str name, str value)
{
	bool older = str_eq(name, S("older-seats")), hollow = str_eq(name, S("cancel-hollow"));
	int64_t micros, most = 0;

	if (str_eq(name, S("cancel-most"))) {
		if (!str_eq(value, S("off")) && (!str_to_int64(value, &most) || most < 1))
			return usage("Say how many licenses, for example 25, or off.");
		return sandbox_setting_put(tx, MOST, value);
	}
	if (str_eq(name, S("change-time"))) {
		if (!sandbox_clock_duration(value, &micros) || micros < 1 || micros > DAYS(7))
			return usage("A change takes a time up to 7d, for example 10s.");
		return sandbox_setting_put(tx, CHANGE, value);
	}
	if (!older && !hollow)
		return usage("Billing knows older-seats, cancel-hollow, cancel-most and "
			     "change-time.");
	if (!str_eq(value, S("on")) && !str_eq(value, S("off")))
		return usage("Say on or off.");
	return sandbox_setting_put(tx, older ? OLDER : HOLLOW, value);
}
