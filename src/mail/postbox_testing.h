/* For this room's tests: a mail server of one thread that says what the test wants to hear. */
#pragma once

#include "base/base.h"

struct postbox;

/* At one point of the talk it answers something else, or drops the line (reply NULL). */
struct postbox_trouble {
	const char *at; /* "greeting", "EHLO", "MAIL", "RCPT", "DATA" or "." */
	const char *reply;
};

struct postbox *postbox_open(void);
const char *postbox_url(const struct postbox *box);
void postbox_trouble(struct postbox *box, struct postbox_trouble trouble); /* {0}: none */
/* The bytes of the last letter taken, after dots were unstuffed, and how many were taken. */
str postbox_letter(struct postbox *box, struct arena *keep);
int postbox_count(struct postbox *box);
void postbox_close(struct postbox *box);
