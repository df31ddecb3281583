/* The other parties that `work` speaks to: Microsoft and the mail server.  Nothing else opens
 * them but commands that a person runs. */
#pragma once

#include "app/setup.h"
#include "mail/post.h"
#include "microsoft/microsoft.h"
#include "remote/remote.h"

struct vendors {
	struct remote *remote;
	struct transport by;
	struct microsoft *microsoft; /* NULL while its settings are not complete */
	struct post *post;
};

MUST_USE fault *vendors_open(struct setup *setup, struct vendors *vendors);
/* Microsoft alone; with `key_there` false not even that, because opening it would make the key. */
MUST_USE fault *vendors_look(struct setup *setup, bool key_there, struct vendors *vendors);
void vendors_end(struct vendors *vendors);

/* The Microsoft settings that are needed and empty, by name with commas; empty when complete. */
str vendors_missing(struct arena *keep, const struct settings *settings);
/* FAULT_INPUT that names them. */
MUST_USE fault *vendors_need_microsoft(struct setup *setup, const struct vendors *vendors);
