/* Ending a direct subscription through Azure Billing, where the administrator chose that and the
 * account can (vendor facts §4).
 *
 * One deed at a time.  What is about to be asked is kept before it is asked, and before anything is
 * asked again it is looked whether it happened; what Microsoft accepted is followed in looks of
 * their own.  A refusal is kept in words, and a person goes on by hand. */
#pragma once

#include "convert/cancel_line.h"

/* *acted: something was asked or is under way, and `out` says for what it waits; the lines are kept
 * in the attempt's transaction.  `known` is what the database has, also afterwards. */
MUST_USE fault *cancel_deed_act(struct run *run, struct cancel_lines *known,
				struct cancel_lines *lines, const struct billing_facts *facts,
				struct outcome *out, bool *acted);
