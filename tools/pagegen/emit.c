#include "emit.h"

#include <string.h>

static void end_literal(struct emit *to)
{
	if (to->in_literal)
		fprintf(to->source, "\", %zu);\n", to->literal);
	to->in_literal = false;
}

/* The compiler tells what is wrong with what follows at the line of the page. */
static void at_line(struct emit *to, FILE *out, struct piece of)
{
	fprintf(out, "#line %d \"%s\"\n", of.line, to->path);
}

static void put(FILE *out, struct piece text)
{
	(void)fwrite(text.at, 1, text.len, out);
}

void emit_open(struct emit *to, const char *path, const char *header_name)
{
	static const char said[] = "/* Made by tools/pagegen from a page; never edited. */\n";

	to->path = path;
	fprintf(to->header, "%s#pragma once\n\n#include \"web/html.h\"\n", said);
	fprintf(to->source, "%s#include \"%s\"\n", said, header_name);
}

void emit_use(struct emit *to, struct piece header)
{
	at_line(to, to->header, header);
	fprintf(to->header, "#include \"%.*s\"\n", (int)header.len, header.at);
}

void emit_page(struct emit *to, struct piece signature)
{
	at_line(to, to->header, signature);
	fprintf(to->header, "void %.*s;\n", (int)signature.len, signature.at);
	fputs("\n", to->source);
	at_line(to, to->source, signature);
	fprintf(to->source, "void %.*s\n{\n(void)out;\n", (int)signature.len, signature.at);
}

void emit_page_end(struct emit *to)
{
	end_literal(to);
	fputs("}\n", to->source);
}

void emit_byte(struct emit *to, char c)
{
	if (!to->in_literal) {
		fputs("html_raw(out, \"", to->source);
		to->in_literal = true;
		to->literal = 0;
	}
	to->literal++;
	if (c == '\n')
		fputs("\\n\"\n\"", to->source);
	else if (c == '"' || c == '\\' || c == '?')
		fprintf(to->source, "\\%c", c);
	else if ((unsigned char)c < 0x20)
		fprintf(to->source, "\\%03o", (unsigned)(unsigned char)c);
	else
		fputc(c, to->source);
}

void emit_value(struct emit *to, struct piece expression, enum place_escape how)
{
	static const char *const puts_as[] = {
		[AS_TEXT] = "html_put",
		[AS_ATTR] = "html_put_attr",
		[AS_URL] = "html_put_url",
		[AS_URL_PART] = "html_put_url_part",
	};

	end_literal(to);
	at_line(to, to->source, expression);
	fprintf(to->source, "%s(out, (", puts_as[how]);
	put(to->source, expression);
	fputs("));\n", to->source);
}

void emit_call(struct emit *to, struct piece call)
{
	end_literal(to);
	at_line(to, to->source, call);
	put(to->source, call);
	fputs(";\n", to->source);
}

void emit_if(struct emit *to, const char *before, struct piece expression)
{
	end_literal(to);
	fprintf(to->source, "%s\n", before);
	at_line(to, to->source, expression);
	fputs("if (", to->source);
	put(to->source, expression);
	fputs(") {\n", to->source);
}

void emit_else(struct emit *to)
{
	end_literal(to);
	fputs("} else {\n", to->source);
}

void emit_each(struct emit *to, struct piece name, struct piece list)
{
	int n = (int)name.len;

	end_literal(to);
	at_line(to, to->source, list);
	fprintf(to->source, "for (size_t %.*s_index = 0; %.*s_index < (", n, name.at, n, name.at);
	put(to->source, list);
	fprintf(to->source, ").len; %.*s_index++) {\n", n, name.at);
	at_line(to, to->source, list);
	fputs("__auto_type ", to->source);
	put(to->source, name);
	fputs(" = &(", to->source);
	put(to->source, list);
	fprintf(to->source, ").at[%.*s_index];\n(void)%.*s;\n", n, name.at, n, name.at);
}

void emit_wrap(struct emit *to, struct piece name, struct piece arguments)
{
	end_literal(to);
	at_line(to, to->source, arguments);
	fprintf(to->source, "%.*s_open", (int)name.len, name.at);
	put(to->source, arguments);
	fputs(";\n", to->source);
}

void emit_wrap_end(struct emit *to, struct piece name)
{
	end_literal(to);
	fprintf(to->source, "%.*s_close(out);\n", (int)name.len, name.at);
}

void emit_block_end(struct emit *to)
{
	end_literal(to);
	fputs("}\n", to->source);
}
