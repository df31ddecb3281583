#include "store/schema.h"

#include <ctype.h>

#include "store/schema_words.h"

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static str up_to(str rest, str end)
{
	ptrdiff_t at = str_find(str_part(rest, 1, rest.len), end);

	return at < 0 ? rest : str_part(rest, 0, 1 + (size_t)at + end.len);
}

/* The next piece of SQL: a word, a quoted text, a comment, or one other character. */
static str piece_of(str rest)
{
	size_t len = 1;

	if (rest.at[0] == '\'')
		return up_to(rest, S("'"));
	if (rest.at[0] == '"')
		return up_to(rest, S("\""));
	if (str_starts(rest, S("--")))
		return up_to(rest, S("\n"));
	if (str_starts(rest, S("/*")))
		return up_to(rest, S("*/"));
	if (rest.at[0] == '@' || in_word(rest.at[0]))
		while (len < rest.len && in_word(rest.at[len]))
			len++;
	return str_part(rest, 0, len);
}

static str word_for(str piece, bool postgres)
{
	static const struct {
		const char *word, *sqlite, *postgres;
	} words[] = {
#define X(word, sqlite, postgres, ours) { word, sqlite, postgres },
		SCHEMA_WORDS(X)
#undef X
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq(piece, str_of(words[i].word)))
			return str_of(postgres ? words[i].postgres : words[i].sqlite);
	return piece;
}

/* "-- postgres:" begins what only PostgreSQL is to read, "-- both:" ends it. */
static bool is_ours(str piece, bool postgres, bool so_far)
{
	if (str_starts(piece, S("-- sqlite:")))
		return !postgres;
	if (str_starts(piece, S("-- postgres:")))
		return postgres;
	return so_far || str_starts(piece, S("-- both:"));
}

str schema_expand(struct arena *keep, str text, bool postgres)
{
	struct text made = text_open(keep);
	bool ours = true;

	while (text.len) {
		str piece = piece_of(text);
		ours = is_ours(piece, postgres, ours);
		if (ours)
			text_add(&made, word_for(piece, postgres));
		text = str_part(text, piece.len, text.len);
	}
	return text_str(&made);
}
