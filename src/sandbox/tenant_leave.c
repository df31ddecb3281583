#include "sandbox/tenant_leave.h"

#include "sandbox/identity_token.h"
#include "sandbox/license_pool.h"
#include "sandbox/signin.h"
#include "tenant_leave_sql.h"

fault *tenant_leave(struct tx *tx, const struct tenant_state_user *user)
{
	static fault *(*const steps[])(struct tx * tx, str user) = {
		tenant_leave_holds, tenant_leave_groups, tenant_leave_owned,
		tenant_leave_roles, tenant_leave_access, identity_token_revoke_user,
		signin_forget,	    tenant_leave_user,
	};
	struct tenant_state tenant;
	bool found;

	TRY(tenant_state_find(tx, user->tenant, &tenant, &found));
	if (found && str_eq(tenant.administrator, user->id))
		return fault_new(FAULT_CONFLICT, "The administrator of %.*s has to stay.",
				 STR(tenant.name));
	for (size_t i = 0; i < COUNT(steps); i++)
		TRY(steps[i](tx, user->id));
	return license_pool_note(tx, S("user deleted"), user->tenant, STR_NONE);
}
