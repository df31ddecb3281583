/* What the terminal does to the identity platform: keys, certificates, secrets, consents. */
#pragma once

#include "sandbox/sandbox_command.h"

/* app add NAME TENANT [public] */
sandbox_command_run identity_command_add;
/* app redirect CLIENT_ID URI [spa] */
sandbox_command_run identity_command_redirect;
/* app permit CLIENT_ID role|scope RESOURCE NAME... */
sandbox_command_run identity_command_permit;
/* app certificate CLIENT_ID FILE.pem */
sandbox_command_run identity_command_certificate;
/* app secret CLIENT_ID new|expire */
sandbox_command_run identity_command_secret;
/* app tenants CLIENT_ID own|any */
sandbox_command_run identity_command_tenants;
/* keys rotate [TIME]: the keys before it stay published that long, a day unless it is said */
sandbox_command_run identity_command_rotate;
/* token-lifetime TIME */
sandbox_command_run identity_command_lifetime;
/* withdraw-consent TENANT CLIENT_ID */
sandbox_command_run identity_command_withdraw;

/* What such a command is made of. */
struct identity_command {
	const struct sandbox_command_line *line;
	str said; /* printed once the transaction is kept; lives as long as it */
};
/* Runs `body` with a struct identity_command and prints what it said. */
MUST_USE fault *identity_command_do(struct sandbox_home *home,
				    const struct sandbox_command_line *line, store_body *body);
/* Empty when there are not that many. */
str identity_command_word(const struct identity_command *asked, size_t index);
/* The command line was wrong: status 2. */
MUST_USE fault *identity_command_usage(const char *said);
