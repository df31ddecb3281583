/* embed migrations NAME OUT.h OUT.c [FILE...]
 * embed assets NAME OUT.h OUT.c [FILE...]
 * embed text NAME OUT.h OUT.c FILE
 *
 * Turns files into C: migrations as `const struct store_migrations NAME`, assets as
 * `const struct assets NAME`, each with its type, a hash for its address, and the forms that
 * browsers like to get compressed, made here once so that nobody compresses while
 * serving; a text as `const str NAME`. */
#include <brotli/encode.h>
#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct bytes {
	unsigned char *at;
	size_t len;
};

static _Noreturn void stop(const char *path, const char *why)
{
	fprintf(stderr, "%s:1: error: %s\n", path, why);
	exit(1);
}

static FILE *open_or_stop(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (!file)
		stop(path, strerror(errno));
	return file;
}

static struct bytes bytes_take(size_t len)
{
	struct bytes made = { .at = malloc(len + 1), .len = len };

	if (!made.at)
		stop("embed", "out of memory");
	return made;
}

static struct bytes file_read(const char *path)
{
	FILE *file = open_or_stop(path, "rbe");
	long len = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;

	if (len < 0)
		stop(path, strerror(errno));
	rewind(file);
	struct bytes made = bytes_take((size_t)len);
	if (fread(made.at, 1, made.len, file) != made.len)
		stop(path, "could not be read to its end");
	fclose(file);
	return made;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *type_of(const char *path)
{
	static const char *const types[][2] = {
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/x-icon" },
		{ ".woff2", "font/woff2" },
		{ ".txt", "text/plain; charset=utf-8" },
		{ ".csv", "text/csv; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
	};
	const char *dot = strrchr(name_of(path), '.');

	for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i][0], dot) == 0)
			return types[i][1];
	stop(path, "an asset of unknown type: name its ending in tools/embed/embed.c");
}

static struct bytes gzip_of(const char *path, struct bytes whole)
{
	z_stream z = { .next_in = whole.at, .avail_in = (unsigned)whole.len };
	enum { WITH_GZIP_HEADER = 16 };

	/* zlib writes no time into the header, so the same input gives the same build. */
	if (deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + WITH_GZIP_HEADER, 9, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		stop(path, "could not be compressed");
	struct bytes made = bytes_take(deflateBound(&z, whole.len));
	z.next_out = made.at;
	z.avail_out = (unsigned)made.len;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		stop(path, "could not be compressed");
	made.len = z.total_out;
	deflateEnd(&z);
	return made;
}

static struct bytes brotli_of(const char *path, struct bytes whole)
{
	struct bytes made = bytes_take(BrotliEncoderMaxCompressedSize(whole.len) + 64);

	if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_GENERIC,
				   whole.len, whole.at, &made.len, made.at))
		stop(path, "could not be compressed");
	return made;
}

static void put_bytes(FILE *out, const char *member, struct bytes b)
{
	fprintf(out, "\t\t.%s = { .len = %zu, .at = (const char *)(const unsigned char[]){", member,
		b.len);
	for (size_t i = 0; i < b.len; i++)
		fprintf(out, "%s%u,", i % 32 ? "" : "\n\t\t\t", b.at[i]);
	fputs(b.len ? "\n\t\t} },\n" : " 0 } },\n", out);
}

static void put_literal(FILE *out, struct bytes b)
{
	fputs("\n\t\t\t\"", out);
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] == '\n')
			fputs("\\n\"\n\t\t\t\"", out);
		else if (b.at[i] == '"' || b.at[i] == '\\')
			fprintf(out, "\\%c", b.at[i]);
		else if (isprint(b.at[i]) || b.at[i] == '\t')
			fputc(b.at[i], out);
		else
			fprintf(out, "\\%03o", b.at[i]);
	fputc('"', out);
}

static void put_text(FILE *out, const char *member, struct bytes b)
{
	fprintf(out, "\t\t.%s = { .len = %zu, .at =", member, b.len);
	put_literal(out, b);
	fputs(" },\n", out);
}

/* "0002-people.sql": migrations run in the order of their numbers. */
static void put_migration(FILE *out, const char *path, long *before)
{
	const char *name = name_of(path);
	char *end;
	long number = strtol(name, &end, 10);
	struct bytes text = file_read(path);

	if (number <= 0 || *end != '-')
		stop(path, "a migration is named NNNN-room-what.sql");
	if (number <= *before)
		stop(path, "migrations are listed by rising number, each number once");
	*before = number;
	fprintf(out, "\t{\n\t\t.number = %ld,\n\t\t.name = { .at = \"%s\", .len = %zu },\n", number,
		name, strlen(name));
	put_text(out, "text", text);
	fputs("\t},\n", out);
	free(text.at);
}

static void put_asset(FILE *out, const char *path)
{
	struct bytes whole = file_read(path), gzip = gzip_of(path, whole);
	struct bytes brotli = brotli_of(path, whole);
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[sizeof(hash) * 2 + 1];

	crypto_hash_sha256(hash, whole.at, whole.len);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	fprintf(out, "\t{\n\t\t.name = \"%s\",\n\t\t.type = \"%s\",\n\t\t.hash = \"%.16s\",\n",
		name_of(path), type_of(path), hex);
	put_bytes(out, "bytes", whole);
	/* Pictures do not get smaller; such a form is left out. */
	if (gzip.len < whole.len)
		put_bytes(out, "gzip", gzip);
	if (brotli.len < whole.len)
		put_bytes(out, "brotli", brotli);
	fputs("\t},\n", out);
	free(whole.at);
	free(gzip.at);
	free(brotli.at);
}

static int embed_text(char **argv)
{
	FILE *header = open_or_stop(argv[3], "we"), *out = open_or_stop(argv[4], "we");
	struct bytes text = file_read(argv[5]);

	fprintf(header,
		"/* Made by embed. */\n#pragma once\n\n#include \"base/base.h\"\n\n"
		"extern const str %s;\n",
		argv[2]);
	fprintf(out,
		"/* Made by embed. */\n#include \"%s\"\n\n"
		"const str %s = {\n\t.len = %zu,\n\t.at =",
		name_of(argv[3]), argv[2], text.len);
	put_literal(out, text);
	fputs(",\n};\n", out);
	free(text.at);
	return fclose(header) != 0 || fclose(out) != 0;
}

int main(int argc, char **argv)
{
	if (argc == 6 && strcmp(argv[1], "text") == 0)
		return embed_text(argv);

	bool assets = argc > 1 && strcmp(argv[1], "assets") == 0;
	const char *singular = assets ? "asset" : "store_migration";
	const char *plural = assets ? "assets" : "store_migrations";
	long before = 0;

	if (argc < 5 || (!assets && strcmp(argv[1], "migrations") != 0)) {
		fputs("usage: embed migrations|assets|text NAME OUT.h OUT.c [FILE...]\n", stderr);
		return 2;
	}
	FILE *header = open_or_stop(argv[3], "we"), *out = open_or_stop(argv[4], "we");
	fprintf(header, "/* Made by embed. */\n#pragma once\n\n%s\nextern const struct %s %s;\n",
		assets ? "#include \"web/asset.h\"\n" : "#include \"store/store.h\"\n", plural,
		argv[2]);
	fprintf(out, "/* Made by embed. */\n#include \"%s\"\n\n", name_of(argv[3]));
	if (argc > 5)
		fprintf(out, "static const struct %s made[] = {\n", singular);
	for (int i = 5; i < argc; i++)
		assets ? put_asset(out, argv[i]) : put_migration(out, argv[i], &before);
	fprintf(out, "%sconst struct %s %s = { .at = %s, .count = %d };\n",
		argc > 5 ? "};\n\n" : "", plural, argv[2], argc > 5 ? "made" : "NULL", argc - 5);
	return fclose(header) != 0 || fclose(out) != 0;
}
