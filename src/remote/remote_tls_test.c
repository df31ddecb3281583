#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "remote/remote.h"

/* A server with a certificate of its own making, for the name or address a test gives. */
struct tls_server {
	char file[64]; /* where its certificate can be read */
	int listening, port;
	pthread_t thread;
	SSL_CTX *context;
};

static X509 *certificate_made(EVP_PKEY *key, const char *who)
{
	X509 *made = X509_new();
	X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, who);
	X509_NAME *name = X509_get_subject_name(made);

	(void)X509_set_version(made, 2);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
	(void)X509_gmtime_adj(X509_getm_notBefore(made), -3600);
	(void)X509_gmtime_adj(X509_getm_notAfter(made), 3600);
	(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					 (const unsigned char *)"novate test", -1, -1, 0);
	(void)X509_set_issuer_name(made, name);
	(void)X509_set_pubkey(made, key);
	(void)X509_add_ext(made, names, -1);
	X509_EXTENSION_free(names);
	(void)X509_sign(made, key, EVP_sha256());
	return made;
}

static void certificate_use(struct tls_server *server, const char *who)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = certificate_made(key, who);
	int fd = mkstemp(server->file);
	FILE *file = fdopen(fd, "w");

	assert_non_null(file);
	(void)PEM_write_X509(file, certificate);
	(void)fclose(file);
	server->context = SSL_CTX_new(TLS_server_method());
	assert_int_equal(SSL_CTX_use_certificate(server->context, certificate), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(server->context, key), 1);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static void *answers_each(void *of)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
	struct tls_server *server = of;
	char request[4096];

	for (int fd; (fd = accept(server->listening, NULL, NULL)) >= 0; (void)close(fd)) {
		SSL *ssl = SSL_new(server->context);

		(void)SSL_set_fd(ssl, fd);
		if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof(request)) > 0)
			(void)SSL_write(ssl, answer, sizeof(answer) - 1);
		SSL_free(ssl);
	}
	return NULL;
}

static void server_open(struct tls_server *server, const char *who)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	*server = (struct tls_server){ .file = "/tmp/novate-ca-XXXXXX" };
	certificate_use(server, who);
	server->listening = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(server->listening, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(server->listening, 4), 0);
	assert_int_equal(getsockname(server->listening, (struct sockaddr *)&at, &len), 0);
	server->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&server->thread, NULL, answers_each, server), 0);
}

static void server_close(struct tls_server *server)
{
	(void)shutdown(server->listening, SHUT_RDWR);
	(void)pthread_join(server->thread, NULL);
	(void)close(server->listening);
	(void)unlink(server->file);
	SSL_CTX_free(server->context);
}

/* NULL when it answered, else the fault's code. */
static const char *asked(const struct tls_server *server, bool trusting)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote_settings settings = { .ca_file = trusting ? str_of(server->file) : S("") };
	struct remote_call call = {
		.name = "test.tls",
		.method = "GET",
		.url = str_format(arena, "https://127.0.0.1:%d/", server->port),
	};
	struct remote_answer answer;
	struct remote *remote;

	assert_null(remote_open(&settings, &remote));

	struct transport by = remote_transport(remote);
	fault *f = remote_ask(&by, world_of_system(), arena, &call, &answer);

	remote_close(remote);
	assert_true(f || str_eq(answer.body, S("hi")));
	return f ? f->code : NULL;
}

static void only_a_trusted_certificate_for_this_name_is_accepted(void **state)
{
	static const struct {
		const char *who;
		bool trusting, answered;
	} rows[] = {
		{ "IP:127.0.0.1", true, true },
		{ "IP:127.0.0.1", false, false },
		{ "DNS:elsewhere.test", true, false },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct tls_server server;

		server_open(&server, rows[r].who);

		const char *code = asked(&server, rows[r].trusting);

		server_close(&server);
		if (rows[r].answered)
			assert_null(code);
		else
			assert_string_equal(code, "certificate");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_trusted_certificate_for_this_name_is_accepted),
	};

	(void)signal(SIGPIPE, SIG_IGN); /* a client that refuses us hangs up */
	return cmocka_run_group_tests_name("remote_tls", tests, NULL, NULL);
}
