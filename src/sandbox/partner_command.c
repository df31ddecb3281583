#include "sandbox/partner_command.h"

#include <stdio.h>

#include "sandbox/partner_setting.h"
#include "sandbox/partner_trouble.h"
#include "sandbox/sandbox_act_seats.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/tenant_state.h"

struct asked {
	const struct sandbox_command_line *line;
	str said; /* printed once the transaction is kept */
};

static fault *usage(const char *said)
{
	return fault_code(fault_new(FAULT_INPUT, "%s", said), S("usage"));
}

static str word(const struct asked *asked, size_t index)
{
	return index < asked->line->count ? str_of(asked->line->words[index]) : S("");
}

static fault *run(struct sandbox_home *home, const struct sandbox_command_line *line,
		  store_body *body)
{
	struct asked asked = { .line = line };
	fault *f = store_run(home->store, STORE_WRITE, home->arena, "command", body, &asked);

	if (f)
		return f->kind == FAULT_INPUT ? fault_code(f, S("usage")) : f;
	printf("%.*s\n", STR(asked.said));
	return NULL;
}

/* How often: the word at `index`, or once. */
static fault *times_read(const struct asked *asked, size_t index, int64_t *times)
{
	*times = 1;
	if (index < asked->line->count && !str_to_int64(word(asked, index), times))
		return usage("How often is a whole number.");
	return NULL;
}

static str times_said(struct arena *keep, int64_t times)
{
	return times == 1 ? S("once") : str_format(keep, "%lld times", (long long)times);
}

static fault *refuse_line(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct partner_trouble made = { .kind = asked->line->in_cart
							? PARTNER_TROUBLE_REFUSED_IN_CART
							: PARTNER_TROUBLE_REFUSED };

	if (!str_to_int64(word(asked, 1), &made.number))
		return usage("The code is a number, for example 2091.");
	TRY(times_read(asked, 2, &made.times));
	TRY(partner_trouble_target(tx, word(asked, 0), &made.target));
	TRY(partner_trouble_make(tx, &made));
	asked->said = str_format(tx_arena(tx), "%.*s will be refused %s, %.*s, with %lld.",
				 STR(made.target),
				 asked->line->in_cart ? "in the cart" : "at checkout",
				 STR(times_said(tx_arena(tx), made.times)), (long long)made.number);
	return NULL;
}
fault *partner_command_refuse_line(struct sandbox_home *home,
				   const struct sandbox_command_line *line)
{
	return run(home, line, refuse_line);
}

static fault *provision_wrong(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct partner_trouble made = { .kind = PARTNER_TROUBLE_QUANTITY };
	size_t count_at = 2;

	if (str_eq(word(asked, 1), S("failed"))) {
		made.kind = PARTNER_TROUBLE_FAILED;
	} else if (str_eq(word(asked, 1), S("other-sku"))) {
		made.kind = PARTNER_TROUBLE_OTHER_SKU;
		TRY(partner_trouble_target(tx, word(asked, 2), &made.other));
		if (!str_is_guid(made.other))
			return usage("The other SKU is named by its id or its part number.");
		count_at = 3;
	} else if (str_eq(word(asked, 1), S("late"))) {
		made.kind = PARTNER_TROUBLE_LATE;
		if (!sandbox_clock_duration(word(asked, 2), &made.number))
			return usage("Say how late: 20m, 4h, 1d.");
		count_at = 3;
	} else if (!str_to_int64(word(asked, 1), &made.number)) {
		return usage("Say a quantity, failed, late and for how long, or other-sku and the "
			     "other SKU.");
	}
	TRY(times_read(asked, count_at, &made.times));
	TRY(partner_trouble_target(tx, word(asked, 0), &made.target));
	TRY(partner_trouble_make(tx, &made));
	asked->said = str_format(tx_arena(tx), "%.*s will be provisioned wrongly, %.*s.",
				 STR(made.target), STR(times_said(tx_arena(tx), made.times)));
	return NULL;
}
fault *partner_command_provision_wrong(struct sandbox_home *home,
				       const struct sandbox_command_line *line)
{
	return run(home, line, provision_wrong);
}

static fault *withdraw(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct partner_trouble made = { .kind = PARTNER_TROUBLE_WITHDRAWN,
					.times = PARTNER_TROUBLE_ALWAYS };

	TRY(partner_trouble_target(tx, word(asked, 0), &made.target));
	TRY(partner_trouble_end(tx, made.kind, made.target));
	TRY(partner_trouble_make(tx, &made));
	asked->said = str_format(tx_arena(tx), "%.*s is no longer sold.", STR(made.target));
	return NULL;
}
fault *partner_command_withdraw(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, withdraw);
}

static fault *offer(struct tx *tx, void *with)
{
	struct asked *asked = with;
	str target;

	TRY(partner_trouble_target(tx, word(asked, 0), &target));
	TRY(partner_trouble_end(tx, PARTNER_TROUBLE_WITHDRAWN, target));
	asked->said = str_format(tx_arena(tx), "%.*s is sold again.", STR(target));
	return NULL;
}
fault *partner_command_offer(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, offer);
}

static fault *split_orders(struct tx *tx, void *with)
{
	struct asked *asked = with;
	bool on = str_eq(word(asked, 0), S("on"));

	if (!on && !str_eq(word(asked, 0), S("off")))
		return usage("Say on or off.");
	TRY(partner_trouble_split_orders(tx, on));
	asked->said = on ? S("Every line of a cart becomes an order of its own.")
			 : S("The lines of a cart become one order for each billing cycle.");
	return NULL;
}
fault *partner_command_split_orders(struct sandbox_home *home,
				    const struct sandbox_command_line *line)
{
	return run(home, line, split_orders);
}

static void say_number(struct text *text, const struct partner_trouble *one)
{
	switch (one->kind) {
	case PARTNER_TROUBLE_REFUSED:
	case PARTNER_TROUBLE_REFUSED_IN_CART:
	case PARTNER_TROUBLE_BLOCKED:
	case PARTNER_TROUBLE_QUANTITY: text_format(text, " %lld", (long long)one->number); break;
	case PARTNER_TROUBLE_LATE:
		text_format(text, " %llds", (long long)(one->number / SECONDS(1)));
		break;
	case PARTNER_TROUBLE_FAILED:
	case PARTNER_TROUBLE_OTHER_SKU:
	case PARTNER_TROUBLE_WITHDRAWN: break;
	}
}

fault *partner_command_overview(struct tx *tx, str *said)
{
	struct partner_setting setting;
	struct partner_troubles all;
	struct text text = text_open(tx_arena(tx));
	bool split;

	TRY(partner_setting_read(tx, &setting));
	TRY(partner_trouble_splits_orders(tx, &split));
	TRY(partner_trouble_all(tx, &all));
	text_add(&text, partner_setting_said(tx_arena(tx), &setting));
	text_format(&text, "split-orders %s", split ? "on" : "off");
	for (size_t i = 0; i < all.len; i++) {
		const struct partner_trouble *one = &all.at[i];
		text_format(&text, "\n%.*s %.*s", STR(one->target),
			    STR(partner_trouble_word(one->kind)));
		say_number(&text, one);
		if (!str_is_none(one->other))
			text_format(&text, " %.*s", STR(one->other));
		if (one->times != PARTNER_TROUBLE_ALWAYS)
			text_format(&text, ", %.*s", STR(times_said(tx_arena(tx), one->times)));
	}
	*said = text_str(&text);
	return NULL;
}

static fault *setting(struct tx *tx, void *with)
{
	struct asked *asked = with;

	if (asked->line->count == 0)
		return partner_command_overview(tx, &asked->said);
	if (asked->line->count == 1 && str_eq(word(asked, 0), S("clear"))) {
		asked->said = S("Nothing goes wrong any more.");
		TRY(partner_setting_end_all(tx));
		return partner_trouble_end_all(tx);
	}
	TRY(partner_setting_put(tx, word(asked, 0), word(asked, 1)));
	asked->said = str_format(tx_arena(tx), "%.*s is %.*s.", STR(word(asked, 0)),
				 STR(word(asked, 1)));
	return NULL;
}
fault *partner_command_setting(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, setting);
}

static fault *block(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct tenant_state tenant;
	struct partner_trouble made = { .kind = PARTNER_TROUBLE_BLOCKED,
					.times = PARTNER_TROUBLE_ALWAYS };

	if (!str_to_int64(word(asked, 1), &made.number))
		return usage(
			"The code is a number, for example 800073 (review) or 800023 (credit).");
	TRY(sandbox_act_tenant(tx, word(asked, 0), &tenant));
	made.target = tenant.id;
	TRY(partner_trouble_end(tx, made.kind, made.target));
	TRY(partner_trouble_make(tx, &made));
	asked->said = str_format(tx_arena(tx), "Nothing is sold to %.*s: %lld.", STR(tenant.name),
				 (long long)made.number);
	return NULL;
}
fault *partner_command_block(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, block);
}

static fault *unblock(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct tenant_state tenant;

	TRY(sandbox_act_tenant(tx, word(asked, 0), &tenant));
	TRY(partner_trouble_end(tx, PARTNER_TROUBLE_BLOCKED, tenant.id));
	asked->said = str_format(tx_arena(tx), "%.*s can be sold to.", STR(tenant.name));
	return NULL;
}
fault *partner_command_unblock(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, unblock);
}
