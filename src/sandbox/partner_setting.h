/* How Partner Center's face behaves, beside what it was told to do wrong: delays and duties that
 * the real one has and a quick test does not want.  All of it is off at first. */
#pragma once

#include "store/store.h"

struct partner_setting {
	int64_t provisioning_refresh; /* microseconds between two looks at provisioning; 0: none */
	int64_t lists_late;	      /* until what is new shows in lists; 0: at once */
	int64_t changes_take;	      /* until a PATCH has happened (202); 0: at once (200) */
	int64_t webhook_lag;	      /* until an event is told */
	bool webhook_bad_signature;   /* of another body */
	bool webhook_wrong_host;      /* the certificate's address is not ours */
	bool require_mfa;	      /* App+User without an MFA claim is refused (900421) */
	bool require_gdap;   /* users need a delegated role at the customer (delegation.h) */
	bool no_user_rights; /* the partner's user is in no group with GDAP roles (900308) */
	bool small_account;  /* an integration sandbox: 75 customers, 5 subscriptions, 25 seats */
};
MUST_USE fault *partner_setting_read(struct tx *tx, struct partner_setting *setting);

/* By its name at the terminal: "lists-late" and "15m", "require-mfa" and "on".  FAULT_INPUT, with
 * code "usage", for a name or a value that is none. */
MUST_USE fault *partner_setting_put(struct tx *tx, str name, str value);
MUST_USE fault *partner_setting_end_all(struct tx *tx); /* all of it off again */
/* A line for each: "lists-late 900s", "require-mfa off". */
str partner_setting_said(struct arena *keep, const struct partner_setting *setting);
