#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/world.h"
#include "web/web.h"

/* The server over TLS, with a certificate made here; two servers in one process. */

static struct arena *arena;
static X509 *certificate;
static EVP_PKEY *key;

static str pem_of(BIO *bio)
{
	char *at;
	long len = BIO_get_mem_data(bio, &at);
	str made = str_copy(arena, (str){ .at = at, .len = (size_t)len });

	BIO_free(bio);
	return made;
}

static void make_certificate(str *certificate_pem, str *key_pem)
{
	BIO *c = BIO_new(BIO_s_mem()), *k = BIO_new(BIO_s_mem());

	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	certificate = X509_new();
	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_NAME *name = X509_get_subject_name(certificate);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1,
				   -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name,
						    "DNS:localhost");
	X509_add_ext(certificate, names, -1);
	X509_EXTENSION_free(names);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_bio_X509(c, certificate), 1);
	assert_int_equal(PEM_write_bio_PrivateKey(k, key, NULL, NULL, 0, NULL, NULL), 1);
	*certificate_pem = pem_of(c);
	*key_pem = pem_of(k);
}

static fault *who_am_i(struct request *rq, struct reply *to)
{
	return reply_text(to, 200, "text/plain", str_of(request_context(rq)));
}

static fault *version(struct request *rq, int64_t *out)
{
	(void)rq;
	*out = 3;
	return NULL;
}

static const struct route routes[] = {
	{ GET, "/", who_am_i, .who = ANYONE },
	{ GET, "/live", who_am_i, .who = ANYONE, .live = version },
};
static const struct route_table tables[] = { { routes, COUNT(routes) } };

static struct web *open_one(char *name, str certificate_pem, str key_pem)
{
	struct web *web = NULL;
	struct web_settings settings = { .address = S("127.0.0.1"),
					 .threads = 1,
					 .certificate = certificate_pem,
					 .key = key_pem,
					 .world = world_of_system(),
					 .context = name,
					 .tables = tables,
					 .table_count = COUNT(tables) };

	assert_null(web_open(&settings, &web));
	return web;
}

static int connect_to(const struct web *web)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)web_port(web)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 10 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static void ask(SSL_CTX *context, const struct web *web, const char *request, const char *want)
{
	SSL *ssl = SSL_new(context);
	int fd = connect_to(web);
	char answer[4096] = "", host[] = "localhost"; /* OpenSSL's macro takes no const */
	int len = 0, got;

	SSL_set_fd(ssl, fd);
	SSL_set_tlsext_host_name(ssl, host);
	SSL_set1_host(ssl, "localhost");
	SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
	assert_int_equal(SSL_connect(ssl), 1);
	assert_true(SSL_write(ssl, request, (int)strlen(request)) > 0);
	while (!strstr(answer, want) && len < 4000 &&
	       (got = SSL_read(ssl, answer + len, 4095 - len)) > 0) {
		len += got;
		answer[len] = '\0';
	}
	if (!strstr(answer, want))
		fail_msg("wanted %s in: %s", want, answer);
	SSL_free(ssl);
	(void)close(fd);
}

static void two_servers_speak_tls_side_by_side(void **state)
{
	static char ada[] = "i am ada", oscar[] = "i am oscar";
	str certificate_pem, key_pem;
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	(void)state;
	arena = arena_open();
	make_certificate(&certificate_pem, &key_pem);
	assert_int_equal(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate), 1);
	struct web *a = open_one(ada, certificate_pem, key_pem);
	struct web *b = open_one(oscar, certificate_pem, key_pem);
	for (int i = 0; i < 5; i++) {
		ask(context, a, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", ada);
		ask(context, b, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", oscar);
	}
	ask(context, b,
	    "GET /live HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n",
	    "event: version\ndata: 3\n\n");
	web_close(a, 2);
	ask(context, b, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", oscar);
	web_close(b, 2);
	SSL_CTX_free(context);
	X509_free(certificate);
	EVP_PKEY_free(key);
	arena_close(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_servers_speak_tls_side_by_side),
	};

	log_open(world_of_system(), LOG_ERROR, "web_tls_test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
