/* What the terminal does to the identity platform: keys, certificates, secrets, consents. */
#pragma once

#include "sandbox/sandbox_command.h"

/* app add NAME TENANT [public] */
sandbox_command_run identity_command_add;
/* app redirect CLIENT_ID URI [spa] */
sandbox_command_run identity_command_redirect;
/* app permit CLIENT_ID role|scope RESOURCE NAME... */
sandbox_command_run identity_command_permit;
/* password USER NEW: tokens and sign-ins end with the old one */
sandbox_command_run identity_command_password;
/* app certificate CLIENT_ID FILE.pem */
sandbox_command_run identity_command_certificate;
/* app secret CLIENT_ID new|expire */
sandbox_command_run identity_command_secret;
/* app tenants CLIENT_ID own|any */
sandbox_command_run identity_command_tenants;
/* keys rotate [TIME]: the keys before it stay published that long, a day unless it is said */
sandbox_command_run identity_command_rotate;
/* revoke USER: refresh tokens and sign-ins */
sandbox_command_run identity_command_revoke;
/* mfa USER [on|off]: without a word, the code of this half minute */
sandbox_command_run identity_command_mfa;
/* token-lifetime TIME */
sandbox_command_run identity_command_lifetime;
/* withdraw-consent TENANT CLIENT_ID */
sandbox_command_run identity_command_withdraw;
