#include "sandbox/identity.h"

#include "identity_message_html.h"
#include "sandbox/identity_pages.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/signin.h"
#include "web/html.h"

/* The tenant of personal accounts (vendor facts §1). */
#define CONSUMERS "9188040d-6c67-4c5b-b112-36a304b66dad"

fault *identity_place_of(struct request *rq, struct identity_place *place)
{
	struct sandbox_setting setting;
	TRY(sandbox_setting_read(request_tx(rq), &setting));
	*place = (struct identity_place){ .given = request_part(rq, "tenant"),
					  .base_url = setting.base_url };
	place->any = str_eq_nocase(place->given, S("common")) ||
		     str_eq_nocase(place->given, S("organizations"));
	place->known = place->any;
	if (place->any)
		return NULL;
	if (str_eq_nocase(place->given, S("consumers")) ||
	    str_eq_nocase(place->given, S(CONSUMERS))) {
		place->tenant = (struct tenant_state){ .id = S(CONSUMERS),
						       .name = S("personal accounts") };
		place->known = true;
		return NULL;
	}
	return tenant_state_find(request_tx(rq), place->given, &place->tenant, &place->known);
}

enum identity_error identity_place_admits(const struct identity_place *place,
					  const struct identity_application *application)
{
	if (application->multi_tenant)
		return IDENTITY_FINE;
	if (place->any)
		return IDENTITY_OWN_TENANT_ONLY;
	return str_eq(place->tenant.id, application->tenant) ? IDENTITY_FINE
							     : IDENTITY_NO_APPLICATION;
}

str identity_place_name(struct arena *keep, const struct identity_place *place)
{
	return place->any ? str_lower(keep, place->given) : place->tenant.id;
}

fault *identity_message(struct request *rq, struct reply *to, int status,
			const struct identity_message_view *view)
{
	struct html *out = html_open(request_arena(rq), rq);
	identity_message_page(out, view);
	return signin_reply(to, status, out);
}

fault *identity_refuse_page(struct request *rq, struct reply *to,
			    const struct identity_refusal *refusal)
{
	struct arena *keep = request_arena(rq);
	const struct identity_message_view view = {
		.title = S("Sorry, but we cannot sign you in"),
		.said = identity_error_said(keep, refusal),
		.number = str_format(keep, "AADSTS%d", identity_error_number(refusal->error)),
	};
	return identity_message(rq, to, identity_error_status(refusal->error), &view);
}

fault *identity_fault_page(struct request *rq, struct reply *to, const fault *f)
{
	static const struct {
		int status;
		const char *title;
	} titles[] = {
		{ 403, "This is not allowed" },
		{ 404, "There is no such page" },
		{ 503, "The sandbox is busy" },
		{ 500, "The sandbox failed" },
	};
	int status = fault_status(f->kind);
	str title = S("This did not work");
	for (size_t i = 0; i < COUNT(titles); i++)
		if (titles[i].status == status)
			title = str_of(titles[i].title);
	const struct identity_message_view view = {
		.title = title,
		.said = status == 500
				? S("Something went wrong inside the sandbox. Its log has more.")
				: str_of(f->said),
		.link = S("/admin"),
		.link_said = S("Admin center"),
	};
	return identity_message(rq, to, status, &view);
}
