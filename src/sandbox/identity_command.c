#include "sandbox/identity_command.h"

#include <stdio.h>

#include "sandbox/identity_certificate.h"
#include "sandbox/identity_otp.h"
#include "sandbox/identity_registration.h"
#include "sandbox/identity_token.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/sandbox_path.h"
#include "sandbox/signin.h"
#include "sandbox/tenant_state.h"

struct asked {
	const struct sandbox_command_line *line;
	str said; /* printed once the transaction is kept */
};

static fault *run(struct sandbox_home *home, const struct sandbox_command_line *line,
		  store_body *body)
{
	struct asked asked = { .line = line };

	TRY(store_run(home->store, STORE_WRITE, home->arena, "command", body, &asked));
	printf("%.*s\n", STR(asked.said));
	return NULL;
}

static str word(const struct asked *asked, size_t index)
{
	return index < asked->line->count ? str_of(asked->line->words[index]) : S("");
}

static fault *usage(const char *said)
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

static fault *tenant_named(struct tx *tx, str name, struct tenant_state *tenant)
{
	bool found;

	TRY(tenant_state_find(tx, name, tenant, &found));
	return found ? NULL
		     : fault_new(FAULT_INPUT,
				 "There is no tenant \"%.*s\". `novate-sandbox info` lists them.",
				 STR(name));
}

static fault *add_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct tenant_state tenant;
	struct arena *keep = tx_arena(tx);
	bool public_client = asked->line->count > 2;

	if (public_client && !str_eq(word(asked, 2), S("public")))
		return usage("Say public for an application that keeps no secret, or nothing.");
	if (word(asked, 0).len == 0 || word(asked, 0).len > 120)
		return usage("An application's name has 1 to 120 characters.");
	TRY(tenant_named(tx, word(asked, 1), &tenant));
	const struct identity_application made = {
		.client_id = sandbox_guid(tx_world(tx), keep),
		.name = word(asked, 0),
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
	return run(home, line, add_body);
}

static fault *redirect_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct identity_application application;
	bool single_page = asked->line->count > 2;
	str uri = word(asked, 1);

	if (single_page && !str_eq(word(asked, 2), S("spa")))
		return usage("Say spa for an application that runs in the browser, or nothing.");
	TRY(application_named(tx, word(asked, 0), &application));
	asked->said = str_format(tx_arena(tx), "Answers to %.*s may go to %.*s.",
				 STR(application.name), STR(uri));
	return identity_registration_redirect(tx, application.client_id, uri, single_page);
}
fault *identity_command_redirect(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, redirect_body);
}

static fault *permit_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct identity_application application;
	enum identity_resource resource;
	struct identity_scope read;
	bool role = str_eq(word(asked, 1), S("role"));
	str names = S("");

	if (!role && !str_eq(word(asked, 1), S("scope")))
		return usage("Say role for the application itself, scope for a person in it.");
	if (!identity_resource_from(word(asked, 2), &resource))
		return usage("The resource is one like https://graph.microsoft.com.");
	for (size_t i = 3; i < asked->line->count; i++)
		names = identity_scope_join(tx_arena(tx), names, word(asked, i));
	if (identity_scope_read(tx_arena(tx), names, S(""), &read) != IDENTITY_SCOPE_GOOD)
		return usage("Permissions have short names: User.Read.All.");
	TRY(application_named(tx, word(asked, 0), &application));
	asked->said = str_format(tx_arena(tx), "%.*s may ask for %.*s.", STR(application.name),
				 STR(names));
	return identity_registration_permit(tx, application.client_id, resource,
					    role ? IDENTITY_ROLE : IDENTITY_SCOPE, names);
}
fault *identity_command_permit(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, permit_body);
}

static fault *certificate_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct identity_application application;
	struct identity_certificate certificate;
	const char *path = asked->line->words[1];
	str pem;
	bool found;

	TRY(application_named(tx, word(asked, 0), &application));
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
	return run(home, line, certificate_body);
}

static fault *secret_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct identity_application application;
	str what = word(asked, 1);

	if (!str_eq(what, S("new")) && !str_eq(what, S("expire")))
		return usage("Say what to do with the secret: new or expire.");
	TRY(application_named(tx, word(asked, 0), &application));
	if (str_eq(what, S("new")))
		return identity_registration_renew(tx, application.client_id, &asked->said);
	asked->said = str_format(tx_arena(tx), "The secret of %.*s has expired.",
				 STR(application.name));
	return identity_registration_expire(tx, application.client_id);
}
fault *identity_command_secret(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, secret_body);
}

static fault *tenants_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct identity_application application;
	bool any = str_eq(word(asked, 1), S("any"));

	if (!any && !str_eq(word(asked, 1), S("own")))
		return usage("Say whose application it is: own or any.");
	TRY(application_named(tx, word(asked, 0), &application));
	asked->said = str_format(tx_arena(tx), "%.*s is for %s.", STR(application.name),
				 any ? "any tenant that lets it in" : "its own tenant alone");
	return identity_registration_open(tx, application.client_id, any);
}
fault *identity_command_tenants(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, tenants_body);
}

static fault *rotate_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	int64_t keep = DAYS(1);
	str kid;

	if (asked->line->count > 0 && !sandbox_clock_duration(word(asked, 0), &keep))
		return usage("Say how long the old keys stay published: 0s, 30m, 1d.");
	TRY(identity_token_rotate(tx, keep, &kid));
	asked->said = str_format(tx_arena(tx), "Tokens are signed with the key %.*s from now on.",
				 STR(kid));
	return NULL;
}
fault *identity_command_rotate(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, rotate_body);
}

static fault *user_named(struct tx *tx, str name, struct tenant_state_user *user)
{
	bool found;

	TRY(tenant_state_user(tx, name, user, &found));
	return found ? NULL
		     : fault_new(FAULT_INPUT,
				 "There is no user \"%.*s\". `novate-sandbox info --json` lists "
				 "them.",
				 STR(name));
}

static fault *password_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct tenant_state_user user;
	str password = word(asked, 1);

	if (password.len == 0 || password.len > 256)
		return usage("A password has 1 to 256 characters.");
	TRY(user_named(tx, word(asked, 0), &user));
	TRY(tenant_state_set_password(tx, user.id, password));
	TRY(identity_token_revoke_user(tx, user.id));
	TRY(signin_forget(tx, user.id));
	asked->said = str_format(tx_arena(tx), "%.*s has a new password.",
				 STR(user.principal_name));
	return NULL;
}
fault *identity_command_password(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, password_body);
}

static fault *revoke_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct tenant_state_user user;

	TRY(user_named(tx, word(asked, 0), &user));
	TRY(identity_token_revoke_user(tx, user.id));
	TRY(signin_forget(tx, user.id));
	asked->said = str_format(tx_arena(tx), "%.*s has to sign in again everywhere.",
				 STR(user.principal_name));
	return NULL;
}
fault *identity_command_revoke(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, revoke_body);
}

static fault *mfa_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct tenant_state_user user;
	str secret, what = word(asked, 1);
	bool on = str_eq(what, S("on"));

	if (what.len && !on && !str_eq(what, S("off")))
		return usage("Say whether a second factor is needed: on or off.");
	TRY(user_named(tx, word(asked, 0), &user));
	TRY(identity_otp_secret(tx, user.id, &secret));
	asked->said = identity_otp_code(tx_arena(tx), secret, tx_now(tx));
	if (what.len == 0)
		return NULL;
	secret = identity_otp_base32(tx_arena(tx), secret);
	asked->said = on ? str_format(tx_arena(tx),
				      "%.*s needs a second factor. An authenticator is set up with "
				      "%.*s.",
				      STR(user.principal_name), STR(secret))
			 : str_format(tx_arena(tx), "%.*s needs no second factor.",
				      STR(user.principal_name));
	return tenant_state_set_mfa(tx, user.id, on);
}
fault *identity_command_mfa(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, mfa_body);
}

static fault *lifetime_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	int64_t lasts;

	if (!sandbox_clock_duration(word(asked, 0), &lasts))
		return usage("Say how long tokens last: 60s, 90m, 1h.");
	TRY(identity_token_set_lasts(tx, lasts));
	str said = duration_for_people(tx_arena(tx), lasts);
	asked->said = str_format(tx_arena(tx), "Tokens given from now on last %.*s.", STR(said));
	return NULL;
}
fault *identity_command_lifetime(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, lifetime_body);
}

static fault *withdraw_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct identity_application application;
	struct tenant_state tenant;

	TRY(tenant_named(tx, word(asked, 0), &tenant));
	TRY(application_named(tx, word(asked, 1), &application));
	asked->said = str_format(tx_arena(tx), "%.*s no longer lets %.*s in.", STR(tenant.name),
				 STR(application.name));
	return identity_application_forget(tx, application.client_id, tenant.id);
}
fault *identity_command_withdraw(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, withdraw_body);
}
