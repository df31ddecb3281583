#include "web/layout.h"

#include "fault_page_html.h"
#include "layout_html.h"
#include "web/asset.h"
#include "web/exchange.h"
#include "web/layout_view.h"
#include "web/look.h"

static bool sees(const struct look_item *item, const struct visitor *visitor)
{
	switch (item->who) {
	case NOBODY: return false;
	case ANYONE: return true;
	case SIGNED_IN: return !id_is_none(visitor->account);
	case PARTNER:
	case OPERATOR: return visitor->role == item->who;
	}
	return false;
}

/* "/partner/conversions" is here for itself and for all below it; "/" for itself alone. */
static bool is_here(str href, str path)
{
	if (str_eq(href, path))
		return true;
	return href.len > 1 && str_starts(path, href) && path.at[href.len] == '/';
}

static void fill_items(struct layout_view *v, const struct look *look, const struct request *rq)
{
	v->items.at = NEW_ARRAY(rq->arena, struct layout_item, look->item_count + 1);
	for (size_t i = 0; i < look->item_count; i++) {
		const struct look_item *item = &look->items[i];
		str href = str_of(item->href);
		if (!sees(item, &rq->visitor))
			continue;
		v->items.at[v->items.len++] = (struct layout_item){
			.href = href,
			.label = str_of(item->label),
			.here = is_here(href, rq->path),
		};
	}
}

static void fill_visitor(struct layout_view *v, const struct look *look, const struct request *rq)
{
	if (!id_is_none(rq->visitor.account) && look->sign_out) {
		v->visitor = rq->visitor.name.len ? rq->visitor.name : rq->visitor.email;
		v->sign_out = str_of(look->sign_out);
	} else if (look->sign_in) {
		v->sign_in = str_of(look->sign_in);
	}
}

void layout_open(struct html *out, str title)
{
	static const struct look plain = { .name = "Novate", .home = "/" };
	const struct request *rq = out->for_request;
	const struct look *look = rq && rq->site->settings.look ? rq->site->settings.look : &plain;
	struct layout_view v = {
		.title = title,
		.name = str_of(look->name),
		.home = str_of(look->home),
		.stylesheet = asset_url(out, look->stylesheet ? look->stylesheet : "novate.css"),
		.icon = asset_url(out, "icon.svg"),
	};

	if (rq) {
		fill_items(&v, look, rq);
		fill_visitor(&v, look, rq);
		v.flash = request_flash(rq);
		if (request_live_version(rq, &v.version))
			v.script = asset_url(out, "live.js");
	}
	layout_top(out, &v);
}

void layout_close(struct html *out)
{
	layout_bottom(out);
}

static const char *title_of(enum fault_kind kind, int status)
{
	if (status == 401)
		return "Sign in first";
	switch (kind) {
	case FAULT_INPUT: return "That could not be read";
	case FAULT_DENIED: return "Not open to you";
	case FAULT_MISSING: return "Not found";
	case FAULT_CONFLICT: return "Not possible now";
	case FAULT_BUSY: return "Busy just now";
	case FAULT_REMOTE: return "Another service did not answer";
	case FAULT_FENCED:
	case FAULT_BUG: break;
	}
	return "Something went wrong";
}

fault *layout_fault_page(struct request *rq, struct reply *to, const fault *f)
{
	struct html *page = html_open(rq->arena, rq);
	int status = rq->fault_status ? rq->fault_status : fault_status(f->kind);
	struct fault_view v = {
		.title = str_of(title_of(f->kind, status)),
		.said = str_of(f->said),
		.number = rq->id,
	};

	fault_page_body(page, &v);
	return reply_page(to, status, page);
}
