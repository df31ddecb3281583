/* Answers that wait before they are sent: suspended connections, each with a timer, and one
 * thread that wakes them.  It starts with the first such answer.  Inside this room only. */
#pragma once

#include <microhttpd.h>

#include "web/exchange.h"

struct later *later_open(void);
/* Suspends the connection; it is served again after so many milliseconds, or when later_close
 * is called.  False: it could not be had, and the answer goes out at once. */
bool later_wait(struct later *later, struct MHD_Connection *connection, int64_t millis);
/* Wakes whoever waits, and ends the thread; the connections must still be served. */
void later_close(struct later *later);
void later_end(struct later *later); /* frees it */
