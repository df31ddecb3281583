/* Handing a letter to a mail server (RFC 5321), through libcurl.
 *
 * TLS is used when the server offers it, and demanded when a password would travel; the
 * certificate is always verified. */
#pragma once

#include "base/base.h"

struct smtp_server {
	const char *url;	     /* "smtp://mail.example:587" or "smtps://…" */
	const char *user, *password; /* or NULL */
	const char *ca_file;	     /* or NULL */
};

void smtp_open(void); /* once for the program; calls are counted */
void smtp_close(void);

/* FAULT_INPUT when the server refused this letter for good (5xx), FAULT_BUSY for everything that
 * may be better later.  The server's own words are in the sentence, its number in `code`. */
MUST_USE fault *smtp_send(const struct smtp_server *server, struct arena *scratch, str from, str to,
			  str bytes);
