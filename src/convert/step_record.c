/* Manual 9–12: what the tenant has, before anything is touched.
 *
 * Until the administrator has consented we may read nothing, so this step first waits for that
 * consent; it is proven by reading, never by the address the browser came back to
 * (vendor facts §1.6). */
#include "conversion_sql.h"
#include "convert/billing_grant.h"
#include "convert/turn.h"
#include "microsoft/tenant.h"

static fault *keep_tenant(struct run *run, const struct tenant_facts *facts, str consent_url)
{
	return conversion_set_tenant(run->tx, &(struct conversion_set_tenant_in){
						      .id = run->c.id,
						      .tenant = run->c.tenant,
						      .tenant_name = facts ? facts->name : STR_NONE,
						      .country = facts ? facts->country : STR_NONE,
						      .consent_url = consent_url,
						      .admin_url = run->context->admin_url });
}

static str consent_url(const struct run *run)
{
	str back = str_format(run->arena, "%.*s/c/consented", STR(run->context->public_url));

	return tenant_consent_url(run->context->ms, run->arena, run->c.tenant, back, run->c.door);
}

static fault *ask_consent(enum tenant_access access, struct outcome *out)
{
	return step_wait(
		out, WAITS_ADMINISTRATOR,
		access == TENANT_NOT_CONSENTED
			? S("The tenant's administrator has not yet allowed reading the "
			    "licenses.")
			: S("The administrator's consent does not cover everything that has to "
			    "be read: users, licenses and the organization."),
		turn_words(TURN_ALLOW_READING));
}

/* Another conversion may have reached the same tenant by another of its domains. */
static fault *is_taken(struct run *run, bool *taken)
{
	struct conversion_living_of living;

	TRY(run_begin(run));
	return conversion_living_of(run->tx, run->c.domain, run->c.tenant, run->c.id, &living,
				    taken);
}

static fault *find_tenant(struct run *run, struct outcome *out, bool *found)
{
	bool taken;

	TRY(tenant_find(&run->ms, run->c.domain, &run->c.tenant, found));
	if (!*found)
		return step_refuse(
			out, str_format(run->arena,
					"Microsoft knows no tenant with the domain %.*s. Check "
					"the spelling and start again; nothing was changed.",
					STR(run->c.domain)));
	TRY(is_taken(run, &taken));
	*found = !taken;
	if (taken)
		return step_refuse(out, S("This tenant is already being converted under another of "
					  "its domains; nothing was changed."));
	TRY(keep_tenant(run, NULL, consent_url(run)));
	TRY(billing_grant_offer(run));
	return run_keep(run);
}

static str seen_in_words(struct run *run, const struct snapshot *s)
{
	return str_format(run->arena,
			  "Recorded %zu SKU%s, %zu subscription%s and %zu user%s who hold%s %zu "
			  "license%s.",
			  s->skus.len, s->skus.len == 1 ? "" : "s", s->subscriptions.len,
			  s->subscriptions.len == 1 ? "" : "s", s->holds.users,
			  s->holds.users == 1 ? "" : "s", s->holds.users == 1 ? "s" : "",
			  s->holds.len, s->holds.len == 1 ? "" : "s");
}

static fault *record(struct run *run, struct outcome *out)
{
	struct tenant_facts facts;
	struct snapshot before;

	TRY(tenant_read(&run->ms, run->c.tenant, &facts));
	if (!str_is_empty(facts.type) && !str_eq(facts.type, S("AAD")))
		return step_refuse(out,
				   S("This is a tenant for an organization's own customers (B2C). "
				     "It cannot take a reseller; nothing was changed."));
	TRY(snapshot_take(&run->ms, run->c.tenant, run->context->partner_tenant, &before));
	TRY(run_begin(run));
	TRY(keep_tenant(run, &facts, STR_NONE));
	TRY(snapshot_keep(run->tx, run->c.id, SNAPSHOT_BEFORE, &before));
	return step_next(out, seen_in_words(run, &before));
}

fault *step_record(struct run *run, struct outcome *out)
{
	enum tenant_access access;

	if (str_is_none(run->c.tenant)) {
		bool found;

		TRY(find_tenant(run, out, &found));
		if (!found)
			return NULL;
	}
	TRY(tenant_access(&run->ms, run->c.tenant, &access));
	if (access != TENANT_READABLE)
		return ask_consent(access, out);
	return record(run, out);
}
