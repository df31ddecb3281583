/* What the terminal does to one person's sign-in. */
#pragma once

#include "sandbox/identity_command.h"

/* password USER NEW: tokens and sign-ins end with the old one */
sandbox_command_run identity_person_command_password;
/* revoke USER: refresh tokens and sign-ins */
sandbox_command_run identity_person_command_revoke;
/* mfa USER [on|off]: without a word, the code of this half minute */
sandbox_command_run identity_person_command_mfa;
/* access USER allow|enroll|block */
sandbox_command_run identity_person_command_access;
