/* What a partner may administrate for a customer, role by role (vendor facts §2.9): written by the
 * partner, approved by the customer's administrator, active for its duration. */
#pragma once

#include "store/store.h"

struct delegation {
	str id, partner;
	str customer, customer_name; /* none: whoever approves it first */
	str name;		     /* the partner's own, of at most 50 characters */
	str duration, auto_extend;   /* "P730D"; "P180D" or "PT0S" */
	str roles;		     /* JSON: [{"roleDefinitionId":"…"}] */
	str status; /* "created", "approvalPending", "approved", "activating", "active", "expired",
		       "terminationRequested", "terminated" */
	instant created, changed, activated, ends;
	int64_t revision; /* what If-Match names */
};
struct delegations {
	struct delegation *at;
	size_t len;
};
MUST_USE fault *delegation_all(struct tx *tx, str partner, struct delegations *all);
MUST_USE fault *delegation_find(struct tx *tx, str partner, str which, struct delegation *one,
				bool *found);

/* A new one, or the same rewritten before it is sent for approval: `name`, `duration`,
 * `auto_extend`, `roles` and `customer` are read.  *refused: STR_NONE, or why not. */
MUST_USE fault *delegation_write(struct tx *tx, struct delegation *one, str *refused);
MUST_USE fault *delegation_delete(struct tx *tx, const struct delegation *one, str *refused);

/* "lockForApproval" or "terminate"; *request is the id of what was asked. */
MUST_USE fault *delegation_act(struct tx *tx, const struct delegation *one, str action,
			       str *request, str *refused);

/* What the customer's administrator sees, whoever asked; `customer_name` is the partner's here. */
MUST_USE fault *delegation_for_customer(struct tx *tx, str customer, struct delegations *all);
/* The administrator approves one of them; *was is false when it does not wait for them. */
MUST_USE fault *delegation_accept(struct tx *tx, str customer, str which, bool *was);
/* The administrator approves whatever waits for this customer. */
MUST_USE fault *delegation_approve(struct tx *tx, str customer, int64_t *count);

/* What partners usually ask for (licenses, users, reading the directory), for scripts: active at
 * once, and given to every group of the partner's tenant.  FAULT_CONFLICT when it was before. */
MUST_USE fault *delegation_usual(struct tx *tx, str partner, str customer, str customer_name);

/* A group of the partner's tenant gets roles of it; *assignment is the id. */
MUST_USE fault *delegation_give(struct tx *tx, const struct delegation *one, str container,
				str roles, str *assignment, str *refused);

/* Whether a partner's user has one of the roles (template ids, separated by spaces) at a customer,
 * by a group they are in. */
MUST_USE fault *delegation_grants(struct tx *tx, str customer, str user, str roles, bool *grants);

/* Whether a partner's user has any role at a customer. */
MUST_USE fault *delegation_reaches(struct tx *tx, str customer, str user, bool *reaches);

/* Statuses that move on by themselves. */
MUST_USE fault *delegation_pass(struct tx *tx);
