/* Microsoft.Billing: one subscription, and what may be changed (vendor facts §4). */
#include "sandbox/billing_account.h"
#include "sandbox/billing_setting.h"
#include "sandbox/billing_subscription.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"

#define ONE_SUBSCRIPTION BILLING_ACCOUNTS "/:account/billingSubscriptions/:name"
#define RESULT		 BILLING_ACCOUNTS "/:account/operationResults/:operation"

/* The subscription of the path; deleted ones too. */
static fault *find(const struct billing_call *call, struct directory_subscription *one, bool *found)
{
	str wanted = request_part(call->rq, "name");
	struct directory_subscriptions all = { 0 };
	bool shows;

	*found = false;
	TRY(billing_answer_shows_seats(call, &shows));
	if (shows)
		TRY(directory_subscription_ever(call->tx, call->tenant.id, &all));
	for (size_t i = 0; i < all.len && !*found; i++) {
		*found = str_eq_nocase(billing_subscription_name(&all.at[i]), wanted);
		if (*found)
			*one = all.at[i];
	}
	if (*found)
		return NULL;
	return billing_refuse(call, 404, "ResourceNotFound",
			      "The billing subscription '%.*s' was not found.",
			      STR(str_cut(wanted, 60)));
}

static fault *show(const struct billing_call *call, const struct directory_subscription *one)
{
	json_t *made;

	TRY(billing_subscription_json(
		call, one, str_eq_nocase(request_query(call->rq, "expand"), S("Reseller")), &made));
	return billing_reply(call, 200, made);
}

static fault *get(struct request *rq, struct reply *to)
{
	struct directory_subscription one;
	struct billing_call call;
	bool go_on;

	TRY(billing_enter_account(rq, to, &call, &go_on));
	if (go_on)
		TRY(find(&call, &one, &go_on));
	return go_on ? show(&call, &one) : NULL;
}

/* 202 with the address at which the result will be. */
static fault *accepted(const struct billing_call *call, const struct billing_operation *operation,
		       str subscription)
{
	const char *verb = str_eq(operation->kind, S("cancel")) ? "cancel" : "update";
	struct billing_setting setting;

	TRY(billing_setting_read(call->tx, &setting));
	reply_header(call->to, "Location",
		     str_format(call->arena,
				"%.*s" BILLING_ACCOUNTS
				"/%.*s/operationResults/%sBillingSubscription_%.*s:%.*s"
				"?api-version=" BILLING_VERSION,
				STR(call->setting.base_url), STR(call->account), verb,
				STR(subscription), STR(operation->id)));
	reply_header(call->to, "Retry-After",
		     str_format(call->arena, "%lld",
				(long long)((setting.change_time + SECONDS(1) - 1) / SECONDS(1))));
	return reply_text(call->to, 202, "application/json", S(""));
}

/* What stands against every change, or none. */
static fault *refuse_change(const struct billing_call *call,
			    const struct directory_subscription *one, bool *refused)
{
	bool busy;

	*refused = true;
	if (!billing_answer_is_modern(call))
		return billing_refuse(call, 400, "UnsupportedAgreementType",
				      "Changes are not supported for the agreement type of this "
				      "billing account.");
	if (!str_is_none(one->owner_tenant))
		return billing_refuse(call, 403, "AuthorizationFailed",
				      "This subscription belongs to a reseller's billing account.");
	TRY(billing_account_is_busy(call->tx, one->id, &busy));
	if (busy)
		return billing_refuse(call, 409, "SubscriptionLockedForUpdate",
				      "Another change of this subscription is under way.");
	*refused = false;
	return NULL;
}

/* A rule's own no is an answer; everything else is a fault. */
static fault *answer_of(const struct billing_call *call, fault *f, const char *code)
{
	if (f->kind != FAULT_CONFLICT && f->kind != FAULT_INPUT)
		return f;
	return billing_refuse(call, f->kind == FAULT_INPUT ? 400 : 409, code, "%s", f->said);
}

static fault *cancel(struct request *rq, struct reply *to)
{
	struct directory_subscription one;
	struct billing_operation operation;
	struct billing_call call;
	bool go_on, refused;

	TRY(billing_enter_account(rq, to, &call, &go_on));
	if (!go_on)
		return NULL;
	if (!billing_answer_is_modern(&call))
		return billing_refuse(&call, 400, "UnsupportedAgreementType",
				      "Cancelling is not supported for the agreement type of this "
				      "billing account.");
	TRY(find(&call, &one, &go_on));
	if (!go_on)
		return NULL;
	if (!str_eq(one.status, S("Enabled")) && !str_eq(one.status, S("Warning")))
		return reply_text(to, 204, "application/json", S(""));
	TRY(refuse_change(&call, &one, &refused));
	if (refused)
		return NULL;
	fault *f = billing_account_cancel(call.tx, &one, &operation);
	return f ? answer_of(&call, f, "CancellationNotAllowed")
		 : accepted(&call, &operation, billing_subscription_name(&one));
}

/* What a PATCH may hold. */
struct wish {
	bool renew, renew_on, resize;
	int64_t quantity;
};

static const char *wish_read(const json_t *body, struct wish *wish)
{
	json_t *of = json_object_get(body, "properties"), *value;
	const char *name;

	*wish = (struct wish){ 0 };
	if (!json_is_object(of) || json_object_size(of) == 0)
		return "The request body holds no 'properties'.";
	json_object_foreach(of, name, value)
	{
		str said = str_of(json_string_value(value));
		if (str_eq(str_of(name), S("autoRenew"))) {
			wish->renew = true;
			wish->renew_on = str_eq_nocase(said, S("On"));
			if (!wish->renew_on && !str_eq_nocase(said, S("Off")))
				return "The value of 'autoRenew' is On or Off.";
		} else if (str_eq(str_of(name), S("quantity")) && json_is_integer(value)) {
			wish->resize = true;
			wish->quantity = json_integer_value(value);
		} else {
			return "Only 'autoRenew' and a whole 'quantity' can be changed.";
		}
	}
	return NULL;
}

/* The switch turns at once; seats take a while. */
static fault *grant(const struct billing_call *call, struct directory_subscription *one,
		    const struct wish *wish)
{
	struct billing_operation operation;
	bool resizes = wish->resize && wish->quantity != one->units;
	fault *f = NULL;

	if (resizes)
		f = billing_account_resize(call->tx, one, wish->quantity, &operation);
	if (!f && wish->renew)
		f = directory_subscription_recur(call->tx, one, wish->renew_on);
	if (f)
		return answer_of(call, f, "ChangeNotAllowed");
	if (resizes)
		return accepted(call, &operation, billing_subscription_name(one));
	if (wish->renew)
		one->recurring = wish->renew_on;
	return show(call, one);
}

static fault *change(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct directory_subscription one;
	struct billing_call call;
	struct wish wish;
	bool go_on, refused;

	TRY(billing_enter_account(rq, to, &call, &go_on));
	if (go_on)
		TRY(find(&call, &one, &go_on));
	if (!go_on)
		return NULL;
	TRY(refuse_change(&call, &one, &refused));
	if (refused)
		return NULL;
	str text = request_body(rq);
	body = json_loadb(text.at ? text.at : "", text.len, 0, NULL);
	const char *wrong = wish_read(body, &wish);
	if (wrong)
		return billing_refuse(&call, 400, "BadRequest", "%s", wrong);
	return grant(&call, &one, &wish);
}

/* "cancelBillingSubscription_{subscription}:{operation}" */
static fault *result(struct request *rq, struct reply *to)
{
	str rest = request_part(rq, "operation"), verb, subscription;
	struct directory_subscription one;
	struct billing_operation operation;
	struct billing_call call;
	bool go_on, found = false;

	TRY(billing_enter_account(rq, to, &call, &go_on));
	if (!go_on)
		return NULL;
	if (str_next(&rest, '_', &verb) && str_next(&rest, ':', &subscription))
		TRY(billing_account_operation(call.tx, call.tenant.id, rest, &operation, &found));
	if (!found)
		return billing_refuse(&call, 404, "ResourceNotFound",
				      "There is no such operation.");
	if (instant_is_none(operation.done))
		return accepted(&call, &operation, subscription);
	if (!str_is_none(operation.refused))
		return billing_refuse(&call, 409, "OperationFailed", "%.*s",
				      STR(operation.refused));
	if (str_eq(operation.kind, S("cancel")))
		return reply_text(to, 204, "application/json", S(""));
	TRY(directory_subscription_find(call.tx, call.tenant.id, operation.directory, &one,
					&found));
	return found ? show(&call, &one) : reply_text(to, 204, "application/json", S(""));
}

static const struct route routes[] = {
	{ GET, ONE_SUBSCRIPTION, get, ANYONE, BY_BEARER },
	{ PATCH, ONE_SUBSCRIPTION, change, ANYONE, BY_BEARER },
	{ DELETE, ONE_SUBSCRIPTION, cancel, ANYONE, BY_BEARER },
	{ GET, RESULT, result, ANYONE, BY_BEARER },
};
const struct route_table billing_change_routes = { routes, COUNT(routes) };
