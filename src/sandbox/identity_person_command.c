#include "sandbox/identity_person_command.h"

#include "sandbox/identity_access.h"
#include "sandbox/identity_otp.h"
#include "sandbox/identity_token.h"
#include "sandbox/signin.h"
#include "sandbox/tenant_state.h"

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
	struct identity_command *asked = with;
	struct tenant_state_user user;
	str password = identity_command_word(asked, 1);

	if (password.len == 0 || password.len > 256)
		return identity_command_usage("A password has 1 to 256 characters.");
	TRY(user_named(tx, identity_command_word(asked, 0), &user));
	TRY(tenant_state_set_password(tx, user.id, password));
	TRY(identity_token_revoke_user(tx, user.id));
	TRY(signin_forget(tx, user.id));
	asked->said = str_format(tx_arena(tx), "%.*s has a new password.",
				 STR(user.principal_name));
	return NULL;
}
fault *identity_person_command_password(struct sandbox_home *home,
					const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, password_body);
}

static fault *revoke_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct tenant_state_user user;

	TRY(user_named(tx, identity_command_word(asked, 0), &user));
	TRY(identity_token_revoke_user(tx, user.id));
	TRY(signin_forget(tx, user.id));
	asked->said = str_format(tx_arena(tx), "%.*s has to sign in again everywhere.",
				 STR(user.principal_name));
	return NULL;
}
fault *identity_person_command_revoke(struct sandbox_home *home,
				      const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, revoke_body);
}

static fault *mfa_body(struct tx *tx, void *with)
{
	struct identity_command *asked = with;
	struct tenant_state_user user;
	str secret, what = identity_command_word(asked, 1);
	bool on = str_eq(what, S("on"));

	if (what.len && !on && !str_eq(what, S("off")))
		return identity_command_usage("Say whether a second factor is needed: on or off.");
	TRY(user_named(tx, identity_command_word(asked, 0), &user));
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
fault *identity_person_command_mfa(struct sandbox_home *home,
				   const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, mfa_body);
}

static fault *access_body(struct tx *tx, void *with)
{
	static const char *const said[] = {
		[IDENTITY_ACCESS_ALLOW] = "may sign in",
		[IDENTITY_ACCESS_ENROLL] = "has to set up a second factor at the next sign-in",
		[IDENTITY_ACCESS_BLOCK] = "is kept out by conditional access",
	};
	struct identity_command *asked = with;
	struct tenant_state_user user;
	enum identity_access rule;

	if (!identity_access_from(identity_command_word(asked, 1), &rule))
		return identity_command_usage(
			"Say what the organization wants: allow, enroll or block.");
	TRY(user_named(tx, identity_command_word(asked, 0), &user));
	asked->said = str_format(tx_arena(tx), "%.*s %s.", STR(user.principal_name), said[rule]);
	return identity_access_set(tx, user.id, rule);
}
fault *identity_person_command_access(struct sandbox_home *home,
				      const struct sandbox_command_line *line)
{
	return identity_command_do(home, line, access_body);
}
