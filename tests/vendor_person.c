#include "vendor_person.h"

#include <stdio.h>
#include <stdlib.h>

#include "sandbox/directory_subscription.h"
#include "sandbox/identity_application.h"
#include "sandbox/identity_token.h"
#include "sandbox/tenant_state.h"

static void must(fault *f)
{
	if (!f)
		return;
	(void)fprintf(stderr, "vendor_person: %s (%s:%d)\n", f->said, f->file, f->line);
	abort();
}

struct asked {
	struct arena *keep;
	str domain, address, code;
};

/* A value of the address's query, decoded as far as our own addresses need it. */
static str asked_value(const struct asked *asked, const char *name)
{
	str begin = str_format(asked->keep, "%s=", name), rest = asked->address, pair;
	struct text out = text_open(asked->keep);

	(void)str_next(&rest, '?', &pair);
	while (str_next(&rest, '&', &pair))
		if (str_starts(pair, begin)) {
			for (size_t i = begin.len; i < pair.len; i++) {
				str byte = STR_NONE;

				if (pair.at[i] == '%' &&
				    str_from_hex(asked->keep, str_part(pair, i + 1, 2), &byte))
					i += 2;
				else
					byte = str_part(pair, i, 1);
				text_add(&out, byte);
			}
			break;
		}
	return text_str(&out);
}

static fault *code_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct identity_application app;
	struct tenant_state tenant;
	bool found;

	TRY(identity_application_find(tx, asked_value(asked, "client_id"), &app, &found));
	TRY(tenant_state_find(tx, asked->domain, &tenant, &found));
	TRY(identity_application_consent(tx, &app, tenant.id, IDENTITY_MANAGEMENT,
					 S("user_impersonation"), tenant.administrator));
	TRY(identity_token_code(
		tx,
		&(struct identity_code){ .client_id = app.client_id,
					 .tenant = tenant.id,
					 .user = tenant.administrator,
					 .redirect = asked_value(asked, "redirect_uri"),
					 .scope = asked_value(asked, "scope"),
					 .challenge = asked_value(asked, "code_challenge"),
					 .pkce = IDENTITY_PKCE_S256,
					 .mfa = true },
		&asked->code));
	asked->code = str_copy(asked->keep, asked->code);
	return NULL;
}

str vendor_person_code(struct vendor_stage *stage, struct arena *keep, str domain, str address)
{
	struct asked asked = { keep, domain, address, STR_NONE };

	must(store_run(vendor_stage_store(stage), STORE_WRITE, keep, "code", code_body, &asked));
	return asked.code;
}

struct turning {
	str domain;
	/* The status for the partner's; NULL: the first direct one is cancelled. */
	const char *ours;
	int64_t by; /* seats more for the partner's instead; 0: none */
};

static fault *turn_body(struct tx *tx, void *with)
{
	struct directory_subscriptions all;
	struct turning *turning = with;
	struct tenant_state tenant;
	bool found;

	TRY(tenant_state_find(tx, turning->domain, &tenant, &found));
	TRY(directory_subscription_all(tx, tenant.id, &all));
	for (size_t i = 0; i < all.len; i++) {
		const struct directory_subscription *s = &all.at[i];
		bool direct = str_is_empty(s->owner_tenant);

		if (turning->by && !direct)
			return directory_subscription_resize(tx, s, s->units + turning->by);
		if (turning->ours && !direct)
			TRY(directory_subscription_turn(tx, s, str_of(turning->ours),
							s->next_lifecycle, S("changed")));
		if (!turning->ours && !turning->by && direct && !s->trial && s->units < 10000)
			return directory_subscription_cancel(tx, s, S("Moving"), S(""));
	}
	return NULL;
}

static void turn(struct vendor_stage *stage, struct turning *turning)
{
	DEFER(arena_end) struct arena *scratch = arena_open();

	must(store_run(vendor_stage_store(stage), STORE_WRITE, scratch, "turn", turn_body,
		       turning));
}

void vendor_person_cancel_first(struct vendor_stage *stage, str domain)
{
	struct turning turning = { domain, NULL, 0 };

	turn(stage, &turning);
}

void vendor_person_turn_ours(struct vendor_stage *stage, str domain, const char *status)
{
	struct turning turning = { domain, status, 0 };

	turn(stage, &turning);
}

void vendor_person_resize_ours(struct vendor_stage *stage, str domain, int64_t by)
{
	struct turning turning = { domain, NULL, by };

	turn(stage, &turning);
}
