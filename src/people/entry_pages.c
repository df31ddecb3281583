#include "entry_page_html.h"
#include "people/audit.h"
#include "people/entry.h"
#include "people/page.h"
#include "people/password.h"
#include "people/people.h"

#define PATH_MOST 1000

static const struct field fields[] = {
	{ .name = "email",
	  .label = "E-mail address",
	  .kind = FIELD_EMAIL,
	  .most = 254,
	  .needed = true,
	  .complete = "username" },
	{ .name = "password",
	  .label = "Password",
	  .kind = FIELD_PASSWORD,
	  .most = PASSWORD_MOST,
	  .needed = true,
	  .complete = "current-password" },
	{ .name = "next", .label = "Next page", .kind = FIELD_HIDDEN, .most = PATH_MOST },
	{ 0 },
};

/* Only a path of our own, as an address has it: "//elsewhere" and "/\elsewhere" leave us in some
 * browsers. */
static str own_path(str wanted)
{
	if (wanted.len == 0 || wanted.len > PATH_MOST || wanted.at[0] != '/' ||
	    str_starts(wanted, S(PEOPLE_SIGN_IN)))
		return S("/");
	if (wanted.len > 1 && (wanted.at[1] == '/' || wanted.at[1] == '\\'))
		return S("/");
	for (size_t i = 0; i < wanted.len; i++)
		if ((unsigned char)wanted.at[i] <= ' ' || (unsigned char)wanted.at[i] >= 0x7f)
			return S("/");
	return wanted;
}

static fault *show(struct request *rq, struct reply *to, int status, const struct form *form)
{
	struct html *out = html_open(request_arena(rq), rq);
	str wanted = request_method(rq) == POST ? request_form(rq, "next")
						: request_query(rq, "next");

	entry_page(out, &(struct page_entry){ .form = form, .next = own_path(wanted) });
	reply_header(to, "Cache-Control", S("no-store"));
	return reply_page(to, status, out);
}

static fault *sign_in(struct request *rq, struct reply *to)
{
	struct form form = form_open(rq, fields);

	if (!id_is_none(request_visitor(rq)->account))
		return reply_go(to, "%.*s", STR(own_path(request_query(rq, "next"))));
	return show(rq, to, 200, &form);
}

struct signing {
	struct request *rq;
	struct entry entry;
	str cookie;
};

static fault *look(struct tx *tx, void *with)
{
	struct signing *s = with;

	return entry_look(tx, request_form(s->rq, "email"), request_address(s->rq), &s->entry);
}

static fault *open_session(struct tx *tx, struct signing *s)
{
	id before = request_visitor(s->rq)->session;

	if (!id_is_none(before))
		TRY(session_close(tx, request_visitor(s->rq)->account, before));
	return session_open(tx, s->entry.account, request_address(s->rq),
			    request_header(s->rq, "User-Agent"), &s->cookie);
}

static fault *settle(struct tx *tx, void *with)
{
	struct signing *s = with;
	struct audit_entry entry = { .who = s->entry.account,
				     .did = s->entry.right ? "session.open" : "session.refused",
				     .about = s->entry.email,
				     .from = request_address(s->rq),
				     .why = STR_NONE };

	TRY(entry_settle(tx, &s->entry));
	TRY(audit_keep(tx, &entry));
	return s->entry.right ? open_session(tx, s) : NULL;
}

static fault *wait_first(struct signing *s, struct reply *to, struct form *form)
{
	struct arena *keep = request_arena(s->rq);
	int64_t seconds = s->entry.wait / SECONDS(1) + 1;

	form_refuse(form, "email",
		    str_format(keep, "There were too many tries. Please wait %.*s.",
			       STR(duration_for_people(keep, SECONDS(seconds)))));
	reply_header(to, "Retry-After", str_format(keep, "%lld", (long long)seconds));
	return show(s->rq, to, 429, form);
}

static fault *sign_in_post(struct request *rq, struct reply *to)
{
	struct signing s = { .rq = rq };
	struct form form;
	bool ok;

	TRY(request_form_check(rq, &form, &ok));
	if (!ok)
		return show(rq, to, 422, &form);
	TRY(store_run(request_store(rq), STORE_READ, request_arena(rq), "look at who signs in",
		      look, &s));
	if (s.entry.wait > 0)
		return wait_first(&s, to, &form);
	TRY(entry_hash(&s.entry, request_form(rq, "password")));
	TRY(store_run(request_store(rq), STORE_WRITE, request_arena(rq), "sign in", settle, &s));
	if (!s.entry.right) {
		form_refuse(&form, "email", S("This address and password do not belong together."));
		return show(rq, to, 422, &form);
	}
	reply_cookie(to, SESSION_COOKIE, s.cookie, SESSION_MOST / SECONDS(1));
	return reply_go(to, "%.*s", STR(own_path(request_form(rq, "next"))));
}

static fault *sign_out(struct request *rq, struct reply *to)
{
	const struct visitor *visitor = request_visitor(rq);

	if (!id_is_none(visitor->session))
		TRY(session_close(request_tx(rq), visitor->account, visitor->session));
	reply_cookie(to, SESSION_COOKIE, S(""), 0);
	reply_flash(to, S("You are signed out."));
	return reply_go(to, PEOPLE_SIGN_IN);
}

static const struct route routes[] = {
	{ GET, PEOPLE_SIGN_IN, sign_in, .who = ANYONE, .about = "The sign-in page" },
	{ POST, PEOPLE_SIGN_IN, sign_in_post, .who = ANYONE, .own_tx = true, .fields = fields,
	  .about = "Signs in" },
	{ POST, PEOPLE_SIGN_OUT, sign_out, .who = SIGNED_IN, .about = "Signs out" },
};
const struct route_table entry_pages = { routes, COUNT(routes) };
