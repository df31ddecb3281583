/* Access tokens: asked for once, kept in memory until shortly before they end (§1.2, §1.7). */
#pragma once

#include <jansson.h>

#include "microsoft/connection.h"

/* `tenant` counts where a customer's tenant is asked; the partner's tokens are of our own. */
MUST_USE fault *token_take(struct microsoft_work *w, enum token_kind kind, str tenant, str *access);
/* After a 401, or when rights may have changed: the next one is asked for anew. */
void token_drop(struct microsoft *ms, enum token_kind kind, str tenant);
void token_forget_all(struct microsoft *ms);

/* A token answer to a user's grant: keeps the access token, and the refresh token sealed. */
MUST_USE fault *token_keep_user(struct microsoft_work *w, str body);

/* The access token of an answer; kept until shortly before its end. */
MUST_USE fault *token_keep_access(struct microsoft_work *w, enum token_kind kind, str tenant,
				  const json_t *answer, str *access);

/* Posts a form to {login}/{our tenant}/oauth2/v2.0/{path}; the answer may be a refusal. */
struct token_field {
	const char *name;
	str value;
};
MUST_USE fault *token_post(struct microsoft_work *w, const char *name, str tenant, const char *path,
			   const struct token_field *fields, size_t count,
			   struct remote_answer *answer);
