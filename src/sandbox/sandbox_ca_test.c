#include "sandbox/sandbox_ca.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/world.h"
#include "sandbox/sandbox_path.h"

struct place {
	struct arena *arena;
	struct world_seeded world;
	char directory[64];
};

static int open_place(void **state)
{
	static struct place p;
	instant at;

	p = (struct place){ .arena = arena_open(), .directory = "/tmp/novate-sandbox-ca-XXXXXX" };
	(void)instant_from_rfc3339(S("2026-11-22T08:00:00Z"), &at);
	world_seeded_open(&p.world, 3, at);
	*state = &p;
	return mkdtemp(p.directory) ? 0 : -1;
}

static int close_place(void **state)
{
	static const char *const files[] = { "ca.pem", "ca-key.pem", "server.pem",
					     "server-key.pem" };
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(files); i++)
		(void)unlink(sandbox_path_join(p->arena, str_of(p->directory), files[i]));
	arena_close(p->arena);
	return rmdir(p->directory);
}

static struct sandbox_ca open_ca(struct place *p)
{
	struct sandbox_ca ca;
	fault *f = sandbox_ca_open(&p->world.world, p->arena, str_of(p->directory), &ca);

	if (f)
		fail_msg("%s", f->said);
	return ca;
}

static X509 *read_pem(str text)
{
	BIO *bio = BIO_new_mem_buf(text.at, (int)text.len);
	X509 *made = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(made);
	return made;
}

static void the_server_is_signed_by_the_authority_and_names_localhost(void **state)
{
	struct place *p = *state;
	struct sandbox_ca ca = open_ca(p);
	bool found;
	str text;

	assert_null(
		sandbox_path_read(p->arena, str_cstr(p->arena, ca.ca_file), 65536, &text, &found));
	X509 *authority = read_pem(text), *server = read_pem(ca.certificate);
	assert_int_equal(X509_check_issued(authority, server), X509_V_OK);
	assert_int_equal(X509_verify(server, X509_get0_pubkey(authority)), 1);
	assert_int_equal(X509_check_host(server, "localhost", 0, 0, NULL), 1);
	assert_int_equal(X509_check_ip_asc(server, "127.0.0.1", 0), 1);
	assert_int_equal(X509_check_host(server, "example.com", 0, 0, NULL), 0);
	assert_int_equal(X509_check_ca(authority), 1);
	assert_int_equal(X509_check_ca(server), 0);
	X509_free(authority);
	X509_free(server);
}

static void private_keys_are_for_their_owner_alone(void **state)
{
	struct place *p = *state;
	struct stat seen;

	(void)open_ca(p);
	assert_int_equal(
		stat(sandbox_path_join(p->arena, str_of(p->directory), "ca-key.pem"), &seen), 0);
	assert_int_equal(seen.st_mode & 0777, 0600);
	assert_int_equal(
		stat(sandbox_path_join(p->arena, str_of(p->directory), "server-key.pem"), &seen),
		0);
	assert_int_equal(seen.st_mode & 0777, 0600);
}

static void what_is_there_stays_and_what_ends_is_made_anew(void **state)
{
	struct place *p = *state;
	struct sandbox_ca first = open_ca(p), second = open_ca(p);

	assert_true(str_eq(first.certificate, second.certificate));
	p->world.at = instant_after(p->world.at, DAYS(790));
	struct sandbox_ca later = open_ca(p);
	assert_false(str_eq(first.certificate, later.certificate));
}

static void another_key_is_certified_by_the_same_authority(void **state)
{
	struct place *p = *state;
	struct sandbox_ca ca = open_ca(p);
	bool found;
	str text, certificate;
	char issuer[256];

	assert_null(sandbox_ca_certify(&p->world.world, p->arena, str_of(p->directory), ca.key,
				       "webhooks", &certificate));
	assert_null(
		sandbox_path_read(p->arena, str_cstr(p->arena, ca.ca_file), 65536, &text, &found));
	X509 *authority = read_pem(text), *made = read_pem(certificate);
	assert_int_equal(X509_check_issued(authority, made), X509_V_OK);
	assert_int_equal(X509_verify(made, X509_get0_pubkey(authority)), 1);
	X509_NAME_oneline(X509_get_issuer_name(made), issuer, sizeof(issuer));
	assert_true(str_find(str_of(issuer), S("O=Microsoft Corporation")) >= 0);
	X509_free(authority);
	X509_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_place, close_place)
		WITH(the_server_is_signed_by_the_authority_and_names_localhost),
		WITH(another_key_is_certified_by_the_same_authority),
		WITH(private_keys_are_for_their_owner_alone),
		WITH(what_is_there_stays_and_what_ends_is_made_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
