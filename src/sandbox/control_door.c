#include <openssl/crypto.h>

#include <stdio.h>

#include "base/world.h"
#include "control_door_html.h"
#include "remote/remote.h"
#include "sandbox/control.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_setting.h"

#define COOKIE	"sandbox_control"
#define REFUSED "refused: " /* how a flash sentence says that nothing was done */

fault *control_key(struct tx *tx, str *key)
{
	return sandbox_setting_get(tx, S("control_key"), key);
}

fault *control_key_make(struct tx *tx)
{
	str key;

	TRY(control_key(tx, &key));
	if (!str_is_empty(key))
		return NULL;
	return sandbox_setting_put(tx, S("control_key"),
				   world_token(tx_world(tx), tx_arena(tx), 24));
}

static fault *key_fits(struct request *rq, str given, bool *fits)
{
	str key;

	TRY(control_key(request_tx(rq), &key));
	*fits = key.len > 0 && key.len == given.len &&
		CRYPTO_memcmp(key.at, given.at, key.len) == 0;
	return NULL;
}

static fault *ask_for_key(struct request *rq, struct reply *to, int status, str wrong)
{
	struct html *out = html_open(request_arena(rq), rq);
	const struct control_door_view view = { .wrong = wrong };

	control_door_page(out, &view);
	return reply_page(to, status, out);
}

fault *control_door(struct request *rq, struct reply *to, bool *open)
{
	TRY(key_fits(rq, request_cookie(rq, COOKIE), open));
	reply_header(to, "Cache-Control", S("no-store"));
	return *open ? NULL : ask_for_key(rq, to, 200, S(""));
}

fault *control_frame_of(struct request *rq, const char *title, enum control_place place,
			struct control_frame_view *frame)
{
	str said = request_flash(rq), refused = S(REFUSED);
	instant now;

	TRY(sandbox_clock_now(request_tx(rq), &now));
	*frame = (struct control_frame_view){ .title = title,
					      .place = place,
					      .clock = instant_for_people(request_arena(rq), now) };
	if (str_starts(said, refused))
		frame->wrong = str_part(said, refused.len, said.len);
	else
		frame->said = said;
	return NULL;
}

fault *control_done(struct reply *to, const char *where, str said, fault *f)
{
	char refused[500];

	if (f && f->kind != FAULT_INPUT)
		return f;
	if (f) {
		(void)snprintf(refused, sizeof(refused), REFUSED "%s", f->said);
		said = str_of(refused);
	}
	reply_flash(to, said);
	return reply_go(to, "%s", where);
}

str control_older(struct arena *keep, const char *where, id last, str filter)
{
	return str_format(keep, "%s?before=%lld%.*s", where, (long long)last.n, STR(filter));
}

str control_word(const struct request *rq, const char *name)
{
	str value = str_trim(request_query(rq, name));

	return value.at ? str_cut(value, 200) : S("");
}

str control_escaped(struct arena *keep, str value)
{
	return remote_escape(keep, value.at ? value : S(""));
}

int64_t control_before(const struct request *rq)
{
	int64_t before;

	return str_to_int64(request_query(rq, "before"), &before) && before > 0 ? before
										: INT64_MAX;
}

static fault *enter(struct request *rq, struct reply *to, str given)
{
	bool fits;

	TRY(key_fits(rq, given, &fits));
	if (!fits)
		return ask_for_key(rq, to, 403,
				   S("This is not the key. Copy it from what `novate-sandbox info` "
				     "prints, with the same --data."));
	reply_cookie(to, COOKIE, given, DAYS(30) / SECONDS(1));
	return reply_go(to, "/control");
}

static fault *enter_typed(struct request *rq, struct reply *to)
{
	return enter(rq, to, str_trim(request_form(rq, "key")));
}

/* The address that `info` prints; the key leaves the address bar at once. */
static fault *enter_linked(struct request *rq, struct reply *to)
{
	return enter(rq, to, request_query(rq, "key"));
}

static fault *leave(struct request *rq, struct reply *to)
{
	(void)rq;
	reply_cookie(to, COOKIE, S(""), 0);
	return reply_go(to, "/control");
}

static fault *root(struct request *rq, struct reply *to)
{
	(void)rq;
	return reply_go(to, "/control");
}

static const struct route routes[] = {
	{ GET, "/", root, .who = ANYONE, .about = "To the control page" },
	{ GET, "/control/enter", enter_linked, .who = ANYONE, .about = "In, by the printed link" },
	{ POST, "/control/enter", enter_typed, .who = ANYONE, .about = "In, by the typed key" },
	{ POST, "/control/leave", leave, .who = ANYONE, .about = "Forgets the key" },
};
const struct route_table control_door_routes = { routes, COUNT(routes) };
