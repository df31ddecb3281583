#include "sandbox/identity_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct identity_key {
	EVP_PKEY *pair;
};

/* Decoding a key takes longer than all the rest of a call, so the last ones read are kept: one
 * signs tokens, one signs events. */
enum { KEYS_KEPT = 4 };
static struct {
	pthread_mutex_t lock;
	size_t next; /* whose place the next one takes */
	struct {
		char *pem;
		EVP_PKEY *pair;
	} at[KEYS_KEPT];
} kept = { .lock = PTHREAD_MUTEX_INITIALIZER };

static EVP_PKEY *recall(str pem)
{
	EVP_PKEY *pair = NULL;

	(void)pthread_mutex_lock(&kept.lock);
	for (size_t i = 0; i < KEYS_KEPT && !pair; i++)
		if (kept.at[i].pem && str_eq(str_of(kept.at[i].pem), pem) &&
		    EVP_PKEY_up_ref(kept.at[i].pair) == 1)
			pair = kept.at[i].pair;
	(void)pthread_mutex_unlock(&kept.lock);
	return pair;
}

static void remember(str pem, EVP_PKEY *pair)
{
	char *copy = strndup(pem.at, pem.len);

	if (!pair || !copy || EVP_PKEY_up_ref(pair) != 1) {
		free(copy);
		return;
	}
	(void)pthread_mutex_lock(&kept.lock);
	size_t at = kept.next++ % KEYS_KEPT;
	EVP_PKEY_free(kept.at[at].pair);
	free(kept.at[at].pem);
	kept.at[at].pair = pair;
	kept.at[at].pem = copy;
	(void)pthread_mutex_unlock(&kept.lock);
}

static fault *wrap(EVP_PKEY *pair, struct identity_key **made)
{
	struct identity_key *key = pair ? calloc(1, sizeof(*key)) : NULL;

	if (!key) {
		EVP_PKEY_free(pair);
		return fault_new(FAULT_BUG, "The sandbox's signing key could not be made or read.");
	}
	key->pair = pair;
	*made = key;
	return NULL;
}

fault *identity_key_make(struct identity_key **made)
{
	return wrap(EVP_RSA_gen(2048), made);
}

static void bio_end(BIO **bio)
{
	BIO_free(*bio);
}

fault *identity_key_from(str pem, struct identity_key **made)
{
	EVP_PKEY *known = recall(pem);

	if (known)
		return wrap(known, made);
	DEFER(bio_end) BIO *from = BIO_new_mem_buf(pem.at, (int)pem.len);
	EVP_PKEY *pair = from ? PEM_read_bio_PrivateKey(from, NULL, NULL, NULL) : NULL;

	remember(pem, pair);
	return wrap(pair, made);
}

void identity_key_end(struct identity_key **key)
{
	if (*key)
		EVP_PKEY_free((*key)->pair);
	free(*key);
	*key = NULL;
}

fault *identity_key_pem(const struct identity_key *key, struct arena *keep, str *pem)
{
	DEFER(bio_end) BIO *to = BIO_new(BIO_s_mem());
	char *at = NULL;
	if (!to || PEM_write_bio_PrivateKey(to, key->pair, NULL, NULL, 0, NULL, NULL) != 1)
		return fault_new(FAULT_BUG, "The sandbox's signing key could not be written down.");
	long len = BIO_get_mem_data(to, &at);
	*pem = str_copy(keep, (str){ .at = at, .len = (size_t)len });
	return NULL;
}

static void number_end(BIGNUM **number)
{
	BN_free(*number);
}

static fault *number_text(const struct identity_key *key, struct arena *keep, const char *name,
			  str *text)
{
	DEFER(number_end) BIGNUM *number = NULL;
	unsigned char bytes[512];
	if (EVP_PKEY_get_bn_param(key->pair, name, &number) != 1 ||
	    BN_num_bytes(number) > (int)sizeof(bytes))
		return fault_new(FAULT_BUG, "The sandbox's signing key has no public part.");
	str raw = { .at = (const char *)bytes, .len = (size_t)BN_bn2bin(number, bytes) };
	*text = str_base64url(keep, raw);
	return NULL;
}

fault *identity_key_publish(const struct identity_key *key, struct arena *keep,
			    struct identity_key_public *shown)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	TRY(number_text(key, keep, OSSL_PKEY_PARAM_RSA_N, &shown->n));
	TRY(number_text(key, keep, OSSL_PKEY_PARAM_RSA_E, &shown->e));
	/* RFC 7638 §3.1: the required members in this order, without spaces. */
	str print = str_format(keep, "{\"e\":\"%.*s\",\"kty\":\"RSA\",\"n\":\"%.*s\"}",
			       STR(shown->e), STR(shown->n));
	SHA256((const unsigned char *)print.at, print.len, hash);
	shown->kid = str_base64url(keep, (str){ .at = (const char *)hash, .len = sizeof(hash) });
	return NULL;
}

static void x509_end(X509 **x509)
{
	X509_free(*x509);
}

static bool fill(X509 *x509, const struct identity_key *key, const char *name, int64_t from,
		 int64_t until)
{
	unsigned char print[SHA256_DIGEST_LENGTH];
	X509_NAME *subject = X509_get_subject_name(x509);
	uint64_t serial = 0;
	SHA256((const unsigned char *)name, strlen(name), print);
	for (size_t i = 0; i < 7; i++)
		serial = serial << 8 | print[i];
	return X509_set_version(x509, 2) == 1 &&
	       ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial | 1) == 1 &&
	       ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)from) &&
	       ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)until) &&
	       X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name,
					  -1, -1, 0) == 1 &&
	       X509_set_issuer_name(x509, subject) == 1 && X509_set_pubkey(x509, key->pair) == 1 &&
	       X509_sign(x509, key->pair, EVP_sha256()) > 0;
}

fault *identity_key_certificate(const struct identity_key *key, struct arena *keep,
				const char *name, instant from, int64_t life, str *pem)
{
	DEFER(x509_end) X509 *x509 = X509_new();
	DEFER(bio_end) BIO *to = BIO_new(BIO_s_mem());
	int64_t begins = from.micros / SECONDS(1);
	char *at = NULL;
	if (!x509 || !to || !fill(x509, key, name, begins, begins + life / SECONDS(1)) ||
	    PEM_write_bio_X509(to, x509) != 1)
		return fault_new(FAULT_BUG, "The certificate of a key could not be made.");
	long len = BIO_get_mem_data(to, &at);
	*pem = str_copy(keep, (str){ .at = at, .len = (size_t)len });
	return NULL;
}

static void digest_end(EVP_MD_CTX **digest)
{
	EVP_MD_CTX_free(*digest);
}

fault *identity_key_sign(const struct identity_key *key, struct arena *keep, str text,
			 str *signature)
{
	DEFER(digest_end) EVP_MD_CTX *digest = EVP_MD_CTX_new();
	unsigned char bytes[512];
	size_t len = sizeof(bytes);
	if (!digest || EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL, key->pair) != 1 ||
	    EVP_DigestSign(digest, bytes, &len, (const unsigned char *)text.at, text.len) != 1)
		return fault_new(FAULT_BUG, "The sandbox could not sign a token.");
	*signature = str_copy(keep, (str){ .at = (const char *)bytes, .len = len });
	return NULL;
}

bool identity_key_verifies(const struct identity_key *key, str text, str signature)
{
	DEFER(digest_end) EVP_MD_CTX *digest = EVP_MD_CTX_new();
	return digest && EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key->pair) == 1 &&
	       EVP_DigestVerify(digest, (const unsigned char *)signature.at, signature.len,
				(const unsigned char *)text.at, text.len) == 1;
}
