#include <stdio.h>
#include <string.h>

#include "base/base.h"

struct text text_open(struct arena *in)
{
	return (struct text){ .in = in };
}

static void make_room(struct text *text, size_t more)
{
	size_t needed = text->len + more + 1;

	if (needed <= text->room)
		return;

	size_t room = text->room * 2 > needed ? text->room * 2 : needed + 64;
	char *at = NEW_ARRAY(text->in, char, room);

	if (text->len)
		memcpy(at, text->at, text->len);
	text->at = at;
	text->room = room;
}

void text_add(struct text *text, str s)
{
	if (s.len == 0)
		return;
	make_room(text, s.len);
	memcpy(text->at + text->len, s.at, s.len);
	text->len += s.len;
	text->at[text->len] = '\0';
}

void text_add_char(struct text *text, char c)
{
	text_add(text, (str){ .at = &c, .len = 1 });
}

void text_format(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_add(text, str_vformat(text->in, format, args));
	va_end(args);
}
