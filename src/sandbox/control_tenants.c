/* Tenants with their pools. */
#include "control_sql.h"
#include "control_tenants_html.h"
#include "sandbox/control.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_act.h"

enum { TENANTS_A_PAGE = 20 };

/* Those of sandbox_act that want a tenant and nothing else. */
static const struct control_act acts[] = {
	{ "consent", "lets the first application in" },
	{ "withdraw-consent", "takes its consent back" },
	{ "accept", "accepts the partner as reseller, and signs" },
	{ "sign", "signs the customer agreement" },
	{ "gdap", "approves delegated admin relationships" },
	{ "remove-partner", "ends the relationship" },
	{ "cancel", "cancels every direct, paid subscription" },
	{ "reactivate", "takes those cancellations back" },
};

static fault *pools_of(struct tx *tx, struct control_tenant *tenant)
{
	struct license_pools pools;

	TRY(license_pool_all(tx, tenant->id, &pools));
	tenant->pools.at = NEW_ARRAY(tx_arena(tx), struct control_pool, pools.len + 1);
	tenant->pools.len = pools.len;
	for (size_t i = 0; i < pools.len; i++)
		tenant->pools.at[i] = (struct control_pool){
			.name = pools.at[i].title,
			.valid = license_pool_valid(&pools.at[i]),
			.expired = license_pool_expired(&pools.at[i]),
			.assigned = pools.at[i].consumed,
			.spare = license_pool_spare(&pools.at[i]),
		};
	return NULL;
}

static fault *fill(struct tx *tx, const struct control_tenants_list *rows,
		   struct control_tenants_view *view)
{
	size_t shown = rows->len > TENANTS_A_PAGE ? TENANTS_A_PAGE : rows->len;

	view->tenants.at = NEW_ARRAY(tx_arena(tx), struct control_tenant, shown + 1);
	view->tenants.len = shown;
	for (size_t i = 0; i < shown; i++) {
		const struct control_tenants *row = &rows->at[i];
		view->tenants.at[i] = (struct control_tenant){
			.id = row->id,
			.name = row->name,
			.domain = row->domain,
			.administrator = row->administrator,
			.partner = row->partner,
			.customer = row->customer,
			.act = row->partner ? S("")
					    : str_format(tx_arena(tx), "/control/tenants/%.*s/act",
							 STR(row->id)),
		};
		TRY(pools_of(tx, &view->tenants.at[i]));
	}
	return NULL;
}

static fault *tenants(struct request *rq, struct reply *to)
{
	struct arena *keep = request_arena(rq);
	struct control_tenants_view view = { .words = control_word(rq, "words"),
					     .acts = { acts, COUNT(acts) } };
	struct control_tenants_list rows;
	int64_t after;
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	if (!str_to_int64(request_query(rq, "after"), &after))
		after = -1;
	TRY(control_frame_of(rq, "Tenants", CONTROL_TENANTS, &view.frame));
	TRY(control_tenants(request_tx(rq), str_lower(keep, view.words), after, TENANTS_A_PAGE + 1,
			    &rows));
	TRY(fill(request_tx(rq), &rows, &view));
	str words = control_escaped(keep, view.words);
	if (after >= 0)
		view.newer = str_format(keep, "/control/tenants?words=%.*s", STR(words));
	if (rows.len > TENANTS_A_PAGE)
		view.older = str_format(keep, "/control/tenants?after=%lld&words=%.*s",
					(long long)rows.at[TENANTS_A_PAGE - 1].position,
					STR(words));
	struct html *out = html_open(keep, rq);
	control_tenants_page(out, &view);
	return reply_page(to, 200, out);
}

/* What a rule stands against is a fault, so that nothing of it is kept. */
static fault *act(struct request *rq, struct reply *to)
{
	const str words[] = { str_trim(request_form(rq, "what")), request_part(rq, "tenant") };
	bool open, known = false;
	str said;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	for (size_t i = 0; i < COUNT(acts); i++)
		known |= str_eq(words[0], str_of(acts[i].word));
	if (!known)
		return fault_new(FAULT_INPUT, "There is no such act.");
	TRY(sandbox_act(request_tx(rq), words, COUNT(words), &said));
	return control_done(to, "/control/tenants", said, NULL);
}

static const struct route routes[] = {
	{ POST, "/control/tenants/:tenant/act", act, .who = ANYONE,
	  .about = "Does what the tenant's administrator would" },
	{ GET, "/control/tenants", tenants, .who = ANYONE, .about = "Tenants and their pools" },
};
const struct route_table control_tenant_routes = { routes, COUNT(routes) };
