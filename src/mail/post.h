/* How letters leave the house: a mail server, or files in a folder when none is set. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "base/instant.h"

struct post;

struct post_settings {
	str server; /* "smtp://mail.example:587", "smtps://…", or empty: files in `outbox` */
	str user, password; /* or empty */
	str from;	    /* "Novate <novate@example.com>" or a bare address */
	str reply_to;	    /* or empty */
	str ca_file;	    /* extra trusted certificates (PEM), or empty */
	str outbox;	    /* the folder; made when missing */
};

/* The strings are copied.  FAULT_INPUT names the setting that is wrong. */
MUST_USE fault *post_open(const struct post_settings *settings, struct post **made);
void post_close(struct post *post);
void post_end(struct post **post);

struct post_letter {
	id letter; /* its Message-ID comes from here, the same for every try */
	instant date;
	str to, subject, text, html;
};

/* FAULT_BUSY: try again (no connection, 4xx).  FAULT_INPUT: the server refused for good (5xx);
 * `code` is the server's reply code. */
MUST_USE fault *post_send(const struct post *post, struct arena *scratch,
			  const struct post_letter *letter);
