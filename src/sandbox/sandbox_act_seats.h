/* The acts that change subscriptions and licenses; each as `sandbox_act` has it, with its words. */
#pragma once

#include "sandbox/sandbox_act.h"
#include "sandbox/tenant_state.h"

MUST_USE fault *sandbox_act_cancel(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_support_cancel(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_reactivate(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_renewal(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_resize(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_assign(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_unassign(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_delete_user(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_locate(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_group_assign(struct tx *tx, const str *words, str *said);
MUST_USE fault *sandbox_act_group_unassign(struct tx *tx, const str *words, str *said);

/* FAULT_INPUT when there is none. */
MUST_USE fault *sandbox_act_tenant(struct tx *tx, str name, struct tenant_state *tenant);
