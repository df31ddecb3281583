/* A letter as bytes of RFC 5322: text and HTML side by side, headers that cannot be injected. */
#pragma once

#include "mail/post.h"

/* Before anything else here; again does nothing.  GLib stays behind this header. */
void mime_open(void);

struct mime_sender {
	str name, address; /* `name` may be empty */
	str reply_to;	   /* a bare address, or empty */
};

/* Splits "Novate <novate@example.com>" or a bare address; false unless it is exactly one. */
bool mime_sender_read(struct arena *keep, str text, struct mime_sender *sender);

/* The same letter gives the same bytes each time, so a second delivery can be known by its
 * Message-ID. */
str mime_compose(struct arena *keep, const struct mime_sender *from,
		 const struct post_letter *letter);
