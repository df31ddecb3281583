#include "sandbox/partner_relation_pages.h"

#include "sandbox/graph_answer.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_audit.h"
#include "sandbox/partner_page.h"
#include "sandbox/relationship.h"

#define MOST_RECORDS 500
#define FARTHEST     DAYS(90)

static json_t *partner_json(const struct partner_call *call, str partner, str name)
{
	return json_pack("{s:o, s:o, s:s, s:s, s:o, s:s, s:o}", "id", graph_text(partner), "name",
			 graph_text(name), "relationshipType",
			 "is_indirect_cloud_solution_provider_of", "state", "Active", "mpnId",
			 graph_text(call->setting.partner_mpn), "location", "US", "attributes",
			 partner_attributes("PartnerRelationship", STR_NONE));
}

/* The sandbox's partner is a provider whose one reseller is its own location. */
static fault *relationship_list(struct request *rq, struct reply *to)
{
	str type = request_query(rq, "relationship_type");
	struct partner_call call;
	bool go_on;

	TRY(partner_enter(rq, to, PARTNER_USER_ONLY, &call, &go_on));
	if (!go_on)
		return NULL;
	if (str_eq_nocase(type, S("IsIndirectResellerOf")))
		return partner_reply_items(&call, json_array());
	if (!str_eq_nocase(type, S("IsIndirectCloudSolutionProviderOf")))
		return partner_refuse(
			&call, 400, 2000,
			"The relationship_type is IsIndirectCloudSolutionProviderOf or "
			"IsIndirectResellerOf.");
	return partner_reply_items(
		&call, json_pack("[o]", partner_json(&call, call.partner.id, call.partner.name)));
}

static fault *customer_partners(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct relationships all;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_ONLY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	TRY(relationship_of_customer(call.tx, customer.id, &all));
	json_t *items = json_array();
	for (size_t i = 0; i < all.len; i++)
		json_array_append_new(
			items, partner_json(&call, all.at[i].partner, all.at[i].partner_name));
	return partner_reply_items(&call, items);
}

/* Whether a partner signed its own agreement: exactly one of the two names it. */
static fault *agreement_status(struct request *rq, struct reply *to)
{
	str mpn = request_query(rq, "mpnId"), tenant = request_query(rq, "tenantId");
	struct partner_call call;
	bool go_on;

	TRY(partner_enter(rq, to, PARTNER_ANY, &call, &go_on));
	if (!go_on)
		return NULL;
	if (!str_is_none(mpn) && !str_is_none(tenant))
		return partner_refuse(&call, 400, 2000, "Say mpnId or tenantId, not both.");
	if (str_is_none(mpn) && str_is_none(tenant))
		return partner_refuse(&call, 400, 2001, "Say mpnId or tenantId.");
	if (!str_is_none(mpn) && !str_eq(mpn, call.setting.partner_mpn))
		return partner_refuse(&call, 400, 2200, "The MPN id is not known.");
	if (!str_is_none(tenant) && !str_eq_nocase(tenant, call.partner.id))
		return partner_refuse(&call, 400, 2205, "The tenant is not known.");
	return partner_reply(&call, 200, json_pack("{s:b}", "isAgreementSigned", true));
}

static json_t *record_json(const struct partner_call *call, const struct partner_audit *audit)
{
	const char *resource, *operation;

	partner_audit_words(audit, &resource, &operation);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:s, s:o, s:o}", "id",
			 graph_text(id_text(call->arena, "aud", audit->id)), "partnerId",
			 graph_text(call->partner.id), "customerId", graph_text(audit->customer),
			 "userId", graph_text(audit->user), "applicationId",
			 graph_text(audit->application), "resourceType", resource, "operationType",
			 operation, "operationDate", graph_instant(call->arena, audit->at),
			 "operationStatus", "succeeded", "resourcePath", graph_text(audit->path),
			 "attributes", partner_attributes("AuditRecord", STR_NONE));
}

/* At most ninety days back. */
static bool dates_read(const struct partner_call *call, instant *from, instant *to)
{
	str begins = request_query(call->rq, "startDate"),
	    ends = request_query(call->rq, "endDate");

	if (!instant_from_rfc3339(begins, from) ||
	    instant_since(call->now, *from) > FARTHEST + DAYS(1))
		return false;
	*to = instant_after(call->now, 1);
	if (!str_is_none(ends) && !instant_from_rfc3339(ends, to))
		return false;
	/* A bare date is that whole day. */
	if (ends.len == S("2026-01-01").len)
		*to = instant_after(*to, DAYS(1));
	return true;
}

static fault *record_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_audits all;
	instant begins, ends;
	str token, next = STR_NONE;
	id after = ID_NONE;
	int64_t size;
	bool go_on;

	TRY(partner_enter(rq, to, PARTNER_ANY, &call, &go_on));
	if (go_on)
		TRY(partner_page_asked(&call, MOST_RECORDS, &size, &token, &go_on));
	if (!go_on)
		return NULL;
	if (!dates_read(&call, &begins, &ends))
		return partner_refuse(&call, 400, 2000,
				      "Say startDate, at most 90 days back, and endDate.");
	if (!str_is_none(token) && !id_from_text("aud", token, &after))
		return partner_refuse(&call, 400, 2000, "The MS-ContinuationToken is not ours.");
	TRY(partner_audit_all(call.tx, call.partner.id, begins, ends, after, (size_t)size + 1,
			      &all));
	json_t *items = json_array();
	for (size_t i = 0; i < all.len && (int64_t)i < size; i++)
		json_array_append_new(items, record_json(&call, &all.at[i]));
	if ((int64_t)all.len > size)
		next = str_base64url(call.arena, id_text(call.arena, "aud", all.at[size - 1].id));
	return partner_page_reply(&call, items, next);
}

static const struct route routes[] = {
	{ GET, "/v1/relationships", relationship_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/relationships", customer_partners, ANYONE, BY_BEARER },
	{ GET, "/v1/compliance/csp/agreementstatus", agreement_status, ANYONE, BY_BEARER },
	{ GET, "/v1/auditrecords", record_list, ANYONE, BY_BEARER },
};

const struct route_table partner_relation_routes = { routes, COUNT(routes) };
