/* Writes the header and the source.  Both are meant to be read in a debugger or a review. */
#include "sqlgen.h"

#include <string.h>

/* More inputs than this travel as a struct. */
enum { INPUTS_APART = 4 };

static bool in_struct(const struct sql *s)
{
	return s->ins.count > INPUTS_APART;
}

/* A parameter that is named like a type or like one of the function's own steps aside. */
static const char *argument(const struct item *item)
{
	static const char taken[] =
		" id str bool instant money day fault tx row rows found changed "
		"in out value values statement open made more ";
	char find[80];

	snprintf(find, sizeof(find), " %.70s ", item->name);
	if (!strstr(taken, find))
		return item->name;
	char *made = keep(item->name, strlen(item->name) + 1);
	made[strlen(item->name)] = '_';
	return made;
}

static void put_note(const struct sql_file *file, const struct sql *s, FILE *out)
{
	fprintf(out, "\n/* ");
	for (const char *c = s->note; *c; c++)
		if (*c == '\n')
			fputs("\n * ", out);
		else if (c[0] == '*' && c[1] == '/')
			fputs("* ", out);
		else
			fputc(*c, out);
	fprintf(out, "%s(%s.sql:%d) */\n", *s->note ? "\n * " : "", file->stem, s->line);
}

static void put_members(const struct items *items, FILE *out)
{
	for (int i = 0; i < items->count; i++)
		fprintf(out, "\t%s %s;%s\n", type_words[items->at[i].type].c, items->at[i].name,
			items->at[i].maybe ? " /* or none */" : "");
}

static void put_structs(const struct sql *s, FILE *out)
{
	if (in_struct(s)) {
		fprintf(out, "\nstruct %s_in {\n", s->name);
		put_members(&s->ins, out);
		fputs("};\n", out);
	}
	if (s->outs.count) {
		fprintf(out, "\nstruct %s {\n", s->name);
		put_members(&s->outs, out);
		fprintf(out, "};\nstruct %s_list {\n\tstruct %s *at;\n\tsize_t len;\n};\n", s->name,
			s->name);
	}
}

static void put_signature(const struct sql_file *file, const struct sql *s, FILE *out)
{
	const struct sql *row = row_of(file, s);

	fprintf(out, "fault *%s(struct tx *tx", s->name);
	if (in_struct(s))
		fprintf(out, ", const struct %s_in *in", s->name);
	for (int i = 0; i < s->ins.count && !in_struct(s); i++)
		fprintf(out, ", %s %s", type_words[s->ins.at[i].type].c, argument(&s->ins.at[i]));
	switch (s->answer) {
	case ANSWER_ONE: fprintf(out, ", struct %s *row, bool *found)", row->name); break;
	case ANSWER_MANY: fprintf(out, ", struct %s_list *rows)", row->name); break;
	case ANSWER_CHANGED: fputs(", int64_t *changed)", out); break;
	case ANSWER_NONE:
	case ANSWER_COUNT: fputs(")", out); break;
	}
}

void emit_header(const struct sql_file *file, FILE *out)
{
	fprintf(out,
		"/* Made by sqlgen from %s.sql: change that. */\n#pragma once\n\n"
		"#include \"store/store.h\"\n\nstruct statement_list;\n",
		file->stem);
	for (const struct sql *s = file->first; s; s = s->next)
		put_structs(s, out);
	for (const struct sql *s = file->first; s; s = s->next) {
		put_note(file, s, out);
		fputs("MUST_USE ", out);
		put_signature(file, s, out);
		fputs(";\n", out);
	}
	fprintf(out, "\nextern const struct statement_list %s_statements;\n", file->stem);
}

static void put_string(const char *text, FILE *out)
{
	fputc('"', out);
	for (; *text; text++)
		if (*text == '\n')
			fputs(text[1] ? "\\n\"\n\t\t\"" : "\\n", out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	fputc('"', out);
}

static const char *trimmed(const char *text)
{
	size_t len = strlen(text), from = strspn(text, " \t\n");

	while (len > from && strchr(" \t\n", text[len - 1]))
		len--;
	return keep(text + from, len - from);
}

static void put_kinds(const char *member, const char *nulls, const struct items *items, FILE *out)
{
	unsigned long long bits = 0;

	if (!items->count)
		return;
	fprintf(out, "\t.%s = (const enum value_kind[]){ ", member);
	for (int i = 0; i < items->count; i++) {
		fprintf(out, "%s%s", i ? ", " : "", type_words[items->at[i].type].kind);
		bits |= (unsigned long long)items->at[i].maybe << i;
	}
	fprintf(out, " },\n\t.%.*s_count = %d,\n", (int)strlen(member) - 1, member, items->count);
	if (bits)
		fprintf(out, "\t.%s = 0x%llx,\n", nulls, bits);
}

static void put_statement(const struct sql_file *file, const struct sql *s, FILE *out)
{
	fprintf(out, "\nstatic const struct statement statement_%s = {\n\t.name = \"%s\",\n",
		s->name, s->name);
	fputs("\t.sqlite =\n\t\t", out);
	put_string(trimmed(body_for(s, SQLITE)), out);
	fputs(",\n\t.postgres =\n\t\t", out);
	put_string(trimmed(body_for(s, POSTGRES)), out);
	fputs(",\n", out);
	put_kinds("ins", "nulls_in", &s->ins, out);
	put_kinds("outs", "nulls_out", &row_of(file, s)->outs, out);
	if (s->writes)
		fputs("\t.writes = true,\n", out);
	if (s->scan) {
		fputs("\t.scans = ", out);
		put_string(s->scan, out);
		fputs(",\n", out);
	}
	fputs("};\n", out);
}

static void put_reader(const struct sql *s, FILE *out)
{
	fprintf(out,
		"\nstatic struct %s %s_from(const struct value *out)\n{\n\treturn (struct %s){\n",
		s->name, s->name, s->name);
	for (int i = 0; i < s->outs.count; i++)
		fprintf(out, "\t\t.%s = value_as_%s(&out[%d]),\n", s->outs.at[i].name,
			type_words[s->outs.at[i].type].word, i);
	fputs("\t};\n}\n", out);
}

static void put_inputs(const struct sql *s, FILE *out)
{
	if (!s->ins.count)
		return;
	fputs("\tconst struct value values[] = {\n", out);
	for (int i = 0; i < s->ins.count; i++)
		fprintf(out, "\t\tvalue_%s(%s%s),\n", type_words[s->ins.at[i].type].word,
			in_struct(s) ? "in->" : "",
			in_struct(s) ? s->ins.at[i].name : argument(&s->ins.at[i]));
	fputs("\t};\n", out);
}

static void put_one(const struct sql *s, const struct sql *row, const char *values, FILE *out)
{
	fprintf(out,
		"\tstruct value out[%d];\n\n"
		"\tTRY(statement_one(tx, &statement_%s, %s, out, found));\n"
		"\tif (*found)\n\t\t*row = %s_from(out);\n\treturn NULL;\n",
		row->outs.count, s->name, values, row->name);
}

static void put_many(const struct sql *s, const struct sql *row, const char *values, FILE *out)
{
	fprintf(out,
		"\tstruct value out[%d];\n\tstruct %s_list made = { 0 };\n\tbool more;\n"
		"\tDEFER(statement_end) struct rows *open = NULL;\n\n"
		"\tTRY(statement_open(tx, &statement_%s, %s, &open));\n"
		"\tfor (;;) {\n\t\tTRY(statement_next(open, out, &more));\n\t\tif "
		"(!more)\n\t\t\tbreak;\n"
		"\t\tmade.at = statement_room(tx, made.at, made.len, sizeof(*made.at));\n"
		"\t\tmade.at[made.len++] = %s_from(out);\n\t}\n\t*rows = made;\n\treturn NULL;\n",
		row->outs.count, row->name, s->name, values, row->name);
}

static void put_function(const struct sql_file *file, const struct sql *s, FILE *out)
{
	const char *values = s->ins.count ? "values" : "NULL";

	fputc('\n', out);
	put_signature(file, s, out);
	fputs("\n{\n", out);
	put_inputs(s, out);
	switch (s->answer) {
	case ANSWER_ONE: put_one(s, row_of(file, s), values, out); break;
	case ANSWER_MANY: put_many(s, row_of(file, s), values, out); break;
	case ANSWER_NONE:
	case ANSWER_CHANGED:
	case ANSWER_COUNT:
		fprintf(out, "%s\treturn statement_run(tx, &statement_%s, %s, %s);\n",
			s->ins.count ? "\n" : "", s->name, values,
			s->answer == ANSWER_CHANGED ? "changed" : "NULL");
		break;
	}
	fputs("}\n", out);
}

void emit_source(const struct sql_file *file, const char *header, FILE *out)
{
	int count = 0;

	fprintf(out,
		"/* Made by sqlgen from %s.sql: change that. */\n#include \"%s\"\n\n"
		"#include \"store/statement.h\"\n",
		file->stem, header);
	for (const struct sql *s = file->first; s; s = s->next, count++) {
		put_statement(file, s, out);
		if (s->outs.count)
			put_reader(s, out);
	}
	for (const struct sql *s = file->first; s; s = s->next)
		put_function(file, s, out);
	fputs("\nconst struct statement_list ", out);
	fprintf(out, "%s_statements = {\n\t.file = \"%s.sql\",\n", file->stem, file->stem);
	if (count)
		fputs("\t.at = (const struct statement *const[]){\n", out);
	for (const struct sql *s = file->first; s; s = s->next)
		fprintf(out, "\t\t&statement_%s,\n", s->name);
	fprintf(out, "%s\t.count = %d,\n};\n", count ? "\t},\n" : "", count);
}
