/* Requests as the HTTP library hands them over.  Inside this room only. */
#pragma once

#include <microhttpd.h>

#include "web/exchange.h"

/* Callbacks for MHD_start_daemon; `cls` is the site. */
void *connection_begins(void *cls, const char *uri, struct MHD_Connection *of);
enum MHD_Result connection_handle(void *cls, struct MHD_Connection *of, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state);
void connection_ends(void *cls, struct MHD_Connection *of, void **state,
		     enum MHD_RequestTerminationCode why);
size_t connection_keep_escapes(void *cls, struct MHD_Connection *of, char *text);
