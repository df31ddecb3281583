/* For tests of the administrator's pages, beside identity_testing. */
#pragma once

#include "sandbox/identity_testing.h"

/* Posts a form with the session's own token, taken from another page. */
struct web_exchange admin_testing_post(struct identity_testing *t, str target, str form);
/* The page behind a 303; the test fails on any other answer. */
struct web_exchange admin_testing_follow(struct identity_testing *t, struct web_exchange got);
