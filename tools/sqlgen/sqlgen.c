/* sqlgen IN.sql OUT_sql.h OUT_sql.c [MIGRATION...]: makes C functions of named statements. */
#include "sqlgen.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct type_words type_words[TYPE_COUNT] = {
#define X(name, word, kind, c, postgres, column) { word, kind, c, postgres, column },
	TYPES(X)
#undef X
};

static int complaints;

void complain(const char *path, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s:%d: error: ", path, line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	complaints++;
}

void *must(void *memory)
{
	if (!memory) {
		fputs("sqlgen: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

/* Kept in a chain, so that a leak checker sees that it is still in use. */
char *keep(const char *from, size_t len)
{
	struct kept {
		struct kept *before;
		char at[];
	};
	static struct kept *last;
	struct kept *made = must(calloc(1, sizeof(*made) + len + 1));

	made->before = last;
	last = made;
	if (from)
		memcpy(made->at, from, len);
	return made->at;
}

char *read_whole(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	if (!file) {
		complain(path, 1, "cannot be read: %s", strerror(errno));
		exit(1);
	}
	ssize_t len = getdelim(&text, &room, '\0', file);
	char *kept = keep(text, len > 0 ? (size_t)len : 0);
	free(text);
	fclose(file);
	return kept;
}

static void write_to(const char *path, const struct sql_file *file, const char *header)
{
	FILE *out = fopen(path, "we");

	if (!out) {
		complain(path, 1, "cannot be written: %s", strerror(errno));
		return;
	}
	if (header)
		emit_source(file, header, out);
	else
		emit_header(file, out);
	if (fclose(out) != 0)
		complain(path, 1, "cannot be written: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	struct sql_file file;

	if (argc < 4) {
		fputs("usage: sqlgen IN.sql OUT_sql.h OUT_sql.c [MIGRATION...]\n", stderr);
		return 2;
	}
	read_sql_file(argv[1], &file);
	if (!complaints)
		trial_run(&file, argv + 4, argc - 4);
	if (complaints)
		return 1;
	const char *slash = strrchr(argv[2], '/');
	write_to(argv[2], &file, NULL);
	write_to(argv[3], &file, slash ? slash + 1 : argv[2]);
	return complaints ? 1 : 0;
}
