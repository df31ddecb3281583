/* Cancel subscription: its dates, the reason, and the confirmation (vendor facts §5.3). */
#include "admin_cancel_html.h"
#include "sandbox/admin_door.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/identity.h"
#include "sandbox/identity_pages.h"
#include "sandbox/license_pool.h"
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

static fault *cannot(struct request *rq, struct reply *to, str said)
{
	const struct identity_message_view view = {
		.title = S("This subscription cannot be cancelled here"),
		.said = said,
		.link = S("/admin/billing/subscriptions"),
		.link_said = S("Your products"),
	};
	return identity_message(rq, to, 409, &view);
}

/* The subscription in the address; *ready is false when something else was answered. */
static fault *find(struct request *rq, struct reply *to, struct admin *admin,
		   struct directory_subscription *which, bool *ready)
{
	bool found;
	TRY(admin_door(rq, to, ADMIN_BILLS, admin, ready));
	if (!*ready)
		return NULL;
	TRY(directory_subscription_find(request_tx(rq), admin->tenant.id, request_part(rq, "id"),
					which, &found));
	if (!found)
		return fault_new(FAULT_MISSING,
				 "Your organization has no such subscription. Choose one under "
				 "Your products.");
	*ready = false;
	if (!str_is_none(which->owner_tenant))
		return cannot(rq, to,
			      S("A partner sold this subscription. Only the partner can end it."));
	if (!str_eq(which->status, S("Enabled")))
		return cannot(rq, to, S("It is not active any more."));
	*ready = true;
	return NULL;
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
	view->action = str_format(keep, "/admin/billing/subscriptions/%.*s/cancel", STR(which->id));
	view->cancelled = instant_day(now);
	view->deleted = day_after(view->cancelled, KEPT_DAYS);
	view->fee = "No";
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
	struct admin admin;
	struct directory_subscription which;
	struct admin_cancel_view view = { .feedback = S("") };
	bool ready;
	TRY(find(rq, to, &admin, &which, &ready));
	return ready ? show(rq, to, &admin, &which, &view) : NULL;
}

static fault *cancel(struct request *rq, struct reply *to)
{
	struct admin admin;
	struct directory_subscription which;
	struct admin_cancel_view view = { .feedback = str_trim(request_form(rq, "feedback")) };
	str reason = reason_said(request_form(rq, "reason"));
	bool ready;

	TRY(find(rq, to, &admin, &which, &ready));
	if (!ready)
		return NULL;
	if (str_is_none(reason))
		view.wrong_reason = S("Choose the reason that fits best.");
	if (!str_eq(request_form(rq, "confirm"), S("yes")))
		view.wrong_confirm = S("Tick the box to confirm.");
	if (view.feedback.len > 1000)
		view.wrong = S("The feedback is longer than 1000 characters. Shorten it.");
	else if (view.wrong_reason.len || view.wrong_confirm.len)
		view.wrong = S("Nothing was cancelled yet: something is missing below.");
	if (view.wrong.len)
		return show(rq, to, &admin, &which, &view);
	TRY(directory_subscription_cancel(request_tx(rq), &which, reason, view.feedback));
	return reply_go(to, "/admin/billing/subscriptions?done=cancelled");
}

static const struct route routes[] = {
	{ GET, "/admin/billing/subscriptions/:id/cancel", page, .who = ANYONE,
	  .about = "The dates and reasons of a cancellation" },
	{ POST, "/admin/billing/subscriptions/:id/cancel", cancel, .who = ANYONE,
	  .about = "Cancels a direct subscription" },
};
const struct route_table admin_cancel_routes = { routes, COUNT(routes) };
