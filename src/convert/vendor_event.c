#include "convert/vendor_event.h"

#include "base/log.h"
#include "convert/conversion.h"
#include "jobs/job.h"
#include "microsoft/event_signature.h"
#include "vendor_event_sql.h"

#define LOOK   "convert.event"
#define LISTEN "convert.listen"

/* More than Microsoft tells in the half second until they are looked at; a stranger's flood ends
 * here. */
enum { MOST_WAITING = 500, MOST_OF_ADDRESS = 100, MOST_AT_ONCE = 50 };

fault *vendor_event_keep(struct tx *tx, const struct event_sent *sent, str address, bool *kept)
{
	struct vendor_event_waiting there;
	bool found;

	TRY(vendor_event_waiting(tx, address, &there, &found));
	*kept = there.waiting < MOST_WAITING && there.brought < MOST_OF_ADDRESS;
	if (!*kept)
		return NULL;
	TRY(vendor_event_add(tx, &(struct vendor_event_add_in){
					 .id = tx_new_id(tx),
					 .at = tx_now(tx),
					 .address = address,
					 .certificate_url = sent->certificate_url,
					 .signature = sent->signature,
					 .body = sent->body,
				 }));
	return job_later(tx, &(struct job_new){ .kind = LOOK, .single = true });
}

/* One that was kept, and what came of it. */
struct looking {
	const struct vendor_event_oldest *row;
	str verdict; /* none: Microsoft signed it */
	struct event event;
};

static void look_at(struct microsoft_work *w, const struct convert_context *context,
		    struct looking *l)
{
	const struct event_sent sent = { l->row->certificate_url, l->row->signature, l->row->body };
	enum event_verdict verdict;

	l->verdict = STR_NONE;
	if (str_is_empty(context->event_address)) {
		l->verdict = S("unwanted");
		return;
	}
	verdict = event_signature_check(w, &sent);
	if (verdict != EVENT_SIGNED)
		l->verdict = event_signature_word(verdict);
	else if (!event_read(w->arena, sent.body, &l->event))
		l->verdict = S("unreadable");
}

static void log_dropped(const struct looking *l)
{
	LOG(LOG_WARN, "convert", "event dropped", { "verdict", l->verdict },
	    { "from", l->row->address }, { "certificate", l->row->certificate_url });
}

static fault *act_on(struct tx *tx, struct looking *l)
{
	bool woken = false;

	if (!str_is_none(l->verdict)) {
		log_dropped(l);
	} else {
		if (!str_is_none(l->event.tenant))
			TRY(conversion_wake(tx, l->event.tenant, &woken));
		l->verdict = woken ? S("woke") : S("nobody");
		LOG(LOG_INFO, "convert", "event", { "name", l->event.name },
		    { "tenant", l->event.tenant }, { "verdict", l->verdict });
	}
	TRY(vendor_event_tally(tx, l->verdict, l->row->at));
	return vendor_event_forget(tx, l->row->id);
}

static fault *read_waiting(const struct job_run *run, struct vendor_event_oldest_list *rows)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(tx_begin(run->store, STORE_READ, run->arena, &tx));
	return vendor_event_oldest(tx, MOST_AT_ONCE, rows);
}

static fault *look(const struct job_run *run)
{
	const struct convert_context *context = run->context;
	struct microsoft_work w = { .ms = context->ms, .arena = run->arena };
	DEFER(tx_end) struct tx *tx = NULL;
	struct vendor_event_oldest_list rows;
	struct looking *all;

	TRY(read_waiting(run, &rows));
	all = NEW_ARRAY(run->arena, struct looking, rows.len);
	for (size_t i = 0; i < rows.len; i++) {
		all[i].row = &rows.at[i];
		look_at(&w, context, &all[i]);
	}
	TRY(job_begin(run, &tx));
	for (size_t i = 0; i < rows.len; i++)
		TRY(act_on(tx, &all[i]));
	return job_finish(run, tx,
			  (struct job_after){ .next = AFTER_AGAIN,
					      .wait = rows.len == MOST_AT_ONCE ? 0 : DAYS(1) });
}

struct job_kind vendor_event_job(struct convert_context *context)
{
	return (struct job_kind){ .kind = LOOK, .run = look, .context = context };
}

/* Somebody else's registration is left alone: `novate connect --events` takes its place. */
static fault *listen(const struct job_run *run, str address)
{
	const struct convert_context *context = run->context;
	struct microsoft_work w = { .ms = context->ms, .arena = run->arena };
	struct event_registration found;

	TRY(event_registration_look(&w, address, &found));
	if (found.state == EVENT_HEARD)
		return NULL;
	if (found.state == EVENT_ELSEWHERE) {
		LOG(LOG_WARN, "convert", "somebody else is told of changes", { "url", found.url });
		return NULL;
	}
	TRY(event_registration_put(&w, address, &found));
	LOG(LOG_INFO, "convert", "registered for events", { "url", address });
	return NULL;
}

/* Nobody waits for this: what fails is no dead letter, `doctor` tells of it. */
static fault *keep_listening(const struct job_run *run)
{
	const struct convert_context *context = run->context;
	struct job_after after = { .next = AFTER_AGAIN, .wait = DAYS(1) };
	DEFER(tx_end) struct tx *tx = NULL;
	fault *f = NULL;

	if (!str_is_empty(context->event_address))
		f = listen(run, context->event_address);
	if (f && f->kind == FAULT_BUSY)
		return f;
	if (f) {
		log_fault(LOG_WARN, "convert", "not registered for events", f);
		after.wait = HOURS(1);
	}
	TRY(job_begin(run, &tx));
	return job_finish(run, tx, after);
}

struct job_kind vendor_event_listen_job(struct convert_context *context)
{
	return (struct job_kind){ .kind = LISTEN, .run = keep_listening, .context = context };
}

fault *vendor_event_later(struct tx *tx)
{
	TRY(job_later(tx, &(struct job_new){ .kind = LOOK, .single = true }));
	return job_later(tx, &(struct job_new){ .kind = LISTEN, .single = true });
}

static bool is_on_this_machine(str url)
{
	static const char *const hosts[] = { "://localhost:", "://localhost/", "://127.",
					     "://[::1]" };

	if (str_ends(url, S("://localhost")))
		return true;
	for (size_t i = 0; i < COUNT(hosts); i++)
		if (str_find(url, str_of(hosts[i])) >= 0)
			return true;
	return false;
}

str vendor_event_address(struct arena *keep, str public_url, str partner_center_url)
{
	bool here = is_on_this_machine(public_url);

	if (here ? !is_on_this_machine(partner_center_url) : !str_starts(public_url, S("https://")))
		return S("");
	return str_format(keep, "%.*s%s", STR(public_url), EVENT_PATH);
}

fault *vendor_event_count_all(struct tx *tx, struct vendor_event_count_list *counts)
{
	struct vendor_event_counts_list rows;

	TRY(vendor_event_counts(tx, &rows));
	counts->len = rows.len;
	counts->at = NEW_ARRAY(tx_arena(tx), struct vendor_event_count, rows.len);
	for (size_t i = 0; i < rows.len; i++)
		counts->at[i] = (struct vendor_event_count){ rows.at[i].verdict, rows.at[i].events,
							     rows.at[i].last_at };
	return NULL;
}
