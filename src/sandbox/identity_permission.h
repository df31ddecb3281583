/* Permissions in plain words, for the pages where somebody consents. */
#pragma once

#include "base/base.h"
#include "sandbox/identity_pages.h"

/* What an application with this permission may do: one sentence, never empty; a permission
 * nobody described is shown by its name. */
str identity_permission_said(struct arena *keep, str name);

/* The words of a space-separated list with their sentences. */
struct identity_permission_lines identity_permission_list(struct arena *keep, str names);

/* Reading or writing for a whole organization: only an administrator can consent. */
bool identity_permission_needs_admin(str name);
