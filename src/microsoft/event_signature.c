#include "microsoft/event_signature.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>

#include "microsoft/connection.h"

/* A certificate is renewed at the same address, so a kept one is asked for anew now and then; its
 * place is given to another address only when it was of no use, or of none for long. */
enum { CERTIFICATES = 8 };
#define FRESH	    MINUTES(10)
#define OF_NO_USE   DAYS(1)
#define PATIENCE    SECONDS(10)
#define MOST_ANSWER ((size_t)64 << 10)
#define LEAST_BITS  2048

struct certificate_kept {
	char url[EVENT_URL_MOST + 1];
	X509 *certificate; /* NULL: none stands there */
	instant asked;	   /* long ago where the place is empty */
};

struct event_trust {
	struct arena *arena;
	pthread_mutex_t lock;
	X509_STORE *authorities;
	struct certificate_kept kept[CERTIFICATES];
};

str event_signature_word(enum event_verdict verdict)
{
	static const char *const words[] = {
#define X(name, word) [name] = word,
		EVENT_VERDICTS(X)
#undef X
	};
	return str_of(words[verdict]);
}

/* The system's authorities, and those of the settings. */
static X509_STORE *authorities_open(const struct microsoft_settings *s, struct arena *scratch)
{
	X509_STORE *made = X509_STORE_new();

	if (made)
		(void)X509_STORE_set_default_paths(made);
	if (made && !str_is_empty(s->ca_file))
		(void)X509_STORE_load_file(made, str_cstr(scratch, s->ca_file));
	return made;
}

static struct event_trust *trust_of(struct microsoft_work *w)
{
	struct microsoft *ms = w->ms;

	(void)pthread_mutex_lock(&ms->lock);
	if (!ms->event_trust) {
		struct arena *arena = arena_open();

		ms->event_trust = NEW(arena, struct event_trust);
		ms->event_trust->arena = arena;
		ms->event_trust->authorities = authorities_open(&ms->settings, arena);
		(void)pthread_mutex_init(&ms->event_trust->lock, NULL);
	}
	(void)pthread_mutex_unlock(&ms->lock);
	return ms->event_trust;
}

void event_signature_forget(struct event_trust *trust)
{
	if (!trust)
		return;
	for (size_t i = 0; i < CERTIFICATES; i++)
		X509_free(trust->kept[i].certificate);
	X509_STORE_free(trust->authorities);
	(void)pthread_mutex_destroy(&trust->lock);
	arena_close(trust->arena);
}

static bool is_microsofts(const struct microsoft_settings *s, str url)
{
	str host = s->certificate_url;

	return !str_is_empty(host) && url.len > host.len + 1 && url.len <= EVENT_URL_MOST &&
	       str_starts(url, host) && url.at[host.len] == '/';
}

/* DER, or NULL for whatever else stands there. */
static X509 *fetch(struct microsoft_work *w, str url)
{
	const struct microsoft_settings *s = &w->ms->settings;
	const struct remote_call call = { .name = "partnercenter.certificate",
					  .method = "GET",
					  .url = url,
					  .timeout = PATIENCE,
					  .most = MOST_ANSWER };
	struct remote_answer answer = { 0 };

	if (remote_ask(&s->by, s->world, w->arena, &call, &answer) || answer.status != 200 ||
	    str_is_empty(answer.body))
		return NULL;
	const unsigned char *der = (const unsigned char *)answer.body.at;
	return d2i_X509(NULL, &der, (long)answer.body.len);
}

static bool is_free(const struct certificate_kept *k, instant now)
{
	return instant_since(now, k->asked) > (k->certificate ? OF_NO_USE : FRESH);
}

/* The place of this address, else a free one, else NULL: strangers name many addresses. */
static struct certificate_kept *place_of(struct event_trust *trust, str url, instant now)
{
	struct certificate_kept *free_one = NULL;

	for (size_t i = 0; i < CERTIFICATES; i++) {
		if (str_eq(str_of(trust->kept[i].url), url))
			return &trust->kept[i];
		if (!free_one && is_free(&trust->kept[i], now))
			free_one = &trust->kept[i];
	}
	return free_one;
}

/* A reference of the caller's own, or NULL. */
static X509 *certificate_at(struct microsoft_work *w, struct event_trust *trust, str url)
{
	instant now = microsoft_now(w);
	struct certificate_kept *k = place_of(trust, url, now);

	if (!k)
		return NULL;
	bool same = str_eq(str_of(k->url), url);
	if (!same || instant_since(now, k->asked) > FRESH) {
		X509 *fetched = fetch(w, url);

		if (fetched || !same) {
			X509_free(k->certificate);
			k->certificate = fetched;
		}
		(void)snprintf(k->url, sizeof(k->url), "%.*s", STR(url));
		k->asked = now;
	}
	if (k->certificate)
		(void)X509_up_ref(k->certificate);
	return k->certificate;
}

/* Other authorities issue for anybody; this name they give to Microsoft alone. */
static bool issued_by_microsoft(const X509 *certificate)
{
	const X509_NAME *issuer = X509_get_issuer_name(certificate);
	str wanted = S("Microsoft Corporation");

	for (int at = -1;
	     (at = X509_NAME_get_index_by_NID(issuer, NID_organizationName, at)) >= 0;) {
		const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(issuer, at));

		if (str_eq(wanted, (str){ .at = (const char *)ASN1_STRING_get0_data(text),
					  .len = (size_t)ASN1_STRING_length(text) }))
			return true;
	}
	return false;
}

static bool is_trusted(struct event_trust *trust, X509 *certificate, instant now)
{
	X509_STORE_CTX *chain = X509_STORE_CTX_new();
	bool trusted = false;

	if (chain && trust->authorities &&
	    X509_STORE_CTX_init(chain, trust->authorities, certificate, NULL) == 1) {
		X509_STORE_CTX_set_time(chain, 0, (time_t)(now.micros / SECONDS(1)));
		trusted = X509_verify_cert(chain) == 1;
	}
	X509_STORE_CTX_free(chain);
	return trusted && issued_by_microsoft(certificate);
}

static bool verifies(const X509 *certificate, const struct event_sent *sent)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	bool verified = digest && key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
			EVP_PKEY_get_bits(key) >= LEAST_BITS &&
			EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key) == 1 &&
			EVP_DigestVerify(digest, (const unsigned char *)sent->signature.at,
					 sent->signature.len, (const unsigned char *)sent->body.at,
					 sent->body.len) == 1;

	EVP_MD_CTX_free(digest);
	return verified;
}

enum event_verdict event_signature_check(struct microsoft_work *w, const struct event_sent *sent)
{
	struct event_trust *trust = trust_of(w);
	enum event_verdict verdict = EVENT_SIGNED;
	X509 *certificate;

	if (!is_microsofts(&w->ms->settings, sent->certificate_url))
		return EVENT_WRONG_HOST;
	(void)pthread_mutex_lock(&trust->lock);
	certificate = certificate_at(w, trust, sent->certificate_url);
	if (!certificate)
		verdict = EVENT_NO_CERTIFICATE;
	else if (!is_trusted(trust, certificate, microsoft_now(w)))
		verdict = EVENT_NOT_TRUSTED;
	else if (!verifies(certificate, sent))
		verdict = EVENT_BAD_SIGNATURE;
	(void)pthread_mutex_unlock(&trust->lock);
	X509_free(certificate);
	return verdict;
}
