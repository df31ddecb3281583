#include "invite_page_html.h"
#include "people/audit.h"
#include "people/entry.h"
#include "people/invite.h"
#include "people/page.h"
#include "people/password.h"
#include "people/people.h"

static const struct field fields[] = {
	{ .name = "password",
	  .label = "Password",
	  .kind = FIELD_PASSWORD,
	  .least = PASSWORD_LEAST,
	  .most = PASSWORD_MOST,
	  .needed = true,
	  .help = "At least 12 characters; several words with spaces are fine.",
	  .complete = "new-password" },
	{ 0 },
};

/* The address is the secret: it is neither kept by the browser nor told to other sites. */
static fault *send_page(struct reply *to, int status, const struct html *out)
{
	reply_header(to, "Cache-Control", S("no-store"));
	reply_header(to, "Referrer-Policy", S("no-referrer"));
	return reply_page(to, status, out);
}

static fault *show(struct request *rq, struct reply *to, const struct account *account,
		   const struct form *form)
{
	struct html *out = html_open(request_arena(rq), rq);

	invite_page(out, &(struct page_invite){ .form = form,
						.action = request_path(rq),
						.name = account->name,
						.email = account->email });
	return send_page(to, form->error_count ? 422 : 200, out);
}

static fault *show_spent(struct request *rq, struct reply *to)
{
	struct html *out = html_open(request_arena(rq), rq);

	invite_spent(out);
	return send_page(to, 410, out);
}

/* Mail scanners open links: looking does not use it up. */
static fault *invite(struct request *rq, struct reply *to)
{
	struct form form = form_open(rq, fields);
	struct account account;
	bool found;

	TRY(invite_find(request_tx(rq), request_part(rq, "secret"), &account, &found));
	return found ? show(rq, to, &account, &form) : show_spent(rq, to);
}

struct accepting {
	struct request *rq;
	struct account account;
	str hash;
	bool found;
};

static fault *look(struct tx *tx, void *with)
{
	struct accepting *a = with;

	return invite_find(tx, request_part(a->rq, "secret"), &a->account, &a->found);
}

static fault *settle(struct tx *tx, void *with)
{
	struct accepting *a = with;

	struct entry entry = { .address = request_address(a->rq), .right = true };

	TRY(invite_accept(tx, request_part(a->rq, "secret"), a->hash, &a->account));
	/* who tried the old password in vain need not wait with the new one */
	entry.email = a->account.email;
	TRY(entry_settle(tx, &entry));
	return audit_keep(tx, &(struct audit_entry){ .who = a->account.id,
						     .did = "account.password",
						     .about = a->account.email,
						     .from = request_address(a->rq),
						     .why = S("by a one-time link") });
}

static fault *invite_post(struct request *rq, struct reply *to)
{
	struct accepting a = { .rq = rq };
	struct arena *arena = request_arena(rq);
	struct form form;
	bool ok;

	TRY(request_form_check(rq, &form, &ok));
	TRY(store_run(request_store(rq), STORE_READ, arena, "look at a link", look, &a));
	if (!a.found)
		return show_spent(rq, to);
	if (!ok)
		return show(rq, to, &a.account, &form);
	fault *f = password_make(arena, request_form(rq, "password"), a.account.email,
				 a.account.name, &a.hash);
	if (f && f->kind == FAULT_INPUT) {
		form_refuse(&form, "password", str_of(f->said));
		return show(rq, to, &a.account, &form);
	}
	TRY(f);
	TRY(store_run(request_store(rq), STORE_WRITE, arena, "use a link", settle, &a));
	reply_flash(to, S("Your password is set. Sign in with it."));
	return reply_go(to, PEOPLE_SIGN_IN);
}

static const struct route routes[] = {
	{ GET, "/set-password/:secret", invite, .who = ANYONE, .about = "A one-time link" },
	{ POST, "/set-password/:secret", invite_post, .who = ANYONE, .own_tx = true,
	  .fields = fields, .about = "Sets the password by a one-time link" },
};
const struct route_table invite_pages = { routes, COUNT(routes) };
