#include "sandbox/partner_webhook.h"

#include "partner_webhook_sql.h"
#include "sandbox/fault_rule.h"
#include "sandbox/partner_setting.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/sandbox_setting.h"

#define MOST_ATTEMPTS  10
#define FIRST_PAUSE    SECONDS(5)  /* doubled after every attempt */
#define HELD_BACK      SECONDS(60) /* at most, when no other event comes */
#define TESTS_A_MINUTE 2

const char *const partner_webhook_events[] = {
	PARTNER_WEBHOOK_TEST,
	PARTNER_WEBHOOK_UPDATED,
	PARTNER_WEBHOOK_ACCEPTED,
};
const size_t partner_webhook_event_count = COUNT(partner_webhook_events);

fault *partner_webhook_find(struct tx *tx, str partner, struct partner_webhook *hook, bool *found)
{
	struct partner_webhook_one row;

	TRY(partner_webhook_one(tx, partner, &row, found));
	if (*found)
		*hook = (struct partner_webhook){ row.subscriber, row.url, row.events,
						  row.ms_header };
	return NULL;
}

fault *partner_webhook_put(struct tx *tx, str partner, const struct partner_webhook *hook)
{
	return partner_webhook_write(tx, &(struct partner_webhook_write_in){
						 .partner = partner,
						 .subscriber = hook->subscriber,
						 .url = hook->url,
						 .events = hook->events,
						 .ms_header = hook->ms_header,
					 });
}

/* When and how often, by what was switched on; a later event lets go what was held back. */
static fault *plan(struct tx *tx, str partner, const char *name,
		   struct partner_webhook_queue_in *in)
{
	struct fault_rule_delivery how;
	struct partner_setting setting;

	TRY(partner_setting_read(tx, &setting));
	TRY(fault_rule_webhook(tx, str_of(name), &how));
	in->next = instant_after(in->happened, setting.webhook_lag + how.millis * 1000 +
						       (how.after_next ? HELD_BACK : 0));
	in->state = how.lost ? S("lost") : S("queued");
	in->wanted = how.twice ? 2 : 1;
	in->after_next = how.after_next;
	return partner_webhook_release(tx, partner, instant_after(in->next, 1));
}

static fault *queue(struct tx *tx, str partner, const char *name, const char *resource_name,
		    str path, str correlation)
{
	struct partner_webhook_queue_in in = {
		.id = tx_new_id(tx),
		.partner = partner,
		.correlation = correlation,
		.name = str_of(name),
		.resource_name = str_of(resource_name),
	};
	struct sandbox_setting sandbox;

	TRY(sandbox_setting_read(tx, &sandbox));
	TRY(sandbox_clock_now(tx, &in.happened));
	in.resource_uri = str_format(tx_arena(tx), "%.*s/webhooks/v1%.*s",
				     STR(sandbox.partner_center_url), STR(path));
	TRY(plan(tx, partner, name, &in));
	return partner_webhook_queue(tx, &in);
}

fault *partner_webhook_note(struct tx *tx, str partner, const char *name, const char *resource_name,
			    str path)
{
	struct partner_webhook hook;
	str quoted = str_format(tx_arena(tx), "\"%s\"", name);
	bool found;

	TRY(partner_webhook_find(tx, partner, &hook, &found));
	if (!found || str_find(hook.events, quoted) < 0)
		return NULL;
	return queue(tx, partner, name, resource_name, path,
		     sandbox_guid(tx_world(tx), tx_arena(tx)));
}

fault *partner_webhook_test(struct tx *tx, str partner, str *correlation, bool *taken)
{
	struct partner_webhook_count row;
	instant now;
	bool found;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_webhook_count(tx, partner, S(PARTNER_WEBHOOK_TEST),
				  instant_after(now, -MINUTES(1)), &row, &found));
	*taken = row.count < TESTS_A_MINUTE;
	if (!*taken)
		return NULL;
	*correlation = sandbox_guid(tx_world(tx), tx_arena(tx));
	return queue(
		tx, partner, PARTNER_WEBHOOK_TEST, "test",
		str_format(tx_arena(tx), "/registration/validationEvents/%.*s", STR(*correlation)),
		*correlation);
}

fault *partner_webhook_result(struct tx *tx, str partner, str correlation,
			      struct partner_webhook_result *result, bool *found)
{
	struct partner_webhook_attempts_list rows;
	struct partner_webhook_event row;

	TRY(partner_webhook_event(tx, partner, str_lower(tx_arena(tx), correlation), &row, found));
	if (!*found)
		return NULL;
	TRY(partner_webhook_attempts(tx, row.id, &rows));
	*result = (struct partner_webhook_result){
		.correlation = correlation,
		.state = row.state,
		.attempts = NEW_ARRAY(tx_arena(tx), struct partner_webhook_attempt, rows.len),
		.attempt_count = rows.len,
	};
	for (size_t i = 0; i < rows.len; i++)
		result->attempts[i] = (struct partner_webhook_attempt){ rows.at[i].at,
									rows.at[i].status,
									rows.at[i].said };
	return NULL;
}

/* "2026-02-03T10:20:31+00:00": an offset, not the letter Z. */
static str date_of(struct arena *keep, instant at)
{
	str text = instant_rfc3339(keep, at);

	return str_format(keep, "%.*s+00:00", (int)text.len - 1, text.at);
}

static str body_of(struct arena *keep, const struct partner_webhook_waiting *row)
{
	str audit = str_is_none(row->audit_uri) ? S("null")
						: str_format(keep, "\"%.*s\"", STR(row->audit_uri));

	return str_format(keep,
			  "{\"EventName\":\"%.*s\",\"ResourceUri\":\"%.*s\",\"ResourceName\":"
			  "\"%.*s\",\"AuditUri\":%.*s,\"ResourceChangeUtcDate\":\"%.*s\"}",
			  STR(row->name), STR(row->resource_uri), STR(row->resource_name),
			  STR(audit), STR(date_of(keep, row->happened)));
}

fault *partner_webhook_due(struct tx *tx, size_t most, struct partner_webhook_deliveries *due)
{
	struct partner_webhook_waiting_list rows;
	struct arena *keep = tx_arena(tx);
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_webhook_waiting(tx, now, (int64_t)most, &rows));
	due->at = NEW_ARRAY(keep, struct partner_webhook_delivery, rows.len);
	due->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		due->at[i] = (struct partner_webhook_delivery){
			.event = rows.at[i].id,
			.url = rows.at[i].url,
			.body = body_of(keep, &rows.at[i]),
			.ms_header = rows.at[i].ms_header,
			.attempts = rows.at[i].attempts,
			.told = rows.at[i].deliveries,
			.wanted = rows.at[i].wanted,
		};
	return NULL;
}

static int64_t pause_after(int64_t attempts)
{
	return FIRST_PAUSE << (attempts < MOST_ATTEMPTS ? attempts : MOST_ATTEMPTS);
}

/* Only 200 counts as told. */
static str state_after(const struct partner_webhook_delivery *delivery, int64_t status)
{
	if (status == 200)
		return delivery->told + 1 < delivery->wanted ? S("queued") : S("delivered");
	return delivery->attempts + 1 < MOST_ATTEMPTS ? S("queued") : S("given-up");
}

fault *partner_webhook_told(struct tx *tx, const struct partner_webhook_delivery *delivery,
			    int64_t status, str said)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_webhook_add_attempt(tx, &(struct partner_webhook_add_attempt_in){
						    .event = delivery->event,
						    .number = delivery->attempts + 1,
						    .at = now,
						    .status = status,
						    .said = said,
					    }));
	return partner_webhook_mark(
		tx, delivery->event, state_after(delivery, status),
		status == 200 ? now : instant_after(now, pause_after(delivery->attempts)),
		status == 200);
}
