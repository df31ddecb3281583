/* Pages that listen for changes: suspended connections, and one thread that looks for them.
 * Inside this room only. */
#pragma once

#include <microhttpd.h>

#include "web/exchange.h"

/* Starts the thread. */
MUST_USE fault *live_open(struct site *site, struct live **made);
/* Ends every stream and the thread; the connections must still be served when it is called. */
void live_close(struct live *live);
/* Frees what is left, when no connection is served any more. */
void live_end(struct live *live);

/* The stream that answers this request, from the version it was found at; NULL when too many
 * listen, and then the request's reply says so. */
struct MHD_Response *live_join(struct live *live, struct MHD_Connection *connection,
			       struct request *rq);
int64_t live_listeners(struct live *live);
