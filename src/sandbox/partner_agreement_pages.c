#include "sandbox/partner_agreement_pages.h"

#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_agreement.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_json.h"

#define MOST_TEXT 256

/* Without the query it is the older agreement that is meant. */
static const struct partner_agreement_kind *asked_kind(struct request *rq)
{
	str name = request_query(rq, "agreementType");

	return partner_agreement_kind_named(
		str_is_none(name) || str_is_empty(name) ? S("MicrosoftCloudAgreement") : name);
}

static fault *refuse_kind(const struct partner_call *call)
{
	return partner_refuse(call, 400, 2000,
			      "The agreementType is MicrosoftCustomerAgreement or "
			      "MicrosoftCloudAgreement.");
}

static fault *template_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	bool go_on;

	TRY(partner_enter(rq, to, PARTNER_USER_ONLY, &call, &go_on));
	if (!go_on)
		return NULL;
	const struct partner_agreement_kind *kind = asked_kind(rq);
	if (!kind)
		return refuse_kind(&call);
	return partner_reply_items(
		&call, json_pack("[{s:s, s:s, s:s, s:i, s:o}]", "templateId", kind->template_id,
				 "agreementType", kind->name, "agreementLink", kind->link,
				 "versionRank", kind->rank, "attributes",
				 partner_attributes("AgreementMetaData", STR_NONE)));
}

static fault *template_document(struct request *rq, struct reply *to)
{
	str wanted = request_part(rq, "template");
	struct partner_call call;
	bool go_on;

	TRY(partner_enter(rq, to, PARTNER_ANY, &call, &go_on));
	if (!go_on)
		return NULL;
	for (size_t i = 0; i < partner_agreement_kind_count; i++) {
		const struct partner_agreement_kind *kind = &partner_agreement_kinds[i];
		str uri = str_format(call.arena, "%.*s/agreements/%s",
				     STR(call.setting.partner_center_url), kind->template_id);
		if (str_eq_nocase(wanted, str_of(kind->template_id)))
			return partner_reply(
				&call, 200,
				json_pack("{s:o, s:o, s:s, s:s, s:o}", "displayUri",
					  graph_text(uri), "downloadUri", graph_text(uri),
					  "language", "en-US", "country", "US", "attributes",
					  partner_attributes("AgreementDocument", STR_NONE)));
	}
	return partner_refuse(&call, 404, 2000, "There is no such agreement template.");
}

/* What displayUri leads to: anybody may read it. */
static fault *document(struct request *rq, struct reply *to)
{
	for (size_t i = 0; i < partner_agreement_kind_count; i++) {
		const struct partner_agreement_kind *kind = &partner_agreement_kinds[i];
		if (str_eq_nocase(request_part(rq, "template"), str_of(kind->template_id)))
			return reply_text(to, 200, "text/plain; charset=utf-8",
					  str_format(request_arena(rq),
						     "%s\n\nThe sandbox has no text of it. The "
						     "real one: %s\n",
						     kind->name, kind->link));
	}
	return fault_new(FAULT_MISSING, "There is no such agreement.");
}

static json_t *agreement_json(const struct partner_call *call, const struct partner_agreement *one)
{
	json_t *contact = json_pack("{s:o, s:o, s:o}", "firstName", graph_text(one->first_name),
				    "lastName", graph_text(one->last_name), "email",
				    graph_text(one->email));

	if (!str_is_none(one->phone))
		json_object_set_new(contact, "phoneNumber", graph_text(one->phone));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "userId", graph_text(one->user),
			 "primaryContact", contact, "templateId", graph_text(one->template_id),
			 "dateAgreed", graph_instant(call->arena, one->agreed), "type",
			 graph_text(one->kind), "attributes",
			 partner_attributes("Agreement", STR_NONE));
}

static fault *agreement_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_agreements all;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_ONLY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	const struct partner_agreement_kind *kind = asked_kind(rq);
	if (!kind)
		return refuse_kind(&call);
	TRY(partner_agreement_all(call.tx, customer.id, str_of(kind->name), &all));
	json_t *items = json_array();
	for (size_t i = 0; i < all.len; i++)
		json_array_append_new(items, agreement_json(&call, &all.at[i]));
	return partner_reply_items(&call, items);
}

static bool is_name(str s)
{
	return !str_is_empty(s) && s.len <= MOST_TEXT;
}

/* NULL, or what is wrong. */
static const char *agreement_read(const struct partner_call *call, const json_t *body,
				  struct partner_agreement *one)
{
	const json_t *contact = partner_json_member(body, "primaryContact");
	const struct partner_agreement_kind *kind = partner_agreement_kind_named(
		partner_json_text(call->arena, body, "type"));

	if (!kind)
		return "The type is MicrosoftCustomerAgreement or MicrosoftCloudAgreement.";
	*one = (struct partner_agreement){
		.kind = str_of(kind->name),
		.template_id = str_of(kind->template_id),
		.first_name = partner_json_text(call->arena, contact, "firstName"),
		.last_name = partner_json_text(call->arena, contact, "lastName"),
		.email = partner_json_text(call->arena, contact, "email"),
		.phone = partner_json_text(call->arena, contact, "phoneNumber"),
		.user = call->caller.user,
	};
	if (!str_eq_nocase(partner_json_text(call->arena, body, "templateId"), one->template_id))
		return "The templateId is not the one of this agreement.";
	if (!is_name(one->first_name) || !is_name(one->last_name) || !is_name(one->email) ||
	    str_find(one->email, S("@")) < 1 || one->phone.len > MOST_TEXT)
		return "The primaryContact needs firstName, lastName and email.";
	if (!instant_from_rfc3339(partner_json_text(call->arena, body, "dateAgreed"), &one->agreed))
		return "The dateAgreed is not a date.";
	if (instant_before(instant_after(call->now, DAYS(1)), one->agreed))
		return "The dateAgreed lies in the future.";
	return NULL;
}

static fault *agreement_create(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct partner_call call;
	struct tenant_state customer;
	struct partner_agreement one;
	bool go_on, taken;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_ONLY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	body = partner_body(&call);
	const char *wrong = agreement_read(&call, body, &one);
	if (wrong)
		return partner_refuse(&call, 400, 2000, "%s", wrong);
	TRY(partner_agreement_attest(call.tx, call.partner.id, customer.id, &one, &taken));
	if (!taken)
		return partner_refuse(&call, 400, 600061,
				      "The same confirmation of this contact exists already.");
	return partner_reply(&call, 201, agreement_json(&call, &one));
}

/* Whether the customer signed alone, in the admin center. */
static fault *signed_status(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_ONLY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	return partner_reply(
		&call, 200,
		json_pack("{s:b}", "isSigned", !instant_is_none(customer.agreement_signed)));
}

static const struct route routes[] = {
	{ GET, "/agreements/:template", document, ANYONE, BY_NOTHING },
	{ GET, "/v1/agreements", template_list, ANYONE, BY_BEARER },
	{ GET, "/v1/agreementtemplates/:template/document", template_document, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/agreements", agreement_list, ANYONE, BY_BEARER },
	{ POST, "/v1/customers/:customer/agreements", agreement_create, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/directSignedMicrosoftCustomerAgreementStatus",
	  signed_status, ANYONE, BY_BEARER },
};

const struct route_table partner_agreement_routes = { routes, COUNT(routes) };
