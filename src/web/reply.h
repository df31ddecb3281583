/* Answers.  The body is kept with the request; nothing is sent before the commit. */
#pragma once

#include "base/base.h"

struct html;
struct reply;

MUST_USE fault *reply_page(struct reply *to, int status, const struct html *page);
MUST_USE fault *reply_go(struct reply *to, const char *format, ...) PRINTF(2, 3); /* 303 */
MUST_USE fault *reply_text(struct reply *to, int status, const char *type, str body);
MUST_USE fault *reply_json(struct reply *to, int status, str body);
MUST_USE fault *reply_file(struct reply *to, const char *type, str name, str body); /* attachment */

/* A name given twice keeps the last value.  Control bytes of a value are left out. */
void reply_header(struct reply *to, const char *name, str value);
void reply_cookie(struct reply *to, const char *name, str value, int64_t seconds); /* 0 removes */
void reply_status(struct reply *to, int status);
/* The effect is kept but nobody is told: after the commit the connection is closed without an
 * answer.  For stand-ins that show what a lost answer does; `seen` gets status 0. */
void reply_lost(struct reply *to);
/* The answer is sent after so many milliseconds (a minute at most); meanwhile nobody else waits
 * and no transaction is open.  For stand-ins, too; web_exchange only tells it. */
void reply_later(struct reply *to, int64_t millis);
/* A sentence shown on the next page the visitor sees. */
void reply_flash(struct reply *to, str said);
