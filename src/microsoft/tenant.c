#include "microsoft/tenant.h"

#include <string.h>

#include "microsoft/asking.h"
#include "microsoft/refusal.h"
#include "microsoft/token.h"

/* Letters, digits, dots and hyphens; an international name comes in its xn-- form. */
static bool is_domain(str domain)
{
	if (domain.len == 0 || domain.len > 253 || str_find(domain, S(".")) <= 0)
		return false;
	for (size_t i = 0; i < domain.len; i++) {
		char c = domain.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '.'))
			return false;
	}
	return true;
}

/* "https://login.microsoftonline.com/{tenant}/v2.0" (§1.4). */
static bool tenant_of_issuer(struct arena *keep, str issuer, str *tenant)
{
	str part;

	while (str_next(&issuer, '/', &part))
		if (str_is_guid(part)) {
			*tenant = str_lower(keep, part);
			return true;
		}
	return false;
}

static fault *discovery(struct microsoft_work *w, str domain, struct remote_answer *answer)
{
	struct remote_header headers[] = {
		{ "Accept", S("application/json"), false },
		{ "client-request-id", microsoft_new_guid(w), false },
	};
	struct remote_call call = {
		.name = "signin.discovery",
		.method = "GET",
		.url = str_format(w->arena, "%.*s/%.*s/v2.0/.well-known/openid-configuration",
				  STR(w->ms->settings.login_url), STR(domain)),
		.headers = headers,
		.header_count = COUNT(headers),
		.most = 1024 * 1024,
		.repeatable = true,
	};

	return asking_send(w, w->arena, &call, headers[1].value, "x-ms-request-id", answer);
}

fault *tenant_find(struct microsoft_work *w, str domain, str *tenant, bool *found)
{
	DEFER(reading_end) json_t *json = NULL;
	struct remote_answer answer;

	if (!is_domain(domain) && !str_is_guid(domain))
		return fault_new(FAULT_INPUT,
				 "\"%.*s\" is not a domain. Write it like contoso.com.",
				 STR(str_cut(domain, 80)));
	TRY(discovery(w, domain, &answer));
	if (answer.status == 200) {
		TRY(reading_open(answer.body, "Microsoft's sign-in", &json));
		*found = tenant_of_issuer(w->arena, reading_text(w->arena, json, "issuer"), tenant);
		return NULL;
	}

	fault *f = refusal_of_signin(w->arena, &answer, microsoft_now(w));

	if (answer.status != 404 && !refusal_is(f, "AADSTS90002") &&
	    !refusal_is(f, "invalid_tenant"))
		return f;
	*found = false;
	return NULL;
}

str tenant_consent_url(const struct microsoft *ms, struct arena *keep, str tenant, str redirect,
		       str state)
{
	const struct microsoft_settings *s = &ms->settings;

	return str_format(keep,
			  "%.*s/%.*s/v2.0/adminconsent?client_id=%.*s&scope=%.*s&redirect_uri=%.*s"
			  "&state=%.*s",
			  STR(s->login_url), STR(remote_escape(keep, tenant)),
			  STR(remote_escape(keep, s->client_id)),
			  STR(remote_escape(keep, S("https://graph.microsoft.com/.default"))),
			  STR(remote_escape(keep, redirect)), STR(remote_escape(keep, state)));
}

/* The refusals that say: our application is not known in this tenant, or not allowed (§1.2). */
static bool says_no_consent(const fault *f)
{
	static const char *const codes[] = { "AADSTS700016",	   "AADSTS65001",
					     "AADSTS7000229",	   "AADSTS7000112",
					     "AADSTS500011",	   "consent_required",
					     "unauthorized_client" };

	for (size_t i = 0; i < COUNT(codes); i++)
		if (refusal_is(f, codes[i]))
			return true;
	return false;
}

fault *tenant_access(struct microsoft_work *w, str tenant, enum tenant_access *access)
{
	/* What the record step will read; one right missing, and it would stop half way. */
	static const char *const paths[] = { "/v1.0/organization", "/v1.0/subscribedSkus",
					     "/v1.0/users?$select=id&$top=1" };
	str token;

	/* Rights are written into a token when it is made: only a new one tells. */
	token_drop(w->ms, TOKEN_GRAPH, tenant);

	fault *f = token_take(w, TOKEN_GRAPH, tenant, &token);

	if (f && !says_no_consent(f))
		return f;
	if (f) {
		*access = TENANT_NOT_CONSENTED;
		return NULL;
	}
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct remote_answer answer;
		struct asking asking = { .name = "graph.access",
					 .as = TOKEN_GRAPH,
					 .tenant = tenant,
					 .path = str_of(paths[i]) };

		TRY(asking_answer(w, w->arena, &asking, &answer));
		if (answer.status == 403) {
			*access = TENANT_PART_CONSENTED;
			return NULL;
		}
		if (answer.status != 200)
			return refusal_of_graph(w->arena, &answer, microsoft_now(w));
	}
	*access = TENANT_READABLE;
	return NULL;
}

static str initial_domain(struct arena *keep, const json_t *organization)
{
	size_t i;
	json_t *domain;

	json_array_foreach(reading_list(organization, "verifiedDomains"), i,
			   domain) if (reading_flag(domain, "isInitial",
						    false)) return reading_text(keep, domain,
										"name");
	return STR_NONE;
}

static str first_text(struct arena *keep, const json_t *list)
{
	return str_copy(keep, str_of(json_string_value(json_array_get(list, 0))));
}

static fault *facts_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct arena *keep = w->arena;

	*(struct tenant_facts *)with = (struct tenant_facts){
		.id = reading_guid(keep, item, "id"),
		.name = reading_text(keep, item, "displayName"),
		.type = reading_text(keep, item, "tenantType"),
		.country = reading_text(keep, item, "countryLetterCode"),
		.usage_location = reading_text(keep, item, "defaultUsageLocation"),
		.initial_domain = initial_domain(keep, item),
		.mail = first_text(keep, reading_list(item, "technicalNotificationMails")),
	};
	return NULL;
}

fault *tenant_read(struct microsoft_work *w, str tenant, struct tenant_facts *facts)
{
	struct tenant_facts read = { 0 };
	struct asking asking = { .name = "graph.organization",
				 .as = TOKEN_GRAPH,
				 .tenant = tenant,
				 .path = S("/v1.0/organization") };

	TRY(asking_pages(w, &asking, facts_read, &read));
	if (str_is_none(read.id))
		return fault_new(FAULT_REMOTE, "Microsoft did not say which tenant this is. It is "
					       "tried again by itself.");
	*facts = read;
	return NULL;
}
