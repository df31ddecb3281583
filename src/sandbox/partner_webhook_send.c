#include "sandbox/partner_webhook_send.h"

#include "sandbox/identity_key.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_webhook.h"
#include "sandbox/sandbox_setting.h"

#define PATIENCE    SECONDS(5)
#define MOST_ANSWER ((size_t)64 << 10)

fault *partner_webhook_send_key(struct tx *tx, partner_webhook_certify *certify, void *of)
{
	DEFER(identity_key_end) struct identity_key *key = NULL;
	struct arena *keep = tx_arena(tx);
	str pem, certificate;

	TRY(sandbox_setting_get(tx, S("webhook_key"), &pem));
	if (str_is_none(pem)) {
		TRY(identity_key_make(&key));
		TRY(identity_key_pem(key, keep, &pem));
		TRY(sandbox_setting_put(tx, S("webhook_key"), pem));
	}
	if (certify) {
		TRY(certify(of, keep, pem, &certificate));
		return sandbox_setting_put(tx, S("webhook_certificate"), certificate);
	}
	identity_key_end(&key);
	TRY(identity_key_from(pem, &key));
	TRY(identity_key_certificate(key, keep, "webhooks", tx_now(tx), DAYS(800), &certificate));
	return sandbox_setting_put(tx, S("webhook_certificate"), certificate);
}

fault *partner_webhook_send_certificate(struct tx *tx, str *certificate)
{
	return sandbox_setting_get(tx, S("webhook_certificate"), certificate);
}

struct sending {
	size_t most;
	struct partner_webhook_deliveries due;
	struct partner_setting setting;
	str key, certificate_url;
	/* what came of one */
	const struct partner_webhook_delivery *told;
	int64_t status;
	str said;
};

static fault *look(struct tx *tx, void *with)
{
	struct sending *sending = with;
	struct sandbox_setting sandbox;

	TRY(sandbox_setting_read(tx, &sandbox));
	TRY(partner_setting_read(tx, &sending->setting));
	TRY(sandbox_setting_get(tx, S("webhook_key"), &sending->key));
	sending->certificate_url = sending->setting.webhook_wrong_host
					   ? S("https://certificates.invalid/webhooks.cer")
					   : str_format(tx_arena(tx),
							"%.*s/webhooks/certificates/webhooks.cer",
							STR(sandbox.partner_center_url));
	return partner_webhook_due(tx, sending->most, &sending->due);
}

static fault *keep_outcome(struct tx *tx, void *with)
{
	const struct sending *sending = with;

	return partner_webhook_told(tx, sending->told, sending->status, sending->said);
}

static fault *signature_of(const struct sending *sending, struct arena *keep, str body, str *text)
{
	DEFER(identity_key_end) struct identity_key *key = NULL;
	str bytes;

	TRY(identity_key_from(sending->key, &key));
	if (sending->setting.webhook_bad_signature)
		body = str_format(keep, "%.*s ", STR(body));
	TRY(identity_key_sign(key, keep, body, &bytes));
	*text = str_format(keep, "Signature %.*s", STR(str_base64(keep, bytes)));
	return NULL;
}

static fault *tell(struct sending *sending, const struct transport *by, const struct world *world,
		   struct arena *keep)
{
	const struct partner_webhook_delivery *delivery = sending->told;
	struct remote_answer answer = { 0 };
	str signature;

	TRY(signature_of(sending, keep, delivery->body, &signature));
	const struct remote_header headers[] = {
		{ delivery->ms_header ? "x-ms-signature" : "Authorization", signature, true },
		{ "X-MS-Certificate-Url", sending->certificate_url, false },
		{ "X-MS-Signature-Algorithm", S("rsa-sha256"), false },
		{ "Content-Type", S("application/json"), false },
	};
	const fault *f = remote_ask(by, world, keep,
				    &(struct remote_call){
					    .name = "partnercenter.webhook",
					    .method = "POST",
					    .url = delivery->url,
					    .headers = headers,
					    .header_count = COUNT(headers),
					    .body = delivery->body,
					    .timeout = PATIENCE,
					    .most = MOST_ANSWER,
				    },
				    &answer);
	sending->status = f ? 0 : answer.status;
	sending->said = f ? str_of(f->said) : S("");
	return NULL;
}

fault *partner_webhook_send(struct store *store, const struct transport *by,
			    const struct world *world, size_t most)
{
	DEFER(arena_end) struct arena *keep = arena_open();
	struct sending sending = { .most = most };

	TRY(store_run(store, STORE_READ, keep, "webhooks due", look, &sending));
	for (size_t i = 0; i < sending.due.len; i++) {
		sending.told = &sending.due.at[i];
		TRY(tell(&sending, by, world, keep));
		TRY(store_run(store, STORE_WRITE, keep, "webhook told", keep_outcome, &sending));
		/* Whoever does not answer is waited for once, not for each event. */
		if (sending.status == 0)
			return NULL;
	}
	return NULL;
}
