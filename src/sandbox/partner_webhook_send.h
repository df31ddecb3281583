/* Events go out: signed, to the address the partner registered (vendor facts §3.13). */
#pragma once

#include "remote/remote.h"
#include "store/store.h"

/* The key that signs, made when there is none yet, and a certificate for it that `certify` gives;
 * both are kept.  Without `certify` the certificate signs itself. */
typedef fault *partner_webhook_certify(void *of, struct arena *keep, str key_pem, str *certificate);
MUST_USE fault *partner_webhook_send_key(struct tx *tx, partner_webhook_certify *certify, void *of);
/* PEM; STR_NONE before there is one. */
MUST_USE fault *partner_webhook_send_certificate(struct tx *tx, str *certificate);

/* Tells what is due, at most `most` events; no transaction is open while somebody is told. */
MUST_USE fault *partner_webhook_send(struct store *store, const struct transport *by,
				     const struct world *world, size_t most);
