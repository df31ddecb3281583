/* pagegen IN.html OUT_html.h OUT_html.c: a page becomes C that the compiler checks.
 *
 * See tools/pagegen.md for the language.  It runs while building and stands alone. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"

enum block_kind { BLOCK_IF, BLOCK_EACH, BLOCK_WRAP };

struct block {
	enum block_kind kind;
	int line;
	bool has_else;
	bool branch_ended;   /* `ended` is set */
	struct place opened; /* where the page stood when the block began */
	struct place ended;  /* where its branches leave it */
	struct piece wrapper;
};

enum { BLOCKS_MOST = 32 };

struct page_file {
	const char *path;
	const char *at, *end;
	int line;
	bool in_page, at_start;	       /* nothing of the page has been sent yet */
	bool space_open, space_breaks; /* a run of white space not yet sent */
	struct place place;
	struct block blocks[BLOCKS_MOST];
	int depth;
	struct emit out;
};

static _Noreturn void __attribute__((format(printf, 3, 4)))
complain(const struct page_file *page, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: error: ", page->path, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static struct piece trimmed(struct piece p)
{
	while (p.len && isspace((unsigned char)*p.at)) {
		p.line += *p.at == '\n';
		p.at++;
		p.len--;
	}
	while (p.len && isspace((unsigned char)p.at[p.len - 1]))
		p.len--;
	return p;
}

/* Takes `word` off the beginning, when it stands there as a word of its own. */
static bool takes(struct piece *p, const char *word)
{
	size_t len = strlen(word);

	if (p->len < len || memcmp(p->at, word, len) != 0)
		return false;
	if (p->len > len && isalnum((unsigned char)word[len - 1]) &&
	    (isalnum((unsigned char)p->at[len]) || p->at[len] == '_'))
		return false;
	*p = trimmed((struct piece){ .at = p->at + len, .len = p->len - len, .line = p->line });
	return true;
}

static struct piece name_of(struct piece *p)
{
	struct piece name = { .at = p->at, .len = 0, .line = p->line };

	while (name.len < p->len &&
	       (isalnum((unsigned char)p->at[name.len]) || p->at[name.len] == '_'))
		name.len++;
	*p = trimmed((struct piece){ p->at + name.len, p->len - name.len, p->line });
	return name;
}

static void needs_expression(const struct page_file *page, struct piece p)
{
	if (p.len == 0)
		complain(page, p.line, "an expression is missing");
	if (memchr(p.at, ';', p.len))
		complain(page, p.line, "a ; ends a statement; an expression is wanted");
}

/* Text of the page, one byte; white space that holds a line break becomes that break alone. */
static void send_space(struct page_file *page)
{
	if (page->space_open && page->space_breaks)
		emit_byte(&page->out, '\n');
	page->space_open = page->space_breaks = false;
}

static void text_byte(struct page_file *page, const char *at)
{
	bool space = isspace((unsigned char)*at) != 0;

	if (!page->in_page) {
		if (!space)
			complain(page, page->line, "text before the first {{@page …}}");
		return;
	}
	if (space && page->at_start)
		return;
	page->at_start = false;
	if (space && place_folds(&page->place)) {
		/* How long the run is shows only at its end: look ahead. */
		if (!page->space_open) {
			page->space_open = true;
			for (const char *c = at; c < page->end && isspace((unsigned char)*c); c++)
				page->space_breaks = page->space_breaks || *c == '\n';
		}
		if (!page->space_breaks)
			emit_byte(&page->out, *at);
		return;
	}
	send_space(page);
	const char *wrong = place_feed(&page->place, *at);
	if (wrong)
		complain(page, page->line, "%s", wrong);
	emit_byte(&page->out, *at);
}

static void stands_in_text(const struct page_file *page, const char *what, int line)
{
	if (page->place.mode != IN_TEXT)
		complain(page, line, "%s stands %s; it can stand in text only", what,
			 place_words(&page->place));
}

static struct block *block_push(struct page_file *page, enum block_kind kind, int line)
{
	if (page->depth == BLOCKS_MOST)
		complain(page, line, "blocks are nested deeper than %d", BLOCKS_MOST);
	struct block *b = &page->blocks[page->depth++];
	*b = (struct block){ .kind = kind, .line = line, .opened = page->place };
	return b;
}

static void branch_ends(struct page_file *page, struct block *b, int line)
{
	if (!b->branch_ended)
		b->ended = page->place;
	else if (!place_join(&b->ended, &page->place))
		complain(page, line, "the branches of the block at line %d end in different places",
			 b->line);
	b->branch_ended = true;
}

static void block_else(struct page_file *page, struct piece tag)
{
	struct block *b = page->depth ? &page->blocks[page->depth - 1] : NULL;

	if (!b || b->kind != BLOCK_IF || b->has_else)
		complain(page, tag.line, "{{#else}} without an open {{#if}}");
	branch_ends(page, b, tag.line);
	page->place = b->opened;
	if (takes(&tag, "if")) {
		needs_expression(page, tag);
		emit_if(&page->out, "} else", tag);
		return;
	}
	if (tag.len)
		complain(page, tag.line, "{{#else}} takes nothing but an if");
	b->has_else = true;
	emit_else(&page->out);
}

static void block_each(struct page_file *page, struct piece tag)
{
	struct piece name = name_of(&tag);

	if (name.len == 0 || !takes(&tag, "in"))
		complain(page, tag.line, "write {{#each name in list}}");
	needs_expression(page, tag);
	if (page->place.mode != IN_CALM_ELEMENT)
		stands_in_text(page, "{{#each}}", tag.line);
	(void)block_push(page, BLOCK_EACH, tag.line);
	emit_each(&page->out, name, tag);
}

static void block_wrap(struct page_file *page, struct piece tag)
{
	struct piece name = name_of(&tag);

	stands_in_text(page, "{{#wrap}}", tag.line);
	if (name.len == 0 || tag.len < 2 || tag.at[0] != '(')
		complain(page, tag.line, "write {{#wrap name(out, …)}}");
	block_push(page, BLOCK_WRAP, tag.line)->wrapper = name;
	emit_wrap(&page->out, name, tag);
}

static void block_open(struct page_file *page, struct piece tag)
{
	if (takes(&tag, "if")) {
		needs_expression(page, tag);
		(void)block_push(page, BLOCK_IF, tag.line);
		emit_if(&page->out, "", tag);
	} else if (takes(&tag, "else")) {
		block_else(page, tag);
	} else if (takes(&tag, "each")) {
		block_each(page, tag);
	} else if (takes(&tag, "wrap")) {
		block_wrap(page, tag);
	} else {
		complain(page, tag.line, "no such block: {{#%.*s}}", (int)tag.len, tag.at);
	}
}

static void block_close(struct page_file *page, struct piece tag)
{
	if (page->depth == 0)
		complain(page, tag.line, "{{/}} closes nothing");
	struct block *b = &page->blocks[--page->depth];
	branch_ends(page, b, tag.line);
	if (!b->has_else) { /* not taken, or a list without anything in it */
		page->place = b->opened;
		branch_ends(page, b, tag.line);
	}
	page->place = b->ended;
	if (b->kind == BLOCK_WRAP)
		emit_wrap_end(&page->out, b->wrapper);
	else
		emit_block_end(&page->out);
}

static void page_ends(struct page_file *page)
{
	if (page->depth)
		complain(page, page->blocks[page->depth - 1].line, "this block is never closed");
	if (!page->in_page)
		return;
	stands_in_text(page, "the end of the page", page->line);
	page->space_open = page->space_breaks = false; /* so a page can stand inside a sentence */
	emit_page_end(&page->out);
}

static void declaration(struct page_file *page, struct piece tag)
{
	if (takes(&tag, "use")) {
		emit_use(&page->out, tag);
	} else if (takes(&tag, "page")) {
		page_ends(page);
		page->in_page = page->at_start = true;
		page->place = (struct place){ .mode = IN_TEXT };
		if (tag.len == 0 || tag.at[tag.len - 1] != ')')
			complain(page, tag.line, "write {{@page name(struct html *out, …)}}");
		emit_page(&page->out, tag);
	} else {
		complain(page, tag.line, "no such declaration: {{@%.*s}}", (int)tag.len, tag.at);
	}
}

static void value(struct page_file *page, struct piece tag)
{
	enum place_escape how;

	needs_expression(page, tag);
	const char *refused = place_value(&page->place, &how);
	if (refused)
		complain(page, tag.line, "{{%.*s}}: %s", (int)tag.len, tag.at, refused);
	emit_value(&page->out, tag, how);
}

static void call(struct page_file *page, struct piece tag)
{
	needs_expression(page, tag);
	stands_in_text(page, "{{> …}}", tag.line);
	emit_call(&page->out, tag);
}

static void tag(struct page_file *page, struct piece inside)
{
	struct piece t = trimmed(inside);

	if (inside.len >= 4 && memcmp(inside.at, "--", 2) == 0)
		return;
	send_space(page);
	if (takes(&t, "@")) {
		declaration(page, t);
		return;
	}
	if (!page->in_page)
		complain(page, t.line, "{{…}} before the first {{@page …}}");
	if (takes(&t, "#"))
		block_open(page, t);
	else if (takes(&t, ">"))
		call(page, t);
	else if (takes(&t, "/") && t.len == 0)
		block_close(page, t);
	else
		value(page, t);
}

/* From {{ to }}; the reader stands behind it afterwards. */
static struct piece tag_read(struct page_file *page)
{
	const char *from = page->at + 2;
	bool note = page->end - from >= 2 && memcmp(from, "--", 2) == 0;
	const char *ending = note ? "--}}" : "}}";
	size_t len = strlen(ending);
	const char *to = memmem(note ? from + 2 : from, (size_t)(page->end - from) - (note ? 2 : 0),
				ending, len);

	if (!to)
		complain(page, page->line, "{{%s is never closed by %s", note ? "--" : "", ending);
	struct piece p = { .at = from, .len = (size_t)(to - from) + len - 2, .line = page->line };
	for (const char *c = from; c < to; c++)
		page->line += *c == '\n';
	page->at = to + len;
	return p;
}

static void read_page(struct page_file *page)
{
	while (page->at < page->end) {
		if (page->end - page->at >= 2 && memcmp(page->at, "{{", 2) == 0) {
			tag(page, tag_read(page));
			continue;
		}
		text_byte(page, page->at);
		page->line += *page->at++ == '\n';
	}
	if (!page->in_page)
		complain(page, page->line, "the file holds no {{@page …}}");
	page_ends(page);
}

static char *read_whole(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;
	ssize_t got = file ? getdelim(&text, &room, '\0', file) : -1;

	if (!file || (got < 0 && ferror(file))) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	*len = got < 0 ? 0 : (size_t)got;
	fclose(file);
	return text;
}

static void write_whole(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(text, 1, len, file) != len || fclose(file) != 0) {
		fprintf(stderr, "%s: cannot be written\n", path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	char *header = NULL, *source = NULL;
	size_t header_len = 0, source_len = 0, len = 0;

	if (argc != 4) {
		fputs("usage: pagegen IN.html OUT_html.h OUT_html.c\n", stderr);
		return 2;
	}
	struct page_file page = { .path = argv[1], .line = 1 };
	char *text = read_whole(argv[1], &len);
	page.at = text;
	page.end = text + len;
	page.out.header = open_memstream(&header, &header_len);
	page.out.source = open_memstream(&source, &source_len);
	const char *slash = strrchr(argv[2], '/');
	emit_open(&page.out, argv[1], slash ? slash + 1 : argv[2]);
	read_page(&page);
	fclose(page.out.header);
	fclose(page.out.source);
	write_whole(argv[2], header, header_len);
	write_whole(argv[3], source, source_len);
	free(header);
	free(source);
	free(text);
	return 0;
}
