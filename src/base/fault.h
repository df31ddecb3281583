/* One way to fail.
 *
 * Everything that can fail returns `MUST_USE fault *`; NULL is success.  A fault is logged once,
 * by whoever stops passing it on (the page or the job runner).  An expected answer ("not
 * authorised yet") is a value, not a fault. */
#pragma once

#include <stdint.h>

#include "base/str.h"

#define FAULT_KINDS(X)                                                                        \
	X(FAULT_INPUT, "input", 400)	   /* the person can mend it: shown at the form */    \
	X(FAULT_DENIED, "denied", 403)	   /* no right; pages answer as if it were missing */ \
	X(FAULT_MISSING, "missing", 404)   /* there is no such thing */                       \
	X(FAULT_CONFLICT, "conflict", 409) /* the thing is not in a state for this */         \
	X(FAULT_BUSY, "busy", 503)	   /* try again: throttled, locked, serialisation */  \
	X(FAULT_REMOTE, "remote", 502)	   /* another party failed or did not answer */       \
	X(FAULT_FENCED, "fenced", 500)	   /* this attempt lost its lease: change nothing */  \
	X(FAULT_BUG, "bug", 500)	   /* only a programmer can mend it */

enum fault_kind {
#define X(name, word, status) name,
	FAULT_KINDS(X)
#undef X
};

typedef struct fault {
	enum fault_kind kind;
	const char *said;    /* for the person: what, where, what to do */
	const char *noted;   /* for the operator's log; may be NULL */
	const char *code;    /* a vendor's own error code, or NULL */
	int64_t retry_after; /* seconds the other side asked us to wait; 0: it did not say */
	const struct fault *cause;
	const char *file;
	int line;
} fault;

/* Tells whoever reads the code for mistakes, compilers among them, that a fault made is one. */
static inline fault *fault_sure(fault *f)
{
	if (!f)
		__builtin_unreachable();
	return f;
}

#define TRY(call)                       \
	do {                            \
		fault *tried_ = (call); \
		if (tried_)             \
			return tried_;  \
	} while (0)

/* `said` is a complete sentence for the person who asked.  Faults live in a thread's own small
 * ring of memory, so one can be made when an arena is gone; use or log it before a few hundred
 * more are made on the same thread. */
#define fault_new(kind, ...) fault_sure(fault_make(__FILE__, __LINE__, (kind), __VA_ARGS__))
fault *fault_make(const char *file, int line, enum fault_kind kind, const char *said, ...)
	__attribute__((format(printf, 4, 5)));

/* A new sentence on top of an older fault; keeps its kind, code and retry_after. */
#define fault_because(cause, ...) fault_sure(fault_wrap(__FILE__, __LINE__, (cause), __VA_ARGS__))
fault *fault_wrap(const char *file, int line, const fault *cause, const char *said, ...)
	__attribute__((format(printf, 4, 5)));

/* Adds what only the log should show; gives `f` back, so it can be returned in one breath. */
fault *fault_note(fault *f, const char *noted, ...) __attribute__((format(printf, 2, 3)));

/* Remembers the other side's error code (copied). */
fault *fault_code(fault *f, str code);

const char *fault_word(enum fault_kind kind);
int fault_status(enum fault_kind kind); /* the HTTP status a page answers with */
