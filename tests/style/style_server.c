/* Shows every part of the look on one page, for the eye: style_server PORT. */
#include <stdio.h>
#include <unistd.h>

#include "assets_embedded.h"
#include "base/log.h"
#include "base/world.h"
#include "style_page_html.h"
#include "web/layout.h"
#include "web/look.h"
#include "web/web.h"

static const char *const terms[] = { "monthly", "yearly", NULL };
static const struct field fields[] = {
	{ "domain", "Domain of the tenant", FIELD_DOMAIN, 1, 253, true,
	  .help = "For example contoso.com, or the one that ends in onmicrosoft.com." },
	{ "email", "E-mail address of the administrator", FIELD_EMAIL, 3, 254, true },
	{ "seats", "Seats", FIELD_COUNT, 1, 300, true },
	{ "term", "Term", FIELD_CHOICE, .needed = true, .choices = terms },
	{ "note", "Note for your colleagues", FIELD_TEXT, 0, 2000 },
	{ "agreed", "I may speak for this tenant", FIELD_TICK, .needed = true },
	{ 0 },
};

static int64_t version = 1;

static fault *page_version(struct request *rq, int64_t *out)
{
	(void)rq;
	*out = version;
	return NULL;
}

static fault *show(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct form form = form_open(rq, fields);

	style_page(page, &form);
	return reply_page(to, 200, page);
}

static fault *take(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct form form;
	bool ok;

	TRY(request_form_check(rq, &form, &ok));
	version++;
	if (ok) {
		reply_flash(to, S("The tenant is being recorded."));
		return reply_go(to, "/");
	}
	style_page(page, &form);
	return reply_page(to, 422, page);
}

static fault *be_ada(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	(void)tx;
	(void)cookie;
	(void)bearer;
	*who = (struct visitor){ .account = { .n = 1 },
				 .role = PARTNER,
				 .name = S("Ada Lovelace") };
	return NULL;
}

static const struct route routes[] = {
	{ GET, "/", show, .who = ANYONE, .live = page_version },
	{ POST, "/", take, .who = ANYONE, .proof = BY_NOTHING, .fields = fields },
};
static const struct route_table tables[] = { { routes, COUNT(routes) } };
static const struct look_item items[] = {
	{ ANYONE, "/", "Conversions" },
	{ PARTNER, "/partner/customers", "Customers" },
	{ PARTNER, "/partner/earnings", "Earnings" },
};
static const struct look look = { .name = "Novate",
				  .home = "/",
				  .stylesheet = "novate.css",
				  .sign_out = "/sign-out",
				  .items = items,
				  .item_count = COUNT(items) };

int main(int argc, char **argv)
{
	int64_t port = 0;
	struct web *web;

	log_open(world_of_system(), LOG_INFO, "style_server");
	if (argc > 1 && !str_to_int64(str_of(argv[1]), &port))
		return 2;
	fault *f = web_open(&(struct web_settings){ .address = S("127.0.0.1"),
						    .port = (int)port,
						    .threads = 2,
						    .world = world_of_system(),
						    .door = be_ada,
						    .fault_page = layout_fault_page,
						    .tables = tables,
						    .table_count = COUNT(tables),
						    .look = &look,
						    .assets = &assets_embedded },
			    &web);
	if (f) {
		log_fault(LOG_ERROR, "web", "not started", f);
		return 1;
	}
	printf("http://127.0.0.1:%d/\n", web_port(web));
	(void)fflush(stdout);
	(void)pause();
	web_close(web, 1);
	return 0;
}
