#include "admin/desk.h"

#include "people/audit.h"

fault *desk_check(const struct asker *by)
{
	if (by->role == ROLE_OPERATOR)
		return NULL;
	return fault_new(FAULT_DENIED, "Only an operator may see and do this.");
}

fault *desk_keep(struct tx *tx, const struct asker *by, const char *did, str about, str why)
{
	return audit_keep(tx, &(struct audit_entry){ .who = by->account,
						     .did = did,
						     .about = about,
						     .from = by->from,
						     .why = why });
}
