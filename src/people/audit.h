/* The trail of what people did: who, what, when, from where, why.  Append-only. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "store/store.h"

struct audit_entry {
	id who;		 /* ID_NONE: the system, or a person without an account */
	const char *did; /* "conversion.approve" */
	str about;	 /* "cnv_01h2…" */
	str from;	 /* address of the caller, "terminal", or none */
	str why;	 /* or none */
};
MUST_USE fault *audit_keep(struct tx *tx, const struct audit_entry *entry);
