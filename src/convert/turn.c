#include "convert/turn.h"

static const char *const words[] = {
	[TURN_NONE] = "",
	[TURN_ALLOW_READING] = "Open the administrator's page and press “Allow reading”.",
	[TURN_ALLOW_CHANGING] =
		"Open the administrator's page and press “Allow changing licenses”.",
	[TURN_ACCEPT_US] =
		"Open the administrator's page, press “Open the invitation”, sign in as a Global "
		"Administrator and authorize us.",
	[TURN_SIGN_AGREEMENT] =
		"In Microsoft's admin center open Billing, then Billing accounts, and accept the "
		"Microsoft Customer Agreement.",
	[TURN_REPLACE_IN_GROUP] =
		"In Microsoft's admin center open Billing, then Licenses, choose the new product, "
		"press Assign licenses under Groups and add each group named above; when that is "
		"done, open the old product and take the groups away there.",
	[TURN_CANCEL_OLD] =
		"Open the administrator's page: it names each subscription that was bought "
		"directly and what to press in Microsoft's admin center, under Billing, then Your "
		"products, to end it.",
};

str turn_words(enum turn_act act)
{
	return str_of(words[act]);
}

enum turn_act turn_asked(str next_thing)
{
	for (size_t i = TURN_NONE + 1; i < COUNT(words); i++)
		if (str_eq(next_thing, str_of(words[i])))
			return (enum turn_act)i;
	return TURN_NONE;
}

/* Refusals that the tenant's administrator can lift (vendor facts §1.2, 2.1, 3.15). */
static const struct {
	const char *code;
	enum turn_act act;
} administrator_can[] = {
	{ "AADSTS700016", TURN_ALLOW_READING },
	{ "AADSTS7000229", TURN_ALLOW_READING },
	{ "AADSTS65001", TURN_ALLOW_READING },
	{ "AADSTS7000112", TURN_ALLOW_READING },
	{ "AADSTS500011", TURN_ALLOW_READING },
	{ "Authorization_RequestDenied", TURN_ALLOW_READING },
	{ "13605", TURN_SIGN_AGREEMENT },
};

static enum turn_act act_on(const fault *f)
{
	for (size_t i = 0; f->code && i < COUNT(administrator_can); i++)
		if (str_eq(str_of(f->code), str_of(administrator_can[i].code)))
			return administrator_can[i].act;
	return TURN_NONE;
}

/* What Microsoft may mend is tried again by itself, what only a programmer can is a dead letter. */
struct outcome turn_of_fault(const fault *f)
{
	enum turn_act act = act_on(f);
	struct outcome out = { .kind = OUTCOME_WAIT,
			       .why = str_of(f->said),
			       .look_again = SECONDS(f->retry_after) };

	if (f->kind == FAULT_REMOTE || f->kind == FAULT_BUSY) {
		out.waits_for = WAITS_MICROSOFT;
		out.next_thing = S("Nothing to do: it is tried again by itself.");
	} else if (act != TURN_NONE) {
		out.waits_for = WAITS_ADMINISTRATOR;
		out.next_thing = turn_words(act);
		if (act == TURN_ALLOW_READING)
			out.why = S("The tenant's administrator has withdrawn our right to read "
				    "the licenses, so nothing can be checked.");
	} else {
		out.waits_for = WAITS_OPERATOR;
		out.next_thing = S("Mend what the message names, then press Resume.");
	}
	return out;
}
