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

/* An empty line ends a paragraph; several are one. */
static void split(struct arena *in, str text, struct frame_view *view)
{
	size_t most = count_lines(text);
	struct frame_line *lines = NEW_ARRAY(in, struct frame_line, most);
	struct frame_paragraph *paragraphs = NEW_ARRAY(in, struct frame_paragraph, most);
	size_t used = 0, count = 0;
	bool open = false;
	str line;

	while (str_next(&text, '\n', &line)) {
		line = str_trim(line);
		if (str_is_empty(line)) {
			open = false;
			continue;
		}
		if (!open)
			paragraphs[count++].lines.at = &lines[used];
		open = true;
		lines[used++] = (struct frame_line){ .text = line, .link = is_link(line) };
		paragraphs[count - 1].lines.len++;
	}
	view->paragraphs.at = paragraphs;
	view->paragraphs.len = count;
}

str frame_html(struct arena *keep, str subject, str text)
{
	struct frame_view view = { .subject = subject };
	struct html *out = html_open(keep, NULL);

	split(keep, text, &view);
	for (size_t i = 0; i < view.paragraphs.len; i++) {
		struct frame_paragraph *p = &view.paragraphs.at[i];
		p->lines.at[p->lines.len - 1].last = true;
	}
	letter_frame(out, &view);
	return text_str(&out->out);
}
