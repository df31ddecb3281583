#include "convert/notice.h"

#include <sodium.h>

#include "mail/letter.h"

static str tenant_words(const struct conversion *c)
{
	return str_is_empty(c->tenant_name) ? c->domain : c->tenant_name;
}

static str page_of_administrator(struct arena *keep, const struct convert_context *context,
				 const struct conversion *c)
{
	return str_format(keep, "%.*s/c/%.*s", STR(context->public_url), STR(c->door));
}

static str page_of_partner(struct arena *keep, const struct convert_context *context,
			   const struct conversion *c)
{
	return str_format(keep, "%.*s/partner/conversions/%.*s", STR(context->public_url),
			  STR(id_text(keep, "cnv", c->id)));
}

/* One letter for one thing asked at one step, however often a look in between failed or was made
 * again: the key keeps a second one from going out. */
static str letter_key(struct arena *keep, const struct conversion *c, const char *whom, str asked)
{
	unsigned char hash[16];

	(void)crypto_generichash(hash, sizeof hash, (const unsigned char *)asked.at, asked.len,
				 NULL, 0);
	return str_format(keep, "%.*s/%.*s/%s/%.*s", STR(id_text(keep, "cnv", c->id)),
			  STR(conversion_step_word(c->step)), whom,
			  STR(str_hex(keep, (str){ (const char *)hash, sizeof hash })));
}

static fault *to_administrator(struct tx *tx, const struct convert_context *context,
			       const struct conversion *c, const struct outcome *out)
{
	struct arena *a = tx_arena(tx);

	if (str_is_none(c->administrator))
		return NULL;
	return letter_later(
		tx, &(struct letter){
			    .to = c->administrator,
			    .subject = str_format(a, "%.*s: %.*s", STR(tenant_words(c)),
						  STR(conversion_step_does(c->step))),
			    .text = str_format(
				    a,
				    "Hello,\n\nyour licenses of %.*s are being moved to a new "
				    "subscription. Nobody loses a license on the way.\n\n"
				    "%.*s\n\nWhat to do now: %.*s\n\nThis page shows every step, "
				    "and what has changed so far:\n%.*s\n",
				    STR(tenant_words(c)), STR(out->why), STR(out->next_thing),
				    STR(page_of_administrator(a, context, c))),
			    .html = STR_NONE,
			    .key = letter_key(a, c, "administrator", out->next_thing) });
}

static fault *to_partner(struct tx *tx, const struct convert_context *context,
			 const struct conversion *c, str subject, str text)
{
	struct arena *a = tx_arena(tx);
	struct account partner;
	bool found;

	TRY(account_by_id_find(tx, c->partner, &partner, &found));
	if (!found)
		return NULL;
	return letter_later(
		tx, &(struct letter){ .to = partner.email,
				      .subject = subject,
				      .text = str_format(a, "Hello %.*s,\n\n%.*s\n\n%.*s\n",
							 STR(partner.name), STR(text),
							 STR(page_of_partner(a, context, c))),
				      .html = STR_NONE,
				      .key = letter_key(a, c, "partner", text) });
}

fault *notice_waiting(struct tx *tx, const struct convert_context *context,
		      const struct conversion *c, const struct outcome *out)
{
	struct arena *a = tx_arena(tx);

	switch (out->waits_for) {
	case WAITS_ADMINISTRATOR: return to_administrator(tx, context, c, out);
	case WAITS_PARTNER:
		return to_partner(tx, context, c,
				  str_format(a, "%.*s waits for you", STR(tenant_words(c))),
				  str_format(a, "%.*s\n\nWhat to do now: %.*s", STR(out->why),
					     STR(out->next_thing)));
	case WAITS_NOBODY:
	case WAITS_MICROSOFT:
	case WAITS_OPERATOR: return NULL; /* operators have their own list */
	}
	return NULL;
}

fault *notice_done(struct tx *tx, const struct convert_context *context, const struct conversion *c)
{
	struct arena *a = tx_arena(tx);

	return to_partner(tx, context, c, str_format(a, "%.*s is converted", STR(tenant_words(c))),
			  S("Every license is where it was, and the direct subscription is gone. "
			    "The certificate is on the conversion's page."));
}
