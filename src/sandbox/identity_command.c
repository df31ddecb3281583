#include "sandbox/identity_command.h"

#include <stdio.h>

#include "sandbox/identity_certificate.h"
#include "sandbox/identity_registration.h"
#include "sandbox/identity_token.h"
#include "sandbox/sandbox_act_seats.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/sandbox_path.h"
#include "sandbox/tenant_state.h"

fault *identity_command_do(struct sandbox_home *home, const struct sandbox_command_line *line,
			   store_body *body)
{
	struct identity_command asked = { .line = line };

	TRY(store_run(home->store, STORE_WRITE, home->arena, "command", body, &asked));
	printf("%.*s\n", STR(asked.said));
	return NULL;
}

str identity_command_word(const struct identity_command *asked, size_t index)
{
	return index < asked->line->count ? str_of(asked->line->words[index]) : S("");
}

fault *identity_command_usage(const char *said)
{
	return fault_code(fault_new(FAULT_INPUT, "%s", said), S("usage"));
}

/* By client id or name. */
static fault *application_named(struct tx *tx, str name, struct identity_application *made)
{
	struct identity_applications all;

	TRY(identity_registration_all(tx, &all));
	for (size_t i = 0; i < all.len; i++)
		if (str_eq_nocase(all.at[i].client_id, name) ||
		    str_eq_nocase(all.at[i].name, name)) {
			*made = all.at[i];
			return NULL;
		}
	return fault_new(FAULT_INPUT,
			 "There is no application \"%.*s\". `novate-sandbox info` lists them.",
			 STR(name));
}

static fault *add_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct tenant_state tenant;
	struct arena *keep = tx_arena(tx);
	bool public_client = asked->line->count > 2;

	if (public_client && !str_eq(identity_command_word(asked, 2), S("public")))
		return identity_command_usage(
			"Say public for an application that keeps no secret, or nothing.");
	if (identity_command_word(asked, 0).len == 0 || identity_command_word(asked, 0).len > 120)
		return identity_command_usage("An application's name has 1 to 120 characters.");
	TRY(sandbox_act_tenant(tx, identity_command_word(asked, 1), &tenant));
	const struct identity_application made = {
		.client_id = sandbox_guid(tx_world(tx), keep),
		.name = identity_command_word(asked, 0),
		.tenant = tenant.id,
		.secret = public_client ? STR_NONE : world_token(tx_world(tx), keep, 24),
		.public_client = public_client,
		.redirects = S(""),
	};
	asked->said = str_format(keep, "client id  %.*s\nsecret     %.*s", STR(made.client_id),
				 STR(public_client ? S("none") : made.secret));
	return identity_registration_add(tx, &made);
}
fault *identity_command_add(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, add_body);
}

static fault *redirect_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct identity_application application;
	bool single_page = asked->line->count > 2;
	str uri = identity_command_word(asked, 1);

	if (single_page && !str_eq(identity_command_word(asked, 2), S("spa")))
		return identity_command_usage(
			"Say spa for an application that runs in the browser, or nothing.");
	TRY(application_named(tx, identity_command_word(asked, 0), &application));
	asked->said = str_format(tx_arena(tx), "Answers to %.*s may go to %.*s.",
				 STR(application.name), STR(uri));
	return identity_registration_redirect(tx, application.client_id, uri, single_page);
}
fault *identity_command_redirect(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, redirect_body);
}

static fault *permit_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct identity_application application;
	enum identity_resource resource;
	struct identity_scope read;
	bool role = str_eq(identity_command_word(asked, 1), S("role"));
	str names = S("");

	if (!role && !str_eq(identity_command_word(asked, 1), S("scope")))
		return identity_command_usage(
			"Say role for the application itself, scope for a person in it.");
	if (!identity_resource_from(identity_command_word(asked, 2), &resource))
		return identity_command_usage(
			"The resource is one like https://graph.microsoft.com.");
	for (size_t i = 3; i < asked->line->count; i++)
		names = identity_scope_join(tx_arena(tx), names, identity_command_word(asked, i));
	if (identity_scope_read(tx_arena(tx), names, S(""), &read) != IDENTITY_SCOPE_GOOD)
		return identity_command_usage("Permissions have short names: User.Read.All.");
	TRY(application_named(tx, identity_command_word(asked, 0), &application));
	asked->said = str_format(tx_arena(tx), "%.*s may ask for %.*s.", STR(application.name),
				 STR(names));
	return identity_registration_permit(tx, application.client_id, resource,
					    role ? IDENTITY_ROLE : IDENTITY_SCOPE, names);
}
fault *identity_command_permit(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, permit_body);
}

static fault *certificate_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct identity_application application;
	struct identity_certificate certificate;
	const char *path = asked->line->words[1];
	str pem;
	bool found;

	TRY(application_named(tx, identity_command_word(asked, 0), &application));
	TRY(sandbox_path_read(tx_arena(tx), path, IDENTITY_CERTIFICATE_MOST, &pem, &found));
	if (!found)
		return fault_new(FAULT_MISSING, "%s does not exist.", path);
	fault *f = identity_certificate_read(tx_arena(tx), pem, &certificate);
	if (f)
		return fault_because(f, "%s cannot be registered.", path);
	TRY(identity_certificate_add(tx, application.client_id, &certificate));
	str until = instant_rfc3339(tx_arena(tx), certificate.not_after);
	asked->said = str_format(tx_arena(tx),
				 "%.*s may prove itself with %.*s until %.*s.\nx5t#S256  %.*s\n"
				 "x5t       %.*s",
				 STR(application.name), STR(certificate.subject), STR(until),
				 STR(certificate.thumbprint), STR(certificate.thumbprint_sha1));
	return NULL;
}
fault *identity_command_certificate(struct sandbox_home *home,
				    const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, certificate_body);
}

static fault *secret_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct identity_application application;
	str what = identity_command_word(asked, 1);

	if (!str_eq(what, S("new")) && !str_eq(what, S("expire")))
		return identity_command_usage("Say what to do with the secret: new or expire.");
	TRY(application_named(tx, identity_command_word(asked, 0), &application));
	if (str_eq(what, S("new")))
		return identity_registration_renew(tx, application.client_id, &asked->said);
	asked->said = str_format(tx_arena(tx), "The secret of %.*s has expired.",
				 STR(application.name));
	return identity_registration_expire(tx, application.client_id);
}
fault *identity_command_secret(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, secret_body);
}

static fault *tenants_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct identity_application application;
	bool any = str_eq(identity_command_word(asked, 1), S("any"));

	if (!any && !str_eq(identity_command_word(asked, 1), S("own")))
		return identity_command_usage("Say whose application it is: own or any.");
	TRY(application_named(tx, identity_command_word(asked, 0), &application));
	asked->said = str_format(tx_arena(tx), "%.*s is for %s.", STR(application.name),
				 any ? "any tenant that lets it in" : "its own tenant alone");
	return identity_registration_open(tx, application.client_id, any);
}
fault *identity_command_tenants(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, tenants_body);
}

static fault *rotate_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	int64_t keep = DAYS(1);
	str kid;

	if (asked->line->count > 0 &&
	    !sandbox_clock_duration(identity_command_word(asked, 0), &keep))
		return identity_command_usage(
			"Say how long the old keys stay published: 0s, 30m, 1d.");
	TRY(identity_token_rotate(tx, keep, &kid));
	asked->said = str_format(tx_arena(tx), "Tokens are signed with the key %.*s from now on.",
				 STR(kid));
	return NULL;
}
fault *identity_command_rotate(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, rotate_body);
}

static fault *lifetime_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	int64_t lasts;

	if (!sandbox_clock_duration(identity_command_word(asked, 0), &lasts))
		return identity_command_usage("Say how long tokens last: 60s, 90m, 1h.");
	TRY(identity_token_set_lasts(tx, lasts));
	str said = duration_for_people(tx_arena(tx), lasts);
	asked->said = str_format(tx_arena(tx), "Tokens given from now on last %.*s.", STR(said));
	return NULL;
}
fault *identity_command_lifetime(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, lifetime_body);
}

static fault *withdraw_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct identity_application application;
	struct tenant_state tenant;

	TRY(sandbox_act_tenant(tx, identity_command_word(asked, 0), &tenant));
	TRY(application_named(tx, identity_command_word(asked, 1), &application));
	asked->said = str_format(tx_arena(tx), "%.*s no longer lets %.*s in.", STR(tenant.name),
				 STR(application.name));
	return identity_application_forget(tx, application.client_id, tenant.id);
}
fault *identity_command_withdraw(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, withdraw_body);
}
