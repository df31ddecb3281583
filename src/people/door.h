/* Who is at the door: web's question, answered from the session cookie or the API token. */
#pragma once

#include "web/web.h"

/* For web_settings.door. */
door door_answer;

/* For web_settings.seen: notes the visit of a session or a token that was not noted for a while.
 * A request may only read, so this is done once it is answered. */
void door_seen(struct request *rq, int status, int64_t micros);
