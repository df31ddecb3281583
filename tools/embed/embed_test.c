/* What embed made of the program's own files: the compressed forms are the file, the hash is of
 * the file, the migrations are in order. */
#include <brotli/decode.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <zlib.h>

#include <cmocka.h>

#include "assets_embedded.h"
#include "migrations_embedded.h"

enum { ROOM = 1 << 20 };

static str inflated(struct arena *arena, str gzip)
{
	char *out = NEW_ARRAY(arena, char, ROOM), *in = NEW_ARRAY(arena, char, gzip.len);
	enum { GZIP_ONLY = 16 };
	z_stream z = { .avail_in = (unsigned)gzip.len, .avail_out = ROOM };

	memcpy(in, gzip.at, gzip.len);
	z.next_in = (unsigned char *)in;
	z.next_out = (unsigned char *)out;
	assert_int_equal(inflateInit2(&z, MAX_WBITS + GZIP_ONLY), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	inflateEnd(&z);
	return (str){ .at = out, .len = z.total_out };
}

static str unbrotlied(struct arena *arena, str brotli)
{
	uint8_t *out = NEW_ARRAY(arena, uint8_t, ROOM);
	size_t len = ROOM;

	assert_int_equal(BrotliDecoderDecompress(brotli.len, (const uint8_t *)brotli.at, &len, out),
			 BROTLI_DECODER_RESULT_SUCCESS);
	return (str){ .at = (const char *)out, .len = len };
}

static void compressed_forms_are_the_file(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	assert_true(assets_embedded.count > 0);
	for (size_t i = 0; i < assets_embedded.count; i++) {
		const struct asset *asset = &assets_embedded.at[i];

		if (!str_is_none(asset->gzip)) {
			assert_true(asset->gzip.len < asset->bytes.len);
			assert_true(str_eq(inflated(arena, asset->gzip), asset->bytes));
		}
		if (!str_is_none(asset->brotli)) {
			assert_true(asset->brotli.len < asset->bytes.len);
			assert_true(str_eq(unbrotlied(arena, asset->brotli), asset->bytes));
		}
	}
}

static void the_hash_is_of_the_file(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	unsigned char hash[crypto_hash_sha256_BYTES];

	(void)state;
	for (size_t i = 0; i < assets_embedded.count; i++) {
		const struct asset *asset = &assets_embedded.at[i];
		str bytes = { .at = (const char *)hash, .len = 8 };

		crypto_hash_sha256(hash, (const unsigned char *)asset->bytes.at, asset->bytes.len);
		assert_true(str_eq(str_hex(arena, bytes), str_of(asset->hash)));
	}
}

static void migrations_are_in_order_and_whole(void **state)
{
	int before = 0;

	(void)state;
	assert_true(migrations_embedded.count > 0);
	for (size_t i = 0; i < migrations_embedded.count; i++) {
		const struct store_migration *migration = &migrations_embedded.at[i];

		assert_true(migration->number > before);
		assert_true(str_ends(migration->name, S(".sql")));
		assert_true(str_ends(migration->text, S("\n")));
		assert_int_equal(strlen(migration->text.at), migration->text.len);
		before = migration->number;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compressed_forms_are_the_file),
		cmocka_unit_test(the_hash_is_of_the_file),
		cmocka_unit_test(migrations_are_in_order_and_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
