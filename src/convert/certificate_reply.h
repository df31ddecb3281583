/* A conversion's certificate as an answer, for whoever was let in to the conversion. */
#pragma once

#include "convert/certificate.h"
#include "web/route.h"

/* FAULT_MISSING before the conversion is done. */
MUST_USE fault *certificate_reply_find(struct request *rq, const struct conversion *c,
				       struct certificate *got);
MUST_USE fault *certificate_reply_pdf(struct request *rq, struct reply *to,
				      const struct conversion *c);
/* The very file that can be checked. */
MUST_USE fault *certificate_reply_json(struct request *rq, struct reply *to,
				       const struct conversion *c);
