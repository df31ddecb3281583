/* `novate-sandbox act`: what a person does in the pages, for scripts that have no browser. */
#pragma once

#include "sandbox/sandbox_home.h"

#define SANDBOX_ACT_WORDS 4
#define SANDBOX_ACT_MINUS "\u2212" /* taken for "-" before a number */

/* act consent TENANT [APPLICATION]           the administrator lets an application in
 * act withdraw-consent TENANT [APPLICATION]  … takes that back
 * act accept TENANT                          … accepts the partner as reseller and signs
 * act sign TENANT                            … signs the customer agreement alone
 * act remove-partner TENANT                  … ends the relationship
 * act cancel TENANT [SKU]                    … cancels every direct, paid, running subscription
 * act support-cancel TENANT [SKU]            … has Microsoft's support do so, against any rule
 * act reactivate TENANT                      … takes every such cancellation back
 * act renewal TENANT on|off                  … turns recurring billing of them
 * act resize TENANT SKU +N|-N                … buys seats, or gives some back
 * act assign USER SKU, act unassign USER SKU … gives a user a license, or takes it
 * act delete-user USER                       … deletes an account
 * act gdap TENANT                            … approves the delegated admin relationships that
 * wait; where none does, gives the partner the usual roles act advise TENANT … names the partner as
 * adviser (partner of record) act device CODE                            the partner's own user
 * types a device code act billing NAME VALUE                     nobody's deed: how Azure Billing
 * behaves from here on, as billing_setting_put has it
 *
 * An unknown tenant, user, SKU, application or code is FAULT_INPUT, what a rule stands against
 * FAULT_CONFLICT; *said tells what was done. */
MUST_USE fault *sandbox_act(struct tx *tx, const str *words, size_t count, str *said);
