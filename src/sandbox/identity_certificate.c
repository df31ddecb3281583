#include "sandbox/identity_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "identity_certificate_sql.h"

static void bio_end(BIO **bio)
{
	BIO_free(*bio);
}
static void x509_end(X509 **x509)
{
	X509_free(*x509);
}
static void digest_end(EVP_MD_CTX **digest)
{
	EVP_MD_CTX_free(*digest);
}
static void time_end(ASN1_TIME **time)
{
	ASN1_TIME_free(*time);
}

/* NULL when there is no certificate in the text. */
static X509 *x509_of(str pem)
{
	DEFER(bio_end) BIO *from = BIO_new_mem_buf(pem.at, (int)pem.len);
	return from ? PEM_read_bio_X509(from, NULL, NULL, NULL) : NULL;
}

static str thumbprint(struct arena *keep, const X509 *x509, const EVP_MD *by)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	if (X509_digest(x509, by, bytes, &len) != 1)
		len = 0;
	return str_base64url(keep, (str){ .at = (const char *)bytes, .len = len });
}

static instant instant_of(const ASN1_TIME *time)
{
	DEFER(time_end) ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days, seconds;
	if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch, time) != 1)
		return (instant){ 0 };
	return (instant){ .micros = DAYS(days) + SECONDS(seconds) };
}

static str subject_of(struct arena *keep, const X509 *x509)
{
	DEFER(bio_end) BIO *to = BIO_new(BIO_s_mem());
	char *at = NULL;
	if (!to || X509_NAME_print_ex(to, X509_get_subject_name(x509), 0, XN_FLAG_RFC2253) < 0)
		return S("");
	long len = BIO_get_mem_data(to, &at);
	return str_copy(keep, (str){ .at = at, .len = len > 0 ? (size_t)len : 0 });
}

static str pem_of(struct arena *keep, X509 *x509)
{
	DEFER(bio_end) BIO *to = BIO_new(BIO_s_mem());
	char *at = NULL;
	if (!to || PEM_write_bio_X509(to, x509) != 1)
		return S("");
	long len = BIO_get_mem_data(to, &at);
	return str_copy(keep, (str){ .at = at, .len = len > 0 ? (size_t)len : 0 });
}

fault *identity_certificate_read(struct arena *keep, str pem, struct identity_certificate *made)
{
	DEFER(x509_end)
	X509 *x509 = pem.len && pem.len <= IDENTITY_CERTIFICATE_MOST ? x509_of(pem) : NULL;
	if (!x509)
		return fault_new(FAULT_INPUT, "There is no certificate here: it begins with "
					      "-----BEGIN CERTIFICATE----- (PEM).");
	EVP_PKEY *key = X509_get0_pubkey(x509);
	if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < 2048 ||
	    EVP_PKEY_get_bits(key) > 8192)
		return fault_new(FAULT_INPUT,
				 "The certificate's key must be RSA with at least 2048 bits.");
	*made = (struct identity_certificate){
		.thumbprint = thumbprint(keep, x509, EVP_sha256()),
		.thumbprint_sha1 = thumbprint(keep, x509, EVP_sha1()),
		.subject = subject_of(keep, x509),
		.pem = pem_of(keep, x509),
		.not_before = instant_of(X509_get0_notBefore(x509)),
		.not_after = instant_of(X509_get0_notAfter(x509)),
	};
	return NULL;
}

fault *identity_certificate_add(struct tx *tx, str client_id,
				const struct identity_certificate *certificate)
{
	return identity_certificate_put(tx, &(struct identity_certificate_put_in){
						    .client_id = client_id,
						    .thumbprint = certificate->thumbprint,
						    .thumbprint_sha1 = certificate->thumbprint_sha1,
						    .subject = certificate->subject,
						    .pem = certificate->pem,
						    .not_before = certificate->not_before,
						    .not_after = certificate->not_after });
}

fault *identity_certificate_all(struct tx *tx, str client_id, struct identity_certificates *all)
{
	struct identity_certificate_list_list rows;
	TRY(identity_certificate_list(tx, client_id, &rows));
	all->len = rows.len;
	all->at = NEW_ARRAY(tx_arena(tx), struct identity_certificate, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		all->at[i] = (struct identity_certificate){
			.thumbprint = rows.at[i].thumbprint,
			.thumbprint_sha1 = rows.at[i].thumbprint_sha1,
			.subject = rows.at[i].subject,
			.pem = rows.at[i].pem,
			.not_before = rows.at[i].not_before,
			.not_after = rows.at[i].not_after,
		};
	return NULL;
}

static bool pads(EVP_PKEY_CTX *how, enum identity_certificate_algorithm algorithm)
{
	return algorithm == IDENTITY_RS256 ||
	       (EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
		EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) == 1);
}

bool identity_certificate_verifies(const struct identity_certificate *certificate,
				   enum identity_certificate_algorithm algorithm, str text,
				   str signature)
{
	DEFER(x509_end) X509 *x509 = x509_of(certificate->pem);
	DEFER(digest_end) EVP_MD_CTX *digest = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;
	return x509 && digest &&
	       EVP_DigestVerifyInit(digest, &how, EVP_sha256(), NULL, X509_get0_pubkey(x509)) ==
		       1 &&
	       pads(how, algorithm) &&
	       EVP_DigestVerify(digest, (const unsigned char *)signature.at, signature.len,
				(const unsigned char *)text.at, text.len) == 1;
}
