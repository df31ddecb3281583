/* What every answer tells the browser about itself, unless the handler said it otherwise. */
#include "web/exchange.h"

static const char default_policy[] = "default-src 'self'; img-src 'self' data:; object-src 'none'; "
				     "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static void add(struct reply *to, const char *name, str value)
{
	if (str_is_none(pairs_find(&to->headers, str_of(name))))
		reply_header(to, name, value);
}

void policy_add(struct reply *to)
{
	const struct web_settings *settings = &to->rq->site->settings;

	add(to, "X-Request-Id", to->rq->id);
	add(to, "X-Content-Type-Options", S("nosniff"));
	add(to, "Referrer-Policy", S("same-origin"));
	add(to, "Content-Security-Policy",
	    str_of(settings->policy ? settings->policy : default_policy));
	add(to, "X-Frame-Options", S("DENY"));
	add(to, "Permissions-Policy",
	    S("camera=(), microphone=(), geolocation=(), payment=(), usb=()"));
	add(to, "Cross-Origin-Opener-Policy", S("same-origin"));
	/* Browsers keep this for every port of a host: it would cut off plain HTTP next door. */
	if (to->rq->site->https && !str_starts(settings->public_url, S("https://localhost")))
		add(to, "Strict-Transport-Security", S("max-age=31536000"));
	/* Pages hold what only their visitor may see. */
	add(to, "Cache-Control", S("no-store"));
}
