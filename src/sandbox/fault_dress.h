/* Good answers that tell less, or something older, than is true: asked by each service just
 * before an answer is sent. */
#pragma once

#include "sandbox/fault_rule.h"

struct fault_dress {
	struct request *rq;
	struct reply *to;
	const char *service; /* "graph", "partnercenter" or "billing" */
	str tenant;	     /* whose answer it is */
	str self;	     /* this call's own address, as the service would link to it */
	int status;
};

/* *body is JSON; what it becomes lives in the request's arena.  Only reading calls that succeed
 * are changed, but for the byte order mark. */
MUST_USE fault *fault_dress(const struct fault_dress *dress, str *body);
