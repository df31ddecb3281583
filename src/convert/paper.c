#include "convert/paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

/* A4 in points, and what stays white. */
#define PAGE_WIDTH  595.28
#define PAGE_HEIGHT 841.89
#define MARGIN	    56.0
#define FOOT	    40.0
#define GAP	    8.0 /* between two columns */

enum { MOST_COLUMNS = 8 };

struct paper {
	struct arena *in;
	struct text bytes;
	cairo_surface_t *surface;
	cairo_t *on;
	str footer;
	double y;
	int page;
	const struct paper_column *columns;
	size_t column_count;
};

static const double line_width = PAGE_WIDTH - 2 * MARGIN;

static cairo_status_t take_bytes(void *closure, const unsigned char *bytes, unsigned int count)
{
	struct paper *paper = closure;

	text_add(&paper->bytes, (str){ .at = (const char *)bytes, .len = count });
	return CAIRO_STATUS_SUCCESS;
}

static PangoLayout *layout_make(struct paper *paper, const char *font, str text, double width)
{
	PangoLayout *layout = pango_cairo_create_layout(paper->on);
	PangoFontDescription *face = pango_font_description_from_string(font);

	/* A PDF's unit is the point; pango's own guess is a screen of 96 dots an inch. */
	pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72);
	pango_layout_set_font_description(layout, face);
	pango_font_description_free(face);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_text(layout, text.at ? text.at : "", (int)text.len);
	return layout;
}

static double layout_height(PangoLayout *layout)
{
	int height;

	pango_layout_get_size(layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

static void draw(struct paper *paper, PangoLayout *layout, double x, double y)
{
	cairo_move_to(paper->on, x, y);
	pango_cairo_show_layout(paper->on, layout);
}

static void draw_footer(struct paper *paper)
{
	str line = str_format(paper->in, "%.*s  ·  page %d", STR(paper->footer), paper->page);
	PangoLayout *layout = layout_make(paper, "DejaVu Sans 7", line, line_width);

	cairo_set_source_rgb(paper->on, 0.4, 0.4, 0.4);
	draw(paper, layout, MARGIN, PAGE_HEIGHT - FOOT);
	cairo_set_source_rgb(paper->on, 0, 0, 0);
	g_object_unref(layout);
}

static void new_page(struct paper *paper)
{
	draw_footer(paper);
	cairo_show_page(paper->on);
	paper->page++;
	paper->y = MARGIN;
}

static void make_room(struct paper *paper, double height)
{
	if (paper->y + height > PAGE_HEIGHT - MARGIN)
		new_page(paper);
}

fault *paper_open(struct arena *keep, str title, str footer, instant made, struct paper **opened)
{
	struct paper *paper = NEW(keep, struct paper);
	str when = instant_rfc3339(keep, made);

	paper->in = keep;
	paper->bytes = text_open(keep);
	paper->footer = footer;
	paper->page = 1;
	paper->y = MARGIN;
	paper->surface = cairo_pdf_surface_create_for_stream(take_bytes, paper, PAGE_WIDTH,
							     PAGE_HEIGHT);
	cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_TITLE,
				       str_cstr(keep, title));
	cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATOR, "Novate");
	cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATE_DATE,
				       str_cstr(keep, when));
	paper->on = cairo_create(paper->surface);
	if (cairo_status(paper->on) != CAIRO_STATUS_SUCCESS) {
		const char *why = cairo_status_to_string(cairo_status(paper->on));

		paper_end(&paper);
		return fault_note(fault_new(FAULT_BUG, "The PDF could not be begun."), "%s", why);
	}
	*opened = paper;
	return NULL;
}

void paper_end(struct paper **paper)
{
	if (!*paper)
		return;
	if ((*paper)->on)
		cairo_destroy((*paper)->on);
	if ((*paper)->surface)
		cairo_surface_destroy((*paper)->surface);
	(*paper)->on = NULL;
	(*paper)->surface = NULL;
	*paper = NULL;
}

static void block(struct paper *paper, const char *font, str text, double above, double below)
{
	PangoLayout *layout = layout_make(paper, font, text, line_width);
	double height = layout_height(layout);

	make_room(paper, above + height + below);
	paper->y += above;
	draw(paper, layout, MARGIN, paper->y);
	paper->y += height + below;
	g_object_unref(layout);
}

void paper_title(struct paper *paper, str text)
{
	block(paper, "DejaVu Sans Bold 20", text, 0, 12);
}

void paper_heading(struct paper *paper, str text)
{
	make_room(paper, 80); /* a heading does not stand alone at the foot of a page */
	block(paper, "DejaVu Sans Bold 12", text, 18, 6);
}

void paper_fact(struct paper *paper, str label, str value)
{
	PangoLayout *name = layout_make(paper, "DejaVu Sans Bold 9.5", label,
					line_width * 0.2 - GAP);
	PangoLayout *known = layout_make(paper, "DejaVu Sans 9.5", value, line_width * 0.8);
	double height = layout_height(known);

	if (layout_height(name) > height)
		height = layout_height(name);
	make_room(paper, height + 4);
	draw(paper, name, MARGIN, paper->y);
	draw(paper, known, MARGIN + line_width * 0.2, paper->y);
	paper->y += height + 4;
	g_object_unref(name);
	g_object_unref(known);
}

static double column_width(const struct paper_column *column)
{
	return line_width * column->share - GAP;
}

static void rule_below(struct paper *paper, double width)
{
	cairo_set_line_width(paper->on, width);
	cairo_move_to(paper->on, MARGIN, paper->y);
	cairo_line_to(paper->on, MARGIN + line_width, paper->y);
	cairo_stroke(paper->on);
}

static void draw_cells(struct paper *paper, const char *font, const str *cells, bool may_break);

static void draw_head(struct paper *paper)
{
	str heads[MOST_COLUMNS] = { 0 };

	for (size_t i = 0; i < paper->column_count; i++)
		heads[i] = str_of(paper->columns[i].head);
	draw_cells(paper, "DejaVu Sans Bold 8.5", heads, false);
	rule_below(paper, 0.8);
	paper->y += 2;
}

static void draw_cells(struct paper *paper, const char *font, const str *cells, bool may_break)
{
	PangoLayout *layouts[MOST_COLUMNS] = { 0 };
	double height = 0, x = MARGIN;

	for (size_t i = 0; i < paper->column_count; i++) {
		layouts[i] = layout_make(paper, font, cells[i], column_width(&paper->columns[i]));
		if (paper->columns[i].right)
			pango_layout_set_alignment(layouts[i], PANGO_ALIGN_RIGHT);
		if (layout_height(layouts[i]) > height)
			height = layout_height(layouts[i]);
	}
	if (may_break && paper->y + height > PAGE_HEIGHT - MARGIN) {
		new_page(paper);
		draw_head(paper);
	}
	for (size_t i = 0; i < paper->column_count; i++) {
		draw(paper, layouts[i], x, paper->y);
		x += line_width * paper->columns[i].share;
		g_object_unref(layouts[i]);
	}
	paper->y += height + 4;
}

void paper_table(struct paper *paper, const struct paper_column *columns, size_t count)
{
	assert(count <= MOST_COLUMNS);
	paper->columns = columns;
	paper->column_count = count;
	make_room(paper, 40);
	draw_head(paper);
}

void paper_row(struct paper *paper, const str *cells)
{
	draw_cells(paper, "DejaVu Sans 8.5", cells, true);
}

fault *paper_close(struct paper *paper, str *pdf)
{
	cairo_status_t status;

	draw_footer(paper);
	cairo_show_page(paper->on);
	cairo_surface_finish(paper->surface);
	status = cairo_surface_status(paper->surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return fault_note(fault_new(FAULT_BUG, "The PDF could not be written."), "%s",
				  cairo_status_to_string(status));
	*pdf = text_str(&paper->bytes);
	return NULL;
}
