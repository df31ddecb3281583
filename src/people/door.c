#include "people/door.h"

#include "people/session.h"
#include "people/token.h"

static fault *fill(struct tx *tx, id account, struct visitor *who, bool *known)
{
	struct account a;

	TRY(account_by_id_find(tx, account, &a, known));
	*known = *known && !a.closed;
	if (!*known)
		return NULL;
	who->account = a.id;
	who->name = a.name;
	who->email = a.email;
	switch (a.role) {
	case ROLE_PARTNER: who->role = PARTNER; break;
	case ROLE_OPERATOR: who->role = OPERATOR; break;
	case ACCOUNT_ROLE_COUNT: break;
	}
	return NULL;
}

static fault *by_token(struct tx *tx, str bearer, struct visitor *who)
{
	struct token token;
	bool found;

	TRY(token_find(tx, bearer, &token, &found));
	if (!found)
		return NULL;
	TRY(fill(tx, token.account, who, &found));
	who->stale = found && token_is_stale(&token, tx_now(tx));
	return NULL;
}

static fault *by_session(struct tx *tx, str cookie, struct visitor *who)
{
	struct session session;
	bool found;

	TRY(session_find(tx, cookie, &session, &found));
	if (!found)
		return NULL;
	TRY(fill(tx, session.account, who, &found));
	if (!found)
		return NULL;
	who->session = session.id;
	who->stale = session.stale;
	who->form_token = session_form_token(tx_arena(tx), cookie);
	return NULL;
}

fault *door_answer(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	struct visitor stranger = { .role = ANYONE, .form_token = STR_NONE };

	*who = stranger;
	if (!str_is_empty(bearer))
		return by_token(tx, bearer, who);
	if (!str_is_empty(cookie))
		return by_session(tx, cookie, who);
	return NULL;
}

static fault *note(struct tx *tx, void *with)
{
	struct request *rq = with;
	struct token token;
	bool found;
	str header = request_header(rq, "Authorization");

	if (!id_is_none(request_visitor(rq)->session))
		return session_touch(tx, request_visitor(rq)->session);
	TRY(token_find(tx, str_trim(str_part(header, sizeof("Bearer"), header.len)), &token,
		       &found));
	return found ? token_touch(tx, token.id) : NULL;
}

void door_seen(struct request *rq, int status, int64_t micros)
{
	(void)status;
	(void)micros;
	if (!request_visitor(rq)->stale || !request_store(rq))
		return;
	fault *f = store_run(request_store(rq), STORE_WRITE, request_arena(rq), "note a visit",
			     note, rq);
	if (f)
		log_fault(LOG_WARN, "people", "a visit could not be noted", f);
}
