/* Cancel subscription: its dates, the reason, and the confirmation (vendor facts §5.3). */
#include "admin_cancel_html.h"
#include "sandbox/admin_products.h"
#include "sandbox/sandbox_clock.h"
#include "web/html.h"

#define KEPT_DAYS 90

static const struct {
	const char *word, *said;
} reasons[] = {
	{ "needs", "Business needs have changed" },
	{ "moving-offering", "Moving to different Office 365 offering" },
	{ "product", "Product didn't meet our needs" },
	{ "difficult", "Too difficult to set up and manage" },
	{ "support", "Dissatisfied with customer support" },
	{ "reliability", "Dissatisfied with reliability" },
	{ "moving-provider", "Moving to another service provider" },
	{ "price", "Dissatisfied with price" },
};

/* The words of a reason, or none. */
static str reason_said(str word)
{
	for (size_t i = 0; i < COUNT(reasons); i++)
		if (str_eq(word, str_of(reasons[i].word)))
			return str_of(reasons[i].said);
	return STR_NONE;
}

/* *ready is false when something else was answered: the page says why it cannot be cancelled. */
static fault *find(struct request *rq, struct reply *to, struct admin *admin,
		   struct directory_subscription *which, bool *ready)
{
	instant now;
	str said;

	TRY(admin_products_find(rq, to, admin, which, ready));
	if (!*ready)
		return NULL;
	TRY(sandbox_clock_now(request_tx(rq), &now));
	TRY(directory_subscription_uncancellable(request_tx(rq), which, now, &said));
	if (!str_eq(which->status, S("Enabled")))
		said = S("It is not active any more.");
	*ready = str_is_none(said);
	return *ready ? NULL : admin_products_refuse(rq, to, said);
}

static void dates_put(const struct directory_subscription *which, instant now,
		      struct admin_cancel_view *view)
{
	view->cancelled = instant_day(now);
	view->deleted = day_after(view->cancelled, KEPT_DAYS);
	view->has_later = !which->modern && !which->trial && !instant_is_none(which->term_ends);
	if (view->has_later) {
		view->later_cancelled = instant_day(which->term_ends);
		view->later_deleted = day_after(view->later_cancelled, KEPT_DAYS);
	}
	view->fee = "No";
	view->refund = which->trial    ? "Nothing was paid for a trial."
		       : which->modern ? "What was paid for the days left is paid back."
				       : "What was paid for the days left is credited to the next "
					 "invoice, if you cancel today.";
}

static fault *show(struct request *rq, struct reply *to, const struct admin *admin,
		   const struct directory_subscription *which, struct admin_cancel_view *view)
{
	struct arena *keep = request_arena(rq);
	instant now;

	TRY(sandbox_clock_now(request_tx(rq), &now));
	view->frame = admin_door_frame(admin, "Cancel subscription", ADMIN_PRODUCTS);
	view->name = which->title;
	view->licenses = which->units;
	view->action = str_format(keep, ADMIN_PRODUCTS_PATH "/%.*s/cancel", STR(which->id));
	view->later = str_eq(request_form(rq, "when"), S("renewal"));
	dates_put(which, now, view);
	view->reasons.at = NEW_ARRAY(keep, struct admin_reason, COUNT(reasons));
	view->reasons.len = COUNT(reasons);
	for (size_t i = 0; i < COUNT(reasons); i++)
		view->reasons.at[i] = (struct admin_reason){
			.word = reasons[i].word,
			.said = reasons[i].said,
			.chosen = str_eq(request_form(rq, "reason"), str_of(reasons[i].word)),
		};
	struct html *out = html_open(keep, rq);
	admin_cancel_page(out, view);
	return reply_page(to, str_is_empty(view->wrong) ? 200 : 400, out);
}

static fault *page(struct request *rq, struct reply *to)
{
	struct admin_cancel_view view = { .feedback = S("") };
	struct directory_subscription which;
	struct admin admin;
	bool ready;

	TRY(find(rq, to, &admin, &which, &ready));
	return ready ? show(rq, to, &admin, &which, &view) : NULL;
}

static void check(const struct request *rq, str reason, struct admin_cancel_view *view)
{
	if (str_is_none(reason))
		view->wrong_reason = S("Choose the reason that fits best.");
	if (!str_eq(request_form(rq, "confirm"), S("yes")))
		view->wrong_confirm = S("Tick the box to confirm.");
	if (view->feedback.len > 1000)
		view->wrong = S("The feedback is longer than 1000 characters. Shorten it.");
	else if (view->wrong_reason.len || view->wrong_confirm.len)
		view->wrong = S("Nothing was cancelled yet: something is missing below.");
}

static fault *cancel(struct request *rq, struct reply *to)
{
	struct admin_cancel_view view = { .feedback = str_trim(request_form(rq, "feedback")) };
	str reason = reason_said(request_form(rq, "reason"));
	bool later = str_eq(request_form(rq, "when"), S("renewal")), ready;
	struct directory_subscription which;
	struct admin admin;

	TRY(find(rq, to, &admin, &which, &ready));
	if (!ready)
		return NULL;
	check(rq, reason, &view);
	if (view.wrong.len)
		return show(rq, to, &admin, &which, &view);
	fault *f = later ? directory_subscription_cancel_at_end(request_tx(rq), &which, reason,
								view.feedback)
			 : directory_subscription_cancel(request_tx(rq), &which, reason,
							 view.feedback);
	if (f && f->kind == FAULT_CONFLICT)
		return admin_products_refuse(rq, to, str_of(f->said));
	TRY(f);
	return reply_go(to, ADMIN_PRODUCTS_PATH "?done=%s", later ? "cancels" : "cancelled");
}

static const struct route routes[] = {
	{ GET, ADMIN_PRODUCTS_PATH "/:id/cancel", page, .who = ANYONE,
	  .about = "The dates and reasons of a cancellation" },
	{ POST, ADMIN_PRODUCTS_PATH "/:id/cancel", cancel, .who = ANYONE,
	  .about = "Cancels a direct subscription" },
};
const struct route_table admin_cancel_routes = { routes, COUNT(routes) };
