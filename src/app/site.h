/* The addresses that the program itself answers: /, /health, /metrics, the OpenAPI document.
 * request_context gives their handlers a struct site. */
#pragma once

#include "base/base.h"
#include "store/store.h"
#include "web/route.h"

struct web;

struct site {
	const struct web *web;	 /* NULL until the server runs */
	const char *version;	 /* "0.1.0" */
	bool behind_proxy;	 /* the caller's address is what our nginx says */
	const char *work_counts; /* the file in which `work` leaves its counts; or NULL */
};

extern const struct route_table home_routes, health_routes, metrics_routes, openapi_routes;
