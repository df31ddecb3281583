/* SQL in pieces, just well enough to find parameters outside quotes and comments. */
#include "sqlgen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static const char *after_quote(const char *at)
{
	char quote = *at++;

	while (*at && *at != quote)
		at++;
	return *at ? at + 1 : at; /* a doubled quote is simply the next quoted piece */
}

static const char *after_comment(const char *at)
{
	if (*at == '-')
		return at + strcspn(at, "\n");
	at = strstr(at + 2, "*/");
	return at ? at + 2 : NULL;
}

enum piece piece_next(const char **at, const char **from, size_t *len)
{
	const char *c = *at;
	enum piece piece = PIECE_PLAIN;

	*from = c;
	if (!*c) {
		piece = PIECE_END;
	} else if (*c == '\'' || *c == '"') {
		c = after_quote(c);
	} else if (strncmp(c, "--", 2) == 0 || strncmp(c, "/*", 2) == 0) {
		piece = PIECE_COMMENT;
		c = after_comment(c);
		if (!c)
			c = *at + strlen(*at);
	} else if (*c == '$' || *c == '@' || in_word(*c)) {
		piece = *c == '$' ? PIECE_PARAMETER : PIECE_WORD;
		for (c++; in_word(*c); c++)
			;
	} else {
		c++;
	}
	*len = (size_t)(c - *from);
	*at = c;
	return piece;
}

static int parameter_index(const struct sql *s, const char *name, size_t len)
{
	for (int i = 0; i < s->ins.count; i++)
		if (strlen(s->ins.at[i].name) == len && strncmp(s->ins.at[i].name, name, len) == 0)
			return i;
	return -1;
}

static void put_breaks(FILE *out, const char *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (from[i] == '\n')
			fputc('\n', out);
}

char *body_for(const struct sql *s, enum database database)
{
	const char *at = s->body[database].text, *from;
	char *made = NULL;
	size_t len, made_len;
	FILE *out = must(open_memstream(&made, &made_len));
	enum piece piece;

	while ((piece = piece_next(&at, &from, &len)) != PIECE_END) {
		int index = piece == PIECE_PARAMETER ? parameter_index(s, from + 1, len - 1) : -1;

		if (piece == PIECE_COMMENT)
			put_breaks(out, from, len);
		else if (index < 0)
			fwrite(from, 1, len, out);
		else if (database == SQLITE)
			fprintf(out, "?%d", index + 1);
		else
			/* Always a cast: PostgreSQL cannot guess the type in `$1 IS NULL`. */
			fprintf(out, "$%d::%s", index + 1,
				type_words[s->ins.at[index].type].postgres);
	}
	fclose(out);
	char *kept = keep(made, made_len);
	free(made);
	return kept;
}
