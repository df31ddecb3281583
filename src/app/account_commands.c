#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/setup.h"
#include "people/account.h"
#include "people/audit.h"
#include "people/invite.h"
#include "people/token.h"

struct adding {
	str email, name, password;
	enum account_role role;
	struct account account;
	str invite;
};

static fault *add_body(struct tx *tx, void *with)
{
	struct adding *a = with;

	TRY(account_open(tx, a->email, a->name, a->role, a->password, &a->account));
	if (str_is_none(a->password))
		TRY(invite_open(tx, a->account.id, INVITE_WELCOME, &a->invite));
	return audit_keep(tx, &(struct audit_entry){
				      .did = "account.open",
				      .about = id_text(tx_arena(tx), "acc", a->account.id),
				      .from = S("terminal"),
			      });
}

/* One line; a person at a terminal is not asked, because it would be shown while typed. */
static fault *read_password(struct setup *setup, str *password)
{
	char line[2048];

	if (isatty(STDIN_FILENO))
		(void)fputs("Password (it is shown while you type; pipe it in to avoid that): ",
			    stderr);
	if (!fgets(line, sizeof line, stdin))
		return fault_new(FAULT_INPUT, "No password came on standard input. Pipe it in, or "
					      "leave --password-stdin out to get a link.");
	*password = str_copy(setup->arena, (str){ .at = line, .len = strcspn(line, "\r\n") });
	explicit_bzero(line, sizeof line);
	return NULL;
}

static fault *add(struct setup *setup, const struct command_line *line, int *status)
{
	const char *role = command_given(line, "role"), *name = command_given(line, "name");
	struct adding adding = {
		.email = str_of(line->words[0]),
		.name = name ? str_of(name) : str_of(line->words[0]),
		.password = STR_NONE,
	};

	if (!account_role_from(role ? str_of(role) : S(""), &adding.role)) {
		(void)fputs("novate: say --role operator or --role partner.\n", stderr);
		*status = COMMAND_USAGE;
		return NULL;
	}
	if (command_given(line, "password-stdin"))
		TRY(read_password(setup, &adding.password));
	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "account_open", add_body, &adding));
	(void)printf("%.*s may come in as %s.\n", STR(adding.account.email),
		     account_role_word(adding.role));
	if (!str_is_none(adding.invite))
		(void)printf("The password is set here, once, within seven days:\n"
			     "%.*s/set-password/%.*s\n",
			     STR(setup->settings.public_url), STR(adding.invite));
	return NULL;
}

static fault *known_account(struct tx *tx, str email, struct account *account)
{
	bool found;

	TRY(account_by_email_find(tx, email, account, &found));
	if (found && !account->closed)
		return NULL;
	return fault_new(FAULT_MISSING,
			 "There is no account %.*s. `novate account list` "
			 "shows all.",
			 STR(email));
}

static fault *invite_body(struct tx *tx, void *with)
{
	struct adding *a = with;

	TRY(known_account(tx, a->email, &a->account));
	TRY(invite_open(tx, a->account.id, INVITE_RESET, &a->invite));
	return audit_keep(tx, &(struct audit_entry){
				      .did = "account.invite",
				      .about = id_text(tx_arena(tx), "acc", a->account.id),
				      .from = S("terminal"),
			      });
}

static fault *invite(struct setup *setup, const struct command_line *line, int *status)
{
	struct adding adding = { .email = str_of(line->words[0]) };
	(void)status;

	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "account_invite", invite_body,
		      &adding));
	(void)printf("A new password is set here, once, within the hour:\n%.*s/set-password/%.*s\n",
		     STR(setup->settings.public_url), STR(adding.invite));
	return NULL;
}

static fault *close_body(struct tx *tx, void *with)
{
	struct adding *a = with;

	TRY(known_account(tx, a->email, &a->account));
	TRY(account_close(tx, a->account.id));
	return audit_keep(tx, &(struct audit_entry){
				      .did = "account.close",
				      .about = id_text(tx_arena(tx), "acc", a->account.id),
				      .from = S("terminal"),
			      });
}

static fault *end_account(struct setup *setup, const struct command_line *line, int *status)
{
	struct adding adding = { .email = str_of(line->words[0]) };
	(void)status;

	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "account_close", close_body,
		      &adding));
	(void)printf("%.*s may come in no more; sessions and API tokens have ended.\n",
		     STR(adding.account.email));
	return NULL;
}

struct making {
	str email, name, secret;
};

static fault *token_body(struct tx *tx, void *with)
{
	struct making *m = with;
	struct account account;

	TRY(known_account(tx, m->email, &account));
	TRY(token_open(tx, account.id, m->name, &m->secret));
	return audit_keep(tx, &(struct audit_entry){
				      .did = "token.open",
				      .about = id_text(tx_arena(tx), "acc", account.id),
				      .from = S("terminal"),
				      .why = m->name,
			      });
}

static fault *token_add(struct setup *setup, const struct command_line *line, int *status)
{
	struct making making = { .email = str_of(line->words[0]), .name = str_of(line->words[1]) };
	(void)status;

	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "token_open", token_body, &making));
	(void)fputs("This token is shown once; only its hash is kept.\n", stderr);
	(void)printf("%.*s\n", STR(making.secret));
	return NULL;
}

static fault *list(struct setup *setup, const struct command_line *line, int *status)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct account_list accounts;
	(void)line;
	(void)status;

	TRY(tx_begin(setup->store, STORE_READ, setup->arena, &tx));
	TRY(account_all(tx, &accounts));
	for (size_t i = 0; i < accounts.len; i++) {
		const struct account *a = &accounts.at[i];

		(void)printf("%-9s %-36.*s %.*s%s\n", account_role_word(a->role), STR(a->email),
			     STR(a->name), a->closed ? " (closed)" : "");
	}
	if (accounts.len == 0)
		(void)fputs("There is no account yet. `novate account add EMAIL --role operator` "
			    "makes the first.\n",
			    stderr);
	return NULL;
}

static const struct command_option add_options[] = {
	{ "role", "ROLE", "operator or partner" },
	{ "name", "NAME", "How to call them" },
	{ "password-stdin", NULL, "Read the password from standard input" },
	{ 0 },
};

static const struct command commands[] = {
	{ .name = "account add",
	  .words = "EMAIL",
	  .least = 1,
	  .most = 1,
	  .options = add_options,
	  .about = "Let a person in, as operator or partner",
	  .more = "Prints a link with which the person sets a password, unless one is read from "
		  "standard input.",
	  .needs = NEEDS_STORE,
	  .run = add },
	{ .name = "account invite",
	  .words = "EMAIL",
	  .least = 1,
	  .most = 1,
	  .about = "Make a new link with which a person sets a password",
	  .more = "For a lost link or a forgotten password. It works once, within the hour, and "
		  "replaces an older one; setting the password ends all sessions.",
	  .needs = NEEDS_STORE,
	  .run = invite },
	{ .name = "account close",
	  .words = "EMAIL",
	  .least = 1,
	  .most = 1,
	  .about = "Let a person in no more",
	  .more = "Sessions and API tokens end; what the person did stays on record.",
	  .needs = NEEDS_STORE,
	  .run = end_account },
	{ .name = "account list",
	  .about = "Show who may come in",
	  .needs = NEEDS_STORE,
	  .run = list },
	{ .name = "token add",
	  .words = "EMAIL NAME",
	  .least = 2,
	  .most = 2,
	  .about = "Make an API token for an account; it is shown once",
	  .needs = NEEDS_STORE,
	  .run = token_add },
};

const struct command_table account_commands = { commands, COUNT(commands) };
