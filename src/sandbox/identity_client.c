#include "sandbox/identity_client.h"

#include <openssl/crypto.h>

#include "sandbox/identity_assertion.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

struct shown {
	str client_id, secret;
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes form encoding; a % that begins no pair stays. */
static str form_decode(struct arena *keep, str coded)
{
	struct text plain = text_open(keep);
	for (size_t i = 0; i < coded.len; i++) {
		char c = coded.at[i];
		int high = c == '%' && i + 2 < coded.len ? hex_digit(coded.at[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(coded.at[i + 2]) : -1;
		if (low >= 0) {
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		text_add_char(&plain, c);
	}
	return text_str(&plain);
}

/* RFC 6749 §2.3.1: both halves are form-encoded before the base64. */
static bool read_basic(struct request *rq, struct shown *shown)
{
	str header = request_header(rq, "Authorization"), pair, client;
	if (header.len < 6 || !str_eq_nocase(str_part(header, 0, 6), S("Basic ")) ||
	    !str_from_base64(request_arena(rq), str_trim(str_part(header, 6, header.len)), &pair) ||
	    !str_next(&pair, ':', &client))
		return false;
	shown->client_id = form_decode(request_arena(rq), client);
	shown->secret = form_decode(request_arena(rq), pair);
	return true;
}

static struct shown read_shown(struct request *rq)
{
	struct shown shown = { .client_id = request_form(rq, "client_id"),
			       .secret = request_form(rq, "client_secret") };
	struct shown basic;
	if (read_basic(rq, &basic))
		shown = basic;
	return shown;
}

static bool same(str a, str b)
{
	return a.len == b.len && CRYPTO_memcmp(a.at, b.at, a.len) == 0;
}

static enum identity_error check_secret(str secret, instant now, struct identity_client *client)
{
	const struct identity_application *application = &client->application;
	if (str_is_empty(secret))
		return application->public_client ? IDENTITY_FINE : IDENTITY_NO_SECRET;
	if (str_is_empty(application->secret) || !same(application->secret, secret))
		return IDENTITY_WRONG_SECRET;
	if (!instant_is_none(application->secret_expires) &&
	    !instant_before(now, application->secret_expires))
		return IDENTITY_SECRET_EXPIRED;
	client->proved = true;
	return IDENTITY_FINE;
}

static fault *check_assertion(struct request *rq, const struct identity_place *place,
			      struct identity_client *client, struct identity_refusal *refusal)
{
	if (!str_eq(request_form(rq, "client_assertion_type"), S(ASSERTION_TYPE))) {
		*refusal = (struct identity_refusal){ IDENTITY_BAD_REQUEST,
						      S("'client_assertion_type'.") };
		return NULL;
	}
	TRY(identity_assertion_check(request_tx(rq), place, client->application.client_id,
				     request_form(rq, "client_assertion"), refusal));
	client->proved = refusal->error == IDENTITY_FINE;
	return NULL;
}

/* RFC 7521 §4.2: the assertion's subject may name the client in place of client_id. */
static str named(struct request *rq, const struct shown *shown)
{
	struct identity_assertion assertion;
	if (!str_is_empty(shown->client_id) ||
	    !identity_assertion_read(request_arena(rq), request_form(rq, "client_assertion"),
				     &assertion))
		return shown->client_id;
	return assertion.subject;
}

fault *identity_client_read(struct request *rq, const struct identity_place *place,
			    struct identity_client *client, struct identity_refusal *refusal)
{
	struct shown shown = read_shown(rq);
	bool found;

	*client = (struct identity_client){ .proved = false };
	shown.client_id = named(rq, &shown);
	if (str_is_empty(shown.client_id)) {
		*refusal = (struct identity_refusal){ IDENTITY_MISSING, S("'client_id'.") };
		return NULL;
	}
	TRY(identity_application_find(request_tx(rq), shown.client_id, &client->application,
				      &found));
	if (!found) {
		*refusal = (struct identity_refusal){ IDENTITY_NO_APPLICATION, shown.client_id };
		return NULL;
	}
	*refusal = (struct identity_refusal){ identity_place_admits(place, &client->application),
					      shown.client_id };
	if (refusal->error != IDENTITY_FINE)
		return NULL;
	if (!str_is_empty(request_form(rq, "client_assertion")))
		return check_assertion(rq, place, client, refusal);
	*refusal = (struct identity_refusal){
		check_secret(shown.secret, tx_now(request_tx(rq)), client), S("")
	};
	return NULL;
}
