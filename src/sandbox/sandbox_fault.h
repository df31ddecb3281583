/* What goes wrong outside any handler (no such address, a body too large), said in the shape of
 * the service that was asked: programs never get a page they cannot read. */
#pragma once

#include "web/web.h"

/* For web_settings.fault_page; the context is a struct request_log_door. */
fault *sandbox_fault(struct request *rq, struct reply *to, const fault *f);
