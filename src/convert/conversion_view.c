#include "convert/conversion_view.h"

#include "convert/plan_view.h"
#include "convert/seller_view.h"
#include "convert/turn.h"

/* A class of the style sheet.  Who waits for Microsoft has nothing to do: it goes on by itself. */
static const char *look_of(const struct conversion *c)
{
	switch (c->state) {
	case CONVERSION_WAITING:
		return c->waits_for == WAITS_MICROSOFT || c->waits_for == WAITS_NOBODY ? "now"
										       : "waits";
	case CONVERSION_RUNNING:
	case CONVERSION_STOPPING: return "now";
	case CONVERSION_DONE: return "done";
	case CONVERSION_REFUSED: return "wrong";
	case CONVERSION_UNDONE:
	case CONVERSION_STATE_COUNT: break;
	}
	return "";
}

static const char *look_of_step(const struct conversion *c, enum conversion_step step)
{
	if (step < c->step || c->state == CONVERSION_DONE)
		return "done";
	return step == c->step ? look_of(c) : "";
}

static const char *state_said(struct arena *keep, const struct conversion *c)
{
	switch (c->state) {
	case CONVERSION_RUNNING: return "Under way";
	case CONVERSION_WAITING:
		if (c->waits_for == WAITS_NOBODY)
			return "Waits for its date";
		return str_cstr(keep, str_format(keep, "Waits for %.*s",
						 STR(conversion_waits_word(c->waits_for))));
	case CONVERSION_STOPPING: return "Being undone";
	case CONVERSION_DONE: return "Done";
	case CONVERSION_UNDONE: return "Undone";
	case CONVERSION_REFUSED: return "Not converted";
	case CONVERSION_STATE_COUNT: break;
	}
	return "Unknown";
}

void conversion_view_line(struct arena *keep, const struct conversion *c, str public_url,
			  struct conversion_shown *shown)
{
	*shown = (struct conversion_shown){
		.title = str_is_empty(c->tenant_name) ? c->domain : c->tenant_name,
		.domain = c->domain,
		.tenant = c->tenant,
		.address = str_format(keep, "/partner/conversions/%.*s",
				      STR(id_text(keep, "cnv", c->id))),
		.door = str_format(keep, "%.*s/c/%.*s", STR(public_url), STR(c->door)),
		.door_path = str_format(keep, "/c/%.*s", STR(c->door)),
		.look = look_of(c),
		.state_said = state_said(keep, c),
		.ended = conversion_ended(c->state),
		.stopping = c->state == CONVERSION_STOPPING,
		.waits = c->waits_for != WAITS_NOBODY || c->state == CONVERSION_WAITING,
		.for_partner = c->waits_for == WAITS_PARTNER,
		.for_administrator = c->waits_for == WAITS_ADMINISTRATOR,
		.why = c->why,
		.next_thing = c->next_thing,
		.waits_since = c->waits_since,
		.started_at = c->started_at,
		.ended_at = c->ended_at,
		.done = c->state == CONVERSION_DONE,
	};
}

static void fill_acts(const struct conversion *c, struct conversion_shown *shown)
{
	enum turn_act asked = c->state == CONVERSION_WAITING || c->state == CONVERSION_STOPPING
				      ? turn_asked(c->next_thing)
				      : TURN_NONE;

	shown->admin_url = c->admin_url;
	shown->consent_url = c->consent_url;
	shown->invitation_url = c->invitation_url;
	shown->asks_consent = asked == TURN_ALLOW_READING && !str_is_none(c->consent_url);
	shown->asks_changing = asked == TURN_ALLOW_CHANGING && !str_is_none(c->consent_url);
	shown->asks_invitation = asked == TURN_ACCEPT_US && !str_is_none(c->invitation_url);
	shown->asks_cancel = asked == TURN_CANCEL_OLD;
	shown->to_approve = c->state == CONVERSION_WAITING && c->step == STEP_PLAN &&
			    !str_is_none(c->plan_hash) && str_is_none(c->approved_hash);
	shown->may_stop = !shown->ended && c->state != CONVERSION_STOPPING &&
			  c->step <= STEP_CANCEL_OLD;
	shown->plan_hash = c->plan_hash;
	shown->plan_hash_short = str_part(c->plan_hash, 0, 12);
}

static void fill_steps(struct arena *keep, const struct conversion *c,
		       struct conversion_shown *shown)
{
	shown->steps.at = NEW_ARRAY(keep, struct step_shown, CONVERSION_STEP_COUNT);
	shown->steps.len = CONVERSION_STEP_COUNT;
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++) {
		shown->steps.at[s] = (struct step_shown){
			.does = conversion_step_does(s),
			.procedure = conversion_step_procedure(s),
			.look = look_of_step(c, s),
			.now = s == c->step && !shown->ended,
		};
	}
}

/* The name by which people know a SKU; what the plan does not speak of has its part number. */
static str title_of(const struct conversion_shown *shown, str part_number)
{
	for (size_t i = 0; i < shown->lines.len; i++)
		if (str_eq(shown->lines.at[i].part_number, part_number))
			return shown->lines.at[i].title;
	return part_number;
}

static struct count_shown *count_of(struct conversion_shown *shown, str part_number)
{
	for (size_t i = 0; i < shown->counts.len; i++)
		if (str_eq(shown->counts.at[i].part_number, part_number))
			return &shown->counts.at[i];
	struct count_shown *made = &shown->counts.at[shown->counts.len++];

	made->part_number = part_number;
	made->title = title_of(shown, part_number);
	return made;
}

/* At most this many SKUs are compared on a page; a tenant has a few dozen. */
enum { MOST_SKUS = 600 };

static struct moment_shown *moment_of(struct count_shown *row, enum snapshot_moment moment)
{
	switch (moment) {
	case SNAPSHOT_BEFORE: return &row->before;
	case SNAPSHOT_BETWEEN: return &row->between;
	case SNAPSHOT_AFTER: return &row->after;
	}
	return &row->before;
}

static fault *fill_counts(struct tx *tx, const struct conversion *c, struct conversion_shown *shown)
{
	shown->counts.at = NEW_ARRAY(tx_arena(tx), struct count_shown, MOST_SKUS);
	for (enum snapshot_moment m = SNAPSHOT_BEFORE; m <= SNAPSHOT_AFTER; m++) {
		struct license_skus skus;

		TRY(snapshot_load_skus(tx, c->id, m, &skus));
		shown->has_between = shown->has_between || (m == SNAPSHOT_BETWEEN && skus.len);
		shown->has_after = shown->has_after || (m == SNAPSHOT_AFTER && skus.len);
		for (size_t i = 0; i < skus.len && shown->counts.len < MOST_SKUS; i++) {
			const struct license_sku *sku = &skus.at[i];

			*moment_of(count_of(shown, sku->part_number), m) = (struct moment_shown){
				.seen = true,
				.valid = license_valid(sku),
				.expired = license_expired(sku),
				.assigned = sku->consumed,
			};
		}
	}
	return NULL;
}

fault *conversion_view_fill(struct tx *tx, const struct conversion *c, str public_url,
			    struct conversion_shown *shown)
{
	struct certificate certificate;
	bool found;

	conversion_view_line(tx_arena(tx), c, public_url, shown);
	fill_acts(c, shown);
	fill_steps(tx_arena(tx), c, shown);
	TRY(plan_view_fill(tx, c, shown));
	TRY(seller_view_fill(tx, c, shown));
	for (size_t i = 0; i < shown->lines.len; i++)
		shown->moves_users |= shown->lines.at[i].moves;
	TRY(fill_counts(tx, c, shown));
	TRY(cancel_guide_load(tx, c, &shown->guide));
	shown->has_guide = c->step == STEP_CANCEL_OLD && !shown->ended && !shown->stopping &&
			   shown->guide.each.len > 0;
	TRY(billing_grant_get(tx, c->id, &shown->billing));
	shown->offers_billing = shown->billing.offered && !shown->ended && !shown->stopping &&
				c->step <= STEP_CANCEL_OLD;
	TRY(certificate_get(tx, c->id, &certificate, &found));
	if (found)
		shown->certificate_sha256 = certificate.sha256;
	return conversion_history(tx, c->id, &shown->history);
}
