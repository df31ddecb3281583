#include <stdio.h>
#include <string.h>

#include "base/base.h"

struct text text_open(struct arena *in)
{
	return (struct text){ .in = in };
}

void text_add(struct text *text, str s)
{
	size_t needed = text->len + s.len + 1;

	if (s.len == 0)
		return;
	if (needed > text->room) {
		size_t room = text->room * 2 > needed ? text->room * 2 : needed + 64;
		char *at = NEW_ARRAY(text->in, char, room);

		if (text->len)
			memcpy(at, text->at, text->len);
		text->at = at;
		text->room = room;
	}
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
