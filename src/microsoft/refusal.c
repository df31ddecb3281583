#include "microsoft/refusal.h"

#include <string.h>

#include "microsoft/reading.h"

struct meaning {
	const char *code;
	enum fault_kind kind;
	const char *said;
};

static const char send_invitation[] =
	"The customer has not made us their reseller yet. Send the invitation to the customer's "
	"administrator.";
static const char our_role[] =
	"Our account at Microsoft may not do this. Give it the role it needs in Partner Center, "
	"then try again.";
static const char not_sold[] =
	"Microsoft does not sell this product to this customer through us. Choose another product "
	"in the plan.";
static const char wait_for_it[] =
	"Microsoft still works on an earlier request. It is tried again by itself.";
static const char credit[] =
	"Microsoft refused the order because of our credit with them. Settle it with Microsoft's "
	"credit department, then try again.";
static const char no_access[] =
	"Partner Center refused our access. Sign in again with \"novate connect\".";
static const char second_factor[] =
	"Microsoft wants the second factor of our sign-in. Sign in again with \"novate connect\".";
static const char expired[] =
	"Our sign-in at Microsoft has expired. Sign in again with \"novate connect\".";
static const char no_consent[] =
	"The tenant's administrator has not consented yet. Ask them to open the invitation.";
static const char failed[] = "Partner Center failed. It is tried again by itself.";
static const char quantity[] = "Microsoft refused this number of licenses. Check the quantity.";
static const char under_review[] = "Microsoft reviews this customer. Wait for its decision.";

/* Partner Center §3.15, by class. */
static const struct meaning partner_center[] = {
	{ "400", FAULT_DENIED, no_access },
	{ "900420", FAULT_DENIED, no_access },
	{ "900421", FAULT_DENIED, second_factor },
	{ "800001", FAULT_DENIED, no_access },
	{ "900329", FAULT_DENIED,
	  "Microsoft wants a person's sign-in for this. Sign in again with \"novate connect\"." },
	{ "900308", FAULT_DENIED, our_role },
	{ "900309", FAULT_DENIED,
	  "A sign-in rule of Microsoft keeps our account out. Ask whoever keeps our "
	  "conditional access rules to let it in." },
	{ "900150", FAULT_DENIED, our_role },
	{ "900316", FAULT_DENIED, our_role },
	{ "20002", FAULT_MISSING, send_invitation },
	{ "60003", FAULT_MISSING, send_invitation },
	{ "60002", FAULT_MISSING, "Microsoft does not know this user. Look again." },
	{ "13605", FAULT_CONFLICT,
	  "The customer has not accepted the Microsoft Customer Agreement. Ask the customer's "
	  "administrator to accept it in the admin center." },
	{ "900123", FAULT_CONFLICT,
	  "The reseller on this order has not signed the Microsoft Partner Agreement. Ask them "
	  "to sign it in Partner Center." },
	{ "900124", FAULT_CONFLICT,
	  "Our company has not signed the Microsoft Partner Agreement. Sign it in Partner "
	  "Center." },
	{ "2006", FAULT_INPUT, not_sold },
	{ "2085", FAULT_INPUT, not_sold },
	{ "2091", FAULT_INPUT, not_sold },
	{ "800020", FAULT_INPUT, not_sold },
	{ "800004", FAULT_INPUT, not_sold },
	{ "900142", FAULT_INPUT, not_sold },
	{ "900144", FAULT_INPUT, not_sold },
	{ "2030", FAULT_INPUT,
	  "We may not sell in the customer's country. Hand this customer to a partner who may." },
	{ "800070", FAULT_INPUT,
	  "Microsoft does not sell this product in the customer's country. Choose another "
	  "product in the plan." },
	{ "800009", FAULT_INPUT, "A line of the order cannot be bought. Make the plan again." },
	{ "900203", FAULT_INPUT,
	  "This product needs a statement by the customer before it can be bought. Buy it in "
	  "Partner Center by hand." },
	{ "900206", FAULT_INPUT,
	  "The order names a partner without our statement that they are entitled. Check our "
	  "partner id in the settings." },
	{ "800008", FAULT_MISSING,
	  "The cart is no longer there. Look for the order, then order again." },
	{ "800065", FAULT_CONFLICT, "This cart was already bought. Look for its order." },
	{ "800064", FAULT_CONFLICT, wait_for_it },
	{ "800060", FAULT_CONFLICT, wait_for_it },
	{ "2001", FAULT_INPUT, quantity },
	{ "2002", FAULT_INPUT, quantity },
	{ "800090", FAULT_CONFLICT,
	  "Microsoft takes back licenses only within seven days. Wait for the end of the term." },
	{ "2055", FAULT_CONFLICT, "The subscription changed meanwhile. Look again, then repeat." },
	{ "900278", FAULT_BUSY, wait_for_it },
	{ "900279", FAULT_CONFLICT,
	  "Microsoft takes no more changes to this subscription. Ask Microsoft's support." },
	{ "900311", FAULT_BUSY,
	  "This subscription was changed too often today. It is tried again by itself." },
	{ "900117", FAULT_CONFLICT,
	  "The seven days in which this subscription could be cancelled are over. Turn its "
	  "renewal off instead." },
	{ "20003", FAULT_MISSING, "Microsoft does not show this subscription yet. Look later." },
	{ "20000", FAULT_MISSING, "Microsoft does not show this order yet. Look later." },
	{ "800007", FAULT_MISSING, "Microsoft does not show the progress yet. Look later." },
	{ "900419", FAULT_INPUT,
	  "The customer has as many subscriptions as Microsoft allows. Remove one that is not "
	  "used." },
	{ "900416", FAULT_DENIED,
	  "Microsoft has locked this customer. Ask Microsoft's support why." },
	{ "800073", FAULT_CONFLICT, under_review },
	{ "800074", FAULT_CONFLICT, under_review },
	{ "800075", FAULT_DENIED,
	  "Microsoft did not approve this customer. Ask Microsoft's support why." },
	{ "800023", FAULT_CONFLICT, credit },
	{ "800025", FAULT_CONFLICT, credit },
	{ "800069", FAULT_CONFLICT, credit },
	{ "900121", FAULT_CONFLICT, credit },
	{ "800018", FAULT_INPUT, "The trial account at Microsoft is full. Remove old customers." },
	{ "800066", FAULT_INPUT, "The trial account allows no more subscriptions here." },
	{ "800067", FAULT_INPUT, "The trial account allows no more licenses here." },
	{ "800003", FAULT_REMOTE, failed },
	{ "800005", FAULT_REMOTE, failed },
	{ "800094", FAULT_REMOTE, failed },
};

/* Graph §2.1. */
static const struct meaning graph[] = {
	{ "InvalidAuthenticationToken", FAULT_DENIED,
	  "Microsoft refused our access to the tenant. Ask its administrator to consent again." },
	{ "Authorization_RequestDenied", FAULT_DENIED,
	  "The tenant did not let us read this. Ask its administrator to consent again." },
	{ "Authentication_RequestFromNonPremiumTenantOrB2CTenant", FAULT_DENIED,
	  "This tenant's kind does not allow it. It cannot be converted." },
	{ "Request_ResourceNotFound", FAULT_MISSING,
	  "Microsoft does not know what we asked for. Look again." },
	{ "ResourceNotFound", FAULT_MISSING,
	  "Microsoft does not know what we asked for. Look again." },
};

/* Azure Billing §4: its codes are many and not listed, so the status speaks where a code is not
 * known. */
static const struct {
	int status;
	enum fault_kind kind;
	const char *said;
} billing[] = {
	{ 400, FAULT_INPUT,
	  "Microsoft does not do this with this billing account. It can be done by hand in the "
	  "admin center." },
	{ 401, FAULT_DENIED,
	  "Microsoft refused the permission to act on the billing account. It can be given again "
	  "on the administrator's page, or everything done by hand." },
	{ 403, FAULT_DENIED,
	  "Whoever gave the permission has no role on the billing account. An owner or "
	  "contributor of the billing account has to give it." },
	{ 404, FAULT_MISSING,
	  "Microsoft does not know this subscription on the billing account. Look again." },
	{ 409, FAULT_CONFLICT,
	  "Microsoft still works on an earlier change of this subscription. It is looked at "
	  "again by itself." },
};

/* Identity platform §1.2. */
static const struct meaning signin[] = {
	{ "AADSTS90002", FAULT_MISSING,
	  "Microsoft knows no such tenant. Check the domain for a typing mistake." },
	{ "AADSTS700016", FAULT_DENIED, no_consent },
	{ "AADSTS7000229", FAULT_DENIED, no_consent },
	{ "AADSTS65001", FAULT_DENIED, no_consent },
	{ "AADSTS7000112", FAULT_DENIED,
	  "Our application is switched off in this tenant. Ask its administrator to switch it "
	  "on." },
	{ "AADSTS7000215", FAULT_DENIED,
	  "Microsoft does not accept our application's secret. Check the secret in the "
	  "settings." },
	{ "AADSTS7000218", FAULT_DENIED,
	  "Our application's secret is missing. Add it to the settings." },
	{ "AADSTS7000222", FAULT_DENIED,
	  "Our application's secret has expired. Make a new one and put it into the settings." },
	{ "AADSTS70008", FAULT_DENIED, expired },
	{ "AADSTS700082", FAULT_DENIED, expired },
	{ "AADSTS70043", FAULT_DENIED, expired },
	{ "AADSTS50173", FAULT_DENIED,
	  "Our sign-in at Microsoft was ended by a new password. Sign in again with \"novate "
	  "connect\"." },
	{ "AADSTS50076", FAULT_DENIED, second_factor },
	{ "AADSTS50079", FAULT_DENIED, second_factor },
	{ "AADSTS53003", FAULT_DENIED,
	  "A sign-in rule of Microsoft keeps our account out. Sign in again with \"novate "
	  "connect\"." },
	{ "invalid_grant", FAULT_DENIED,
	  "Our sign-in at Microsoft has ended. Sign in again with \"novate connect\"." },
	{ "invalid_client", FAULT_DENIED,
	  "Microsoft does not accept our application. Check its id and secret in the "
	  "settings." },
	{ "temporarily_unavailable", FAULT_BUSY,
	  "Microsoft's sign-in is busy. It is tried again by itself." },
};

static const struct meaning *meaning_of(const struct meaning *rows, size_t count, str code)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(str_of(rows[i].code), code))
			return &rows[i];
	return NULL;
}

/* A wait or an outage is told by the status alone, whatever the body says. */
static bool status_decides(int status)
{
	return status == 429 || status == 503;
}

static fault *refused(const struct remote_answer *answer, const char *who, instant now,
		      const struct meaning *meaning, str code, str words)
{
	fault *f = remote_status_fault(answer, who, now);

	if (!f)
		f = fault_new(FAULT_REMOTE, "%s sent an answer we do not expect.", who);
	if (meaning && !status_decides(answer->status))
		f = fault_new(meaning->kind, "%s", meaning->said);
	if (!str_is_none(code))
		f = fault_code(f, code);
	return fault_note(f, "%s answered %d, code %.*s: %.*s", who, answer->status, STR(code),
			  STR(str_cut(words, 600)));
}

/* The body of a refusal; not every one is JSON, and a page of HTML says no more than its status. */
static json_t *body_of(const struct remote_answer *answer)
{
	json_t *json;

	return reading_open(answer->body, "", &json) ? NULL : json;
}

fault *refusal_of_graph(struct arena *keep, const struct remote_answer *answer, instant now)
{
	DEFER(reading_end) json_t *body = body_of(answer);
	const json_t *error = reading_member(body, "error");
	str code = reading_text(keep, error, "code");

	return refused(answer, "Microsoft", now, meaning_of(graph, COUNT(graph), code), code,
		       reading_text(keep, error, "message"));
}

fault *refusal_of_billing(struct arena *keep, const struct remote_answer *answer, instant now)
{
	DEFER(reading_end) json_t *body = body_of(answer);
	const json_t *error = reading_member(body, "error");
	str code = reading_text(keep, error, "code");
	struct meaning by_status = { 0 };

	for (size_t i = 0; i < COUNT(billing); i++)
		if (billing[i].status == answer->status)
			by_status = (struct meaning){ "", billing[i].kind, billing[i].said };
	return refused(answer, "Azure Billing", now, by_status.said ? &by_status : NULL, code,
		       reading_text(keep, error, "message"));
}

/* Three shapes: {code, description}, {code, message, …} and the gateway's {statusCode, message},
 * whose number is only the status again. */
fault *refusal_of_partner_center(struct arena *keep, const struct remote_answer *answer,
				 instant now)
{
	DEFER(reading_end) json_t *body = body_of(answer);
	str code = reading_text(keep, body, "code");
	str words = reading_text(keep, body, "description");

	if (str_is_none(words))
		words = reading_text(keep, body, "message");
	return refused(answer, "Partner Center", now,
		       meaning_of(partner_center, COUNT(partner_center), code), code, words);
}

fault *refusal_of_signin(struct arena *keep, const struct remote_answer *answer, instant now)
{
	DEFER(reading_end) json_t *body = body_of(answer);
	const json_t *first = json_array_get(reading_list(body, "error_codes"), 0);
	str error = reading_text(keep, body, "error"), code = error;
	const struct meaning *meaning;

	if (json_is_integer(first))
		code = str_format(keep, "AADSTS%lld", (long long)json_integer_value(first));
	meaning = meaning_of(signin, COUNT(signin), code);
	if (!meaning)
		meaning = meaning_of(signin, COUNT(signin), error);
	return refused(answer, "Microsoft's sign-in", now, meaning, code,
		       reading_text(keep, body, "error_description"));
}

bool refusal_is(const fault *f, const char *code)
{
	return f && f->code && strcmp(f->code, code) == 0;
}
