#include <jansson.h>
#include <stdlib.h>

#include "account_page_html.h"
#include "people/audit.h"
#include "people/entry.h"
#include "people/page.h"
#include "people/password.h"
#include "people/people.h"

static const struct field password_fields[] = {
	{ .name = "current",
	  .label = "Current password",
	  .kind = FIELD_PASSWORD,
	  .most = PASSWORD_MOST,
	  .needed = true,
	  .complete = "current-password" },
	{ .name = "password",
	  .label = "New password",
	  .kind = FIELD_PASSWORD,
	  .least = PASSWORD_LEAST,
	  .most = PASSWORD_MOST,
	  .needed = true,
	  .help = "At least 12 characters; several words with spaces are fine.",
	  .complete = "new-password" },
	{ 0 },
};
static const struct field token_fields[] = {
	{ .name = "token_name",
	  .label = "What will use it",
	  .kind = FIELD_TEXT,
	  .most = 100,
	  .needed = true },
	{ 0 },
};

static const char *role_word(enum who role)
{
	return account_role_word(role == OPERATOR ? ROLE_OPERATOR : ROLE_PARTNER);
}

static void put_sessions(struct request *rq, const struct session_list *list,
			 struct page_account *view)
{
	struct arena *in = request_arena(rq);
	id current = request_visitor(rq)->session;

	view->sessions.at = NEW_ARRAY(in, struct page_session, list->len);
	view->sessions.len = list->len;
	for (size_t i = 0; i < list->len; i++)
		view->sessions.at[i] = (struct page_session){
			.id = id_text(in, "ses", list->at[i].id),
			.browser = list->at[i].browser,
			.address = list->at[i].address,
			.made = list->at[i].made,
			.seen = list->at[i].seen,
			.this_one = id_eq(list->at[i].id, current)
		};
}

static void put_tokens(struct request *rq, const struct token_list *list, struct page_account *view)
{
	struct arena *in = request_arena(rq);

	view->tokens.at = NEW_ARRAY(in, struct page_token, list->len);
	view->tokens.len = list->len;
	for (size_t i = 0; i < list->len; i++)
		view->tokens.at[i] = (struct page_token){ .id = id_text(in, "tok", list->at[i].id),
							  .name = list->at[i].name,
							  .made = list->at[i].made,
							  .seen = list->at[i].seen,
							  .used = !instant_is_none(
								  list->at[i].seen) };
}

/* A form that is not the one sent is shown empty. */
static fault *show(struct request *rq, struct tx *tx, struct reply *to, int status,
		   struct page_account view)
{
	const struct visitor *visitor = request_visitor(rq);
	struct form password = form_open(rq, password_fields), token = form_open(rq, token_fields);
	struct session_list sessions;
	struct token_list tokens;
	struct html *out = html_open(request_arena(rq), rq);

	TRY(session_of_account(tx, visitor->account, &sessions));
	TRY(token_of_account(tx, visitor->account, &tokens));
	put_sessions(rq, &sessions, &view);
	put_tokens(rq, &tokens, &view);
	view.name = visitor->name;
	view.email = visitor->email;
	view.role = role_word(visitor->role);
	view.password = view.password ? view.password : &password;
	view.token = view.token ? view.token : &token;
	account_page(out, &view);
	reply_header(to, "Cache-Control", S("no-store"));
	return reply_page(to, status, out);
}

static fault *account(struct request *rq, struct reply *to)
{
	return show(rq, request_tx(rq), to, 200, (struct page_account){ .secret = STR_NONE });
}

static fault *keep_trail(struct request *rq, struct tx *tx, const char *did, str about)
{
	return audit_keep(tx, &(struct audit_entry){ .who = request_visitor(rq)->account,
						     .did = did,
						     .about = about,
						     .from = request_address(rq),
						     .why = STR_NONE });
}

static fault *session_end(struct request *rq, struct reply *to)
{
	str part = request_part(rq, "id");
	id session;

	if (!id_from_text("ses", part, &session))
		return fault_new(FAULT_MISSING, "There is no such session.");
	TRY(session_close(request_tx(rq), request_visitor(rq)->account, session));
	TRY(keep_trail(rq, request_tx(rq), "session.end", part));
	reply_flash(to, S("That session has ended."));
	return reply_go(to, "/account");
}

static fault *token_post(struct request *rq, struct reply *to)
{
	struct page_account view = { .secret = STR_NONE };
	struct form form;
	bool ok;

	TRY(request_form_check(rq, &form, &ok));
	view.token = &form;
	if (!ok)
		return show(rq, request_tx(rq), to, 422, view);
	TRY(token_open(request_tx(rq), request_visitor(rq)->account, request_form(rq, "token_name"),
		       &view.secret));
	TRY(keep_trail(rq, request_tx(rq), "token.open", request_form(rq, "token_name")));
	view.token = NULL;
	/* no redirect: the secret is in this answer and nowhere else */
	return show(rq, request_tx(rq), to, 200, view);
}

static fault *token_end(struct request *rq, struct reply *to)
{
	str part = request_part(rq, "id");
	id token;

	if (!id_from_text("tok", part, &token))
		return fault_new(FAULT_MISSING, "There is no such token.");
	TRY(token_revoke(request_tx(rq), request_visitor(rq)->account, token));
	TRY(keep_trail(rq, request_tx(rq), "token.revoke", part));
	reply_flash(to, S("The token is revoked."));
	return reply_go(to, "/account");
}

/* ---- changing the password: look, hash, settle, as at the door ---- */

struct changing {
	struct request *rq;
	struct reply *to;
	struct entry entry;
	struct form form;
	str hash;
};

static fault *look(struct tx *tx, void *with)
{
	struct changing *c = with;

	return entry_look(tx, request_visitor(c->rq)->email, request_address(c->rq), &c->entry);
}

static fault *settle(struct tx *tx, void *with)
{
	struct changing *c = with;
	const struct visitor *visitor = request_visitor(c->rq);

	TRY(entry_settle(tx, &c->entry));
	if (str_is_none(c->hash))
		return NULL;
	TRY(keep_trail(c->rq, tx, "account.password", visitor->email));
	return account_keep_password(tx, visitor->account, c->hash, visitor->session);
}

static fault *show_again(struct tx *tx, void *with)
{
	struct changing *c = with;

	return show(c->rq, tx, c->to, 422,
		    (struct page_account){ .password = &c->form, .secret = STR_NONE });
}

/* What stands against it, at its field; the hash when nothing does. */
static fault *weigh(struct changing *c)
{
	const struct visitor *visitor = request_visitor(c->rq);

	c->hash = STR_NONE;
	if (c->entry.wait > 0) {
		form_refuse(&c->form, "current",
			    S("There were too many tries. Please wait a while."));
		return NULL;
	}
	TRY(entry_hash(&c->entry, request_form(c->rq, "current")));
	if (!c->entry.right) {
		form_refuse(&c->form, "current", S("This is not your current password."));
		return NULL;
	}
	fault *f = password_make(request_arena(c->rq), request_form(c->rq, "password"),
				 visitor->email, visitor->name, &c->hash);
	if (!f || f->kind != FAULT_INPUT)
		return f;
	form_refuse(&c->form, "password", str_of(f->said));
	return NULL;
}

static fault *password_post(struct request *rq, struct reply *to)
{
	struct changing c = { .rq = rq, .to = to };
	struct store *store = request_store(rq);
	struct arena *arena = request_arena(rq);
	bool ok;

	TRY(request_form_check(rq, &c.form, &ok));
	if (ok) {
		TRY(store_run(store, STORE_READ, arena, "look before a password", look, &c));
		TRY(weigh(&c));
		if (c.entry.wait <= 0)
			TRY(store_run(store, STORE_WRITE, arena, "keep a password", settle, &c));
	}
	if (!ok || c.form.error_count)
		return store_run(store, STORE_READ, arena, "show the account", show_again, &c);
	reply_flash(to, S("Your password is changed. Everywhere else you are signed out."));
	return reply_go(to, "/account");
}

/* ---- the API ---- */

static fault *me(struct request *rq, struct reply *to)
{
	const struct visitor *v = request_visitor(rq);
	str id_words = id_text(request_arena(rq), "acc", v->account);
	json_t *made = json_pack("{s:s%, s:s%, s:s%, s:s, s:s}", "id", id_words.at, id_words.len,
				 "name", v->name.at, v->name.len, "email", v->email.at,
				 v->email.len, "role", role_word(v->role), "by",
				 id_is_none(v->session) ? "token" : "session");
	char *text = made ? json_dumps(made, JSON_COMPACT) : NULL;
	str body = str_copy(request_arena(rq), str_of(text));

	free(text);
	json_decref(made);
	if (str_is_none(body))
		return fault_new(FAULT_BUG, "Your account could not be written as JSON.");
	return reply_json(to, 200, body);
}

static const struct route routes[] = {
	{ GET, "/account", account, .who = SIGNED_IN, .about = "Your account" },
	{ POST, "/account/password", password_post, .who = SIGNED_IN, .own_tx = true,
	  .fields = password_fields, .about = "Changes your password" },
	{ POST, "/account/sessions/:id/end", session_end, .who = SIGNED_IN,
	  .about = "Ends one of your sessions" },
	{ POST, "/account/tokens", token_post, .who = SIGNED_IN, .fields = token_fields,
	  .about = "Makes an API token" },
	{ POST, "/account/tokens/:id/revoke", token_end, .who = SIGNED_IN,
	  .about = "Revokes an API token" },
	{ GET, "/api/v1/me", me, .who = SIGNED_IN, .about = "Who the caller is" },
};
const struct route_table account_pages = { routes, COUNT(routes) };
