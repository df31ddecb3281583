#include "sandbox/identity_front.h"

#include "identity_form_post_html.h"
#include "sandbox/identity_mint.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_token.h"
#include "web/html.h"

static fault *answer(struct request *rq, struct reply *to, const struct identity_ask *ask,
		     struct identity_answer *answers, size_t count)
{
	struct arena *keep = request_arena(rq);
	reply_header(to, "Cache-Control", S("no-store"));
	if (ask->mode != IDENTITY_FORM_POST) {
		str address = identity_redirect_address(keep, ask->redirect, ask->mode, answers,
							count);
		return reply_go(to, "%.*s", STR(address));
	}
	struct html *out = html_open(keep, rq);
	identity_form_post_page(out, &(struct identity_post_view){ .address = ask->redirect,
								   .at = answers,
								   .len = count });
	return signin_reply(to, 200, out);
}

fault *identity_front_refuse(struct request *rq, struct reply *to, const struct identity_ask *ask,
			     const struct identity_refusal *refusal)
{
	if (!ask->redirect_good)
		return identity_refuse_page(rq, to, refusal);
	struct identity_answer answers[] = {
		{ "error", str_of(identity_error_word(refusal->error)) },
		{ "error_description", identity_error_said(request_arena(rq), refusal) },
		{ "state", ask->state },
	};
	return answer(rq, to, ask, answers, COUNT(answers));
}

static fault *code_of(struct tx *tx, const struct identity_ask *ask, const struct signin *who,
		      str *code)
{
	return identity_token_code(tx,
				   &(struct identity_code){ .client_id = ask->application.client_id,
							    .tenant = who->user.tenant,
							    .user = who->user.id,
							    .redirect = ask->redirect,
							    .scope = ask->scope.asked,
							    .nonce = ask->nonce,
							    .challenge = ask->challenge,
							    .pkce = ask->pkce,
							    .mfa = who->mfa,
							    .hybrid = ask->wants_id_token },
				   code);
}

static fault *id_token_of(struct tx *tx, const struct identity_ask *ask, const struct signin *who,
			  str code, str *token)
{
	struct tenant_state tenant;
	int64_t lasts;
	bool found;
	DEFER(identity_key_end) struct identity_key *key = NULL;

	TRY(tenant_state_find(tx, who->user.tenant, &tenant, &found));
	TRY(identity_token_lasts(tx, &lasts));
	TRY(identity_token_key(tx, &key));
	return identity_mint_id(tx,
				&(struct identity_mint){ .key = key,
							 .base_url = ask->place.base_url,
							 .tenant = &tenant,
							 .application = &ask->application,
							 .user = &who->user,
							 .lasts = lasts,
							 .mfa = who->mfa,
							 .profile = ask->scope.profile,
							 .email = ask->scope.email,
							 .v1 = ask->v1,
							 .nonce = ask->nonce,
							 .code = code },
				token);
}

fault *identity_front_send(struct request *rq, struct reply *to, const struct identity_ask *ask,
			   const struct signin *who)
{
	str code = STR_NONE, token = STR_NONE;
	if (ask->wants_code)
		TRY(code_of(request_tx(rq), ask, who, &code));
	if (ask->wants_id_token)
		TRY(id_token_of(request_tx(rq), ask, who, code, &token));
	struct identity_answer answers[] = {
		{ "code", code },
		{ "id_token", token },
		{ "state", ask->state },
		{ "session_state", identity_token_hash(request_arena(rq), who->user.id) },
	};
	return answer(rq, to, ask, answers, COUNT(answers));
}
