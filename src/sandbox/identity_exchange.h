/* Grants that show no page: a password that the application was told, and the token of a person
 * that another application sent to this one ("on behalf of"). */
#pragma once

#include "sandbox/identity_issue.h"

MUST_USE fault *identity_exchange_password(struct identity_issue *g);
MUST_USE fault *identity_exchange_behalf(struct identity_issue *g);
