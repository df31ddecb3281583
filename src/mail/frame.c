#include "mail/frame.h"

#include "letter_frame_html.h"
#include "web/html.h"

static size_t count_lines(str text)
{
	size_t lines = 0;
	str line;

	while (str_next(&text, '\n', &line))
		lines++;
	return lines;
}

static bool is_link(str line)
{
	return (str_starts(line, S("https://")) || str_starts(line, S("http://"))) &&
	       str_find(line, S(" ")) < 0;
}

/* "- " or "12. " at its beginning: how many bytes that is, and what it makes of the paragraph. */
static size_t marker(str line, enum frame_kind *kind)
{
	size_t digits = 0;

	*kind = FRAME_POINTS;
	if (str_starts(line, S("- ")))
		return 2;
	while (digits < line.len && digits < 3 && line.at[digits] >= '0' && line.at[digits] <= '9')
		digits++;
	*kind = digits && str_starts(str_part(line, digits, line.len), S(". ")) ? FRAME_STEPS
										: FRAME_TEXT;
	return *kind == FRAME_STEPS ? digits + 2 : 0;
}

struct splitting {
	struct frame_line *lines;
	struct frame_item *items;
	struct frame_paragraph *paragraphs;
	size_t line_count, item_count, count;
	bool open;
};

/* A marker begins an item where the paragraph began with one of its kind. */
static void add(struct splitting *s, str line)
{
	enum frame_kind kind;
	size_t marked = marker(line, &kind);
	struct frame_paragraph *p;

	if (!s->open) {
		s->paragraphs[s->count] = (struct frame_paragraph){ .kind = kind };
		s->paragraphs[s->count++].items.at = &s->items[s->item_count];
	}
	p = &s->paragraphs[s->count - 1];
	if (!s->open || (marked && p->kind == kind)) {
		s->items[s->item_count] = (struct frame_item){ 0 };
		s->items[s->item_count++].lines.at = &s->lines[s->line_count];
		p->items.len++;
		line = str_part(line, marked, line.len);
	}
	s->open = true;
	s->lines[s->line_count++] = (struct frame_line){ .text = line, .link = is_link(line) };
	s->items[s->item_count - 1].lines.len++;
}

/* An empty line ends a paragraph; several are one. */
static void split(struct arena *in, str text, struct frame_view *view)
{
	size_t most = count_lines(text);
	struct splitting s = {
		.lines = NEW_ARRAY(in, struct frame_line, most + 1),
		.items = NEW_ARRAY(in, struct frame_item, most + 1),
		.paragraphs = NEW_ARRAY(in, struct frame_paragraph, most + 1),
	};
	str line;

	while (str_next(&text, '\n', &line)) {
		line = str_trim(line);
		if (str_is_empty(line))
			s.open = false;
		else
			add(&s, line);
	}
	for (size_t i = 0; i < s.item_count; i++)
		s.items[i].lines.at[s.items[i].lines.len - 1].last = true;
	view->paragraphs.at = s.paragraphs;
	view->paragraphs.len = s.count;
}

str frame_html(struct arena *keep, str subject, str text)
{
	struct frame_view view = { .subject = subject };
	struct html *out = html_open(keep, NULL);

	split(keep, text, &view);
	letter_frame(out, &view);
	return text_str(&out->out);
}

void frame_show(struct html *out, str text)
{
	struct frame_view view = { .subject = STR_NONE };

	split(out->in, text, &view);
	letter_body(out, &view);
}
