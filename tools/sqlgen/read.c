/* Reads a .sql file: header comments by line, bodies up to their semicolon. */
#include "sqlgen.h"

#include <ctype.h>
#include <string.h>

struct reader {
	const char *path, *at;
	int line;
};

static const char *const answers[ANSWER_COUNT] = { "one", "many", "none", "changed" };
static const char *const databases[DATABASE_COUNT] = { "sqlite:", "postgres:" };

/* The current line without the white space around it, or NULL at the end. */
static const char *line_peek(const struct reader *r)
{
	size_t len = strcspn(r->at, "\n");
	const char *from = r->at;

	if (!*from)
		return NULL;
	while (len && isspace((unsigned char)*from))
		from++, len--;
	while (len && isspace((unsigned char)from[len - 1]))
		len--;
	return keep(from, len);
}

static void line_next(struct reader *r)
{
	r->at += strcspn(r->at, "\n");
	if (*r->at)
		r->at++, r->line++;
}

/* The text of a comment line, or NULL for any other line. */
static const char *comment_of(const char *line)
{
	if (!line || strncmp(line, "--", 2) != 0)
		return NULL;
	line += 2;
	return line + strspn(line, " \t-");
}

static size_t word_len(const char *text)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

/* "link_by_code: one" starts a statement; a sentence with a colon does not. */
static bool starts_statement(const char *comment, const char **name, const char **answer)
{
	size_t len = comment ? word_len(comment) : 0;

	if (!len || comment[len] != ':' || !isspace((unsigned char)comment[len + 1]))
		return false;
	const char *word = comment + len + 1 + strspn(comment + len + 1, " \t");
	if (!word_len(word) || word[word_len(word)])
		return false;
	*name = keep(comment, len);
	*answer = word;
	return true;
}

static bool is_c_word(const char *name)
{
	static const char words[] =
		" auto break case char const continue default do double else enum extern float for "
		"goto if inline int long register restrict return short signed sizeof static "
		"struct "
		"switch typedef union unsigned void volatile while ";
	char find[80];

	snprintf(find, sizeof(find), " %.70s ", name);
	return strstr(words, find) != NULL;
}

static void item_add(const struct reader *r, struct items *items, struct item item)
{
	for (int i = 0; i < items->count; i++)
		if (strcmp(items->at[i].name, item.name) == 0)
			complain(r->path, r->line, "`%s` stands here twice", item.name);
	if (is_c_word(item.name))
		complain(r->path, r->line, "`%s` is a word of C: choose another name", item.name);
	if (item.maybe && (item.type == TYPE_INT64 || item.type == TYPE_BOOL))
		complain(r->path, r->line,
			 "`%s %s?`: a number has no value for none; use coalesce(…)", item.name,
			 type_words[item.type].word);
	if (items->count == ITEMS_MOST)
		complain(r->path, r->line, "more than %d values", ITEMS_MOST);
	else
		items->at[items->count++] = item;
}

static void item_read(const struct reader *r, struct items *items, const char *text)
{
	size_t name = word_len(text), gap = strspn(text + name, " \t");
	const char *type = text + name + gap;
	size_t len = word_len(type);
	struct item item = { .name = keep(text, name), .maybe = type[len] == '?', .line = r->line };
	const char *rest = type + len + item.maybe;

	rest += strspn(rest, " \t");
	while (item.type < TYPE_COUNT && (strlen(type_words[item.type].word) != len ||
					  strncmp(type_words[item.type].word, type, len) != 0))
		item.type++;
	if (!name || !gap || !len || *rest)
		complain(r->path, r->line,
			 "`%s` is not `name type` (a sentence of the comment "
			 "must not begin with `in` or `out`)",
			 text);
	else if (item.type == TYPE_COUNT)
		complain(r->path, r->line,
			 "`%s`: no such type; there are id, int64, bool, "
			 "instant, str, bytes",
			 text);
	else
		item_add(r, items, item);
}

static void items_read(const struct reader *r, struct items *items, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, ",");
		size_t end = len;
		while (end && isspace((unsigned char)text[end - 1]))
			end--;
		item_read(r, items, keep(text, end));
		text += len;
		text += strspn(text, ", \t");
	}
}

static const char *joined(const char *a, const char *between, const char *b)
{
	size_t len = strlen(a) + strlen(between) + strlen(b);
	char *made = keep(NULL, len);

	snprintf(made, len + 1, "%s%s%s", a, between, b);
	return made;
}

static const char *section_start(const char *comment, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(comment, word, len) != 0 ||
	    (comment[len] && !isspace((unsigned char)comment[len])))
		return NULL;
	return comment + len + strspn(comment + len, " \t");
}

enum section { NOTE, IN, OUT, SCAN };

static void header_line(struct reader *r, struct sql *s, enum section *section, const char *comment)
{
	static const char *const words[] = { [IN] = "in", [OUT] = "out", [SCAN] = "scan" };
	const char *rest = comment;

	for (enum section i = IN; i <= SCAN; i++)
		if (section_start(comment, words[i])) {
			*section = i;
			rest = section_start(comment, words[i]);
		}
	switch (*section) {
	case NOTE: s->note = joined(s->note, *s->note ? "\n" : "", rest); break;
	case SCAN: s->scan = s->scan ? joined(s->scan, " ", rest) : rest; break;
	case IN: items_read(r, &s->ins, rest); break;
	case OUT:
		if (section_start(rest, "as"))
			s->as = section_start(rest, "as");
		else
			items_read(r, &s->outs, rest);
		break;
	}
}

/* Up to the semicolon outside quotes and comments. */
static struct body body_read(struct reader *r, const struct sql *s)
{
	const char *at = r->at, *from;
	struct body body = { .line = r->line };
	size_t len;
	enum piece piece;

	while ((piece = piece_next(&at, &from, &len)) != PIECE_END) {
		for (size_t i = 0; i < len; i++)
			r->line += from[i] == '\n';
		if (piece == PIECE_PLAIN && *from == ';')
			break;
	}
	body.text = keep(r->at, (size_t)(from - r->at));
	if (piece == PIECE_END)
		complain(r->path, s->line, "%s has no semicolon at its end", s->name);
	else if (at[strspn(at, " \t")] != '\n' && at[strspn(at, " \t")])
		complain(r->path, r->line, "nothing may follow the semicolon on its line");
	r->at = at;
	line_next(r);
	return body;
}

static void bodies_read(struct reader *r, struct sql *s)
{
	for (;;) {
		const char *comment = comment_of(line_peek(r));
		enum database which = SQLITE;

		while (comment && which < DATABASE_COUNT && strcmp(comment, databases[which]) != 0)
			which++;
		if (!comment || which == DATABASE_COUNT)
			break;
		line_next(r);
		s->body[which] = body_read(r, s);
		while (line_peek(r) && !*line_peek(r))
			line_next(r);
	}
	if (!s->body[SQLITE].text && !s->body[POSTGRES].text)
		s->body[SQLITE] = s->body[POSTGRES] = body_read(r, s);
	else if (!s->body[SQLITE].text || !s->body[POSTGRES].text)
		complain(r->path, s->line, "%s has a body for one database only", s->name);
}

static void shape_check(const struct sql_file *file, const struct sql *s)
{
	bool rows = s->answer == ANSWER_ONE || s->answer == ANSWER_MANY;
	size_t stem = strlen(file->stem);

	if (strncmp(s->name, file->stem, stem) != 0 || (s->name[stem] && s->name[stem] != '_'))
		complain(file->path, s->line, "%s: a statement's name starts with its file's, %s_",
			 s->name, file->stem);
	if (rows && !s->outs.count && !s->as)
		complain(file->path, s->line, "%s gives rows but has no `-- out`", s->name);
	if (!rows && (s->outs.count || s->as))
		complain(file->path, s->line, "%s has `-- out` but gives no rows", s->name);
	if (s->as && s->outs.count)
		complain(file->path, s->line, "%s has `-- out as` and outputs of its own", s->name);
	for (const struct sql *other = file->first; other != s; other = other->next)
		if (strcmp(other->name, s->name) == 0)
			complain(file->path, s->line, "%s was defined on line %d", s->name,
				 other->line);
}

static struct sql *statement_read(struct reader *r, const char *name, const char *answer)
{
	struct sql *s = (void *)keep(NULL, sizeof(*s));
	enum section section = NOTE;
	const char *comment;

	*s = (struct sql){ .name = name, .line = r->line, .note = "", .answer = ANSWER_COUNT };
	for (enum answer i = 0; i < ANSWER_COUNT; i++)
		if (strcmp(answer, answers[i]) == 0)
			s->answer = i;
	if (s->answer == ANSWER_COUNT)
		complain(r->path, r->line, "`%s`: a statement is one, many, none or changed",
			 answer);
	for (line_next(r); (comment = comment_of(line_peek(r))) != NULL; line_next(r)) {
		if (strcmp(comment, databases[SQLITE]) == 0 ||
		    strcmp(comment, databases[POSTGRES]) == 0)
			break;
		header_line(r, s, &section, comment);
	}
	bodies_read(r, s);
	return s;
}

const struct sql *row_of(const struct sql_file *file, const struct sql *s)
{
	for (const struct sql *other = file->first; s->as && other; other = other->next)
		if (strcmp(other->name, s->as) == 0)
			return other;
	return s->as ? NULL : s;
}

void read_sql_file(const char *path, struct sql_file *made)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	struct reader r = { .path = path, .at = read_whole(path), .line = 1 };
	struct sql **last = &made->first;
	const char *line, *name, *answer;

	*made = (struct sql_file){ .path = path, .stem = keep(base, strcspn(base, ".")) };
	while ((line = line_peek(&r)) != NULL) {
		if (starts_statement(comment_of(line), &name, &answer)) {
			*last = statement_read(&r, name, answer);
			shape_check(made, *last);
			last = &(*last)->next;
		} else {
			if (*line && !comment_of(line))
				complain(path, r.line,
					 "a statement needs a line `-- name: one` "
					 "(or many, none, changed) above it");
			if (*line && !comment_of(line))
				return;
			line_next(&r);
		}
	}
}
