/* Microsoft.Billing: the accounts, and lists of their subscriptions (vendor facts §4). */
#include "remote/remote.h"
#include "sandbox/billing_subscription.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"

/* The accounts a person sees; one without a role sees none. */
static fault *accounts(struct request *rq, struct reply *to)
{
	struct billing_call call;
	bool go_on;

	TRY(billing_enter(rq, to, &call, &go_on));
	if (!go_on)
		return NULL;
	json_t *value = json_array();
	if (call.bills)
		json_array_append_new(
			value,
			json_pack("{s:o, s:o, s:s, s:{s:o, s:o, s:s, s:s, s:{s:o, s:o}, s:b}}",
				  "id",
				  graph_text(str_format(call.arena, BILLING_ACCOUNTS "/%.*s",
							STR(call.account))),
				  "name", graph_text(call.account), "type",
				  "Microsoft.Billing/billingAccounts", "properties", "displayName",
				  graph_text(call.tenant.name), "agreementType",
				  graph_text(call.tenant.account_type), "accountType", "Enterprise",
				  "accountStatus", "Active", "soldTo", "country",
				  graph_text(call.tenant.country), "companyName",
				  graph_text(call.tenant.name), "hasReadAccess", true));
	return billing_reply(&call, 200, json_pack("{s:o}", "value", value));
}

/* What a list is asked for. */
struct listing {
	int64_t top, skip;
	bool count, deleted, reseller;
	str member, wanted; /* of the filter; none: all */
};

static bool is_true(const struct request *rq, const char *name)
{
	return str_eq_nocase(request_query(rq, name), S("true"));
}

static bool number_in(const struct request *rq, const char *name, int64_t least, int64_t most,
		      int64_t *number)
{
	str said = request_query(rq, name);

	if (str_is_none(said))
		return true;
	return str_to_int64(said, number) && *number >= least && *number <= most;
}

/* "properties/status eq 'Active'": one comparison, of one of these. */
static bool filter_read(const struct request *rq, struct listing *listing)
{
	static const char *const members[] = { "status", "autoRenew", "productCategory" };
	str filter = request_query(rq, "filter");

	listing->member = listing->wanted = STR_NONE;
	if (str_is_empty(filter))
		return true;
	for (size_t i = 0; i < COUNT(members); i++) {
		str name = str_of(members[i]);
		str rest = filter;
		if (str_starts(rest, S("properties/")))
			rest = str_part(rest, 11, rest.len);
		if (!str_starts(rest, name))
			continue;
		rest = str_part(rest, name.len, rest.len);
		if (!str_starts(rest, S(" eq '")) || !str_ends(rest, S("'")) || rest.len < 7)
			return false;
		listing->member = name;
		listing->wanted = str_part(rest, 5, rest.len - 6);
		return true;
	}
	return false;
}

static const char *listing_read(const struct request *rq, struct listing *listing)
{
	*listing = (struct listing){
		.top = 50,
		.count = is_true(rq, "count"),
		.deleted = is_true(rq, "includeDeleted"),
		.reseller = str_eq_nocase(request_query(rq, "expand"), S("Reseller")),
	};
	if (!number_in(rq, "top", 1, 100, &listing->top))
		return "The value of 'top' is 1 to 100.";
	if (!number_in(rq, "skip", 0, 1000000, &listing->skip))
		return "The value of 'skip' is 0 or more.";
	if (!filter_read(rq, listing))
		return "The 'filter' is not supported: compare status, autoRenew or "
		       "productCategory with eq.";
	return NULL;
}

static bool is_listed(const json_t *one, const struct listing *listing)
{
	const json_t *of = json_object_get(one, "properties");
	const char *found;

	if (str_is_none(listing->member))
		return true;
	found = json_string_value(json_object_getn(of, listing->member.at, listing->member.len));
	return str_eq_nocase(str_of(found), listing->wanted);
}

static fault *gather(const struct billing_call *call, const struct listing *listing, json_t *all)
{
	struct directory_subscriptions rows = { 0 };
	bool shows;

	TRY(billing_answer_shows_seats(call, &shows));
	if (shows && listing->deleted)
		TRY(directory_subscription_ever(call->tx, call->tenant.id, &rows));
	else if (shows)
		TRY(directory_subscription_all(call->tx, call->tenant.id, &rows));
	for (size_t i = 0; i < rows.len; i++) {
		json_t *made;
		TRY(billing_subscription_json(call, &rows.at[i], listing->reseller, &made));
		if (is_listed(made, listing))
			json_array_append_new(all, made);
		else
			json_decref(made);
	}
	return NULL;
}

static json_t *next_link(const struct billing_call *call, const struct listing *listing)
{
	static const char *const kept[] = { "includeDeleted", "count", "expand", "filter" };
	struct text link = text_open(call->arena);
	int64_t next = listing->skip + listing->top;

	text_format(&link,
		    "%.*s" BILLING_ACCOUNTS
		    "/%.*s/billingSubscriptions?api-version=" BILLING_VERSION "&top=%lld&skip=%lld",
		    STR(call->setting.base_url), STR(call->account), (long long)listing->top,
		    (long long)next);
	for (size_t i = 0; i < COUNT(kept); i++) {
		str value = request_query(call->rq, kept[i]);
		if (!str_is_none(value))
			text_format(&link, "&%s=%.*s", kept[i],
				    STR(remote_escape(call->arena, value)));
	}
	return graph_text(text_str(&link));
}

static fault *list_reply(const struct billing_call *call, const struct listing *listing,
			 const json_t *all)
{
	json_t *value = json_array(), *made = json_pack("{s:o}", "value", value);
	int64_t count = (int64_t)json_array_size(all);

	for (int64_t i = listing->skip; i < count && i < listing->skip + listing->top; i++)
		json_array_append(value, json_array_get(all, (size_t)i));
	if (listing->skip + listing->top < count)
		json_object_set_new(made, "nextLink", next_link(call, listing));
	if (listing->count)
		json_object_set_new(made, "totalCount", json_integer((json_int_t)count));
	return billing_reply(call, 200, made);
}

static fault *list(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *all = json_array();
	struct listing listing;
	struct billing_call call;
	bool go_on;

	TRY(billing_enter_account(rq, to, &call, &go_on));
	if (!go_on)
		return NULL;
	const char *wrong = listing_read(rq, &listing);
	if (wrong)
		return billing_refuse(&call, 400, "BadRequest", "%s", wrong);
	TRY(gather(&call, &listing, all));
	return list_reply(&call, &listing, all);
}

static const struct route routes[] = {
	{ GET, BILLING_ACCOUNTS, accounts, ANYONE, BY_BEARER },
	{ GET, BILLING_ACCOUNTS "/:account/billingSubscriptions", list, ANYONE, BY_BEARER },
};
const struct route_table billing_list_routes = { routes, COUNT(routes) };
