#include "sandbox/identity_access.h"

#include "identity_access_sql.h"

static const char *const words[] = { [IDENTITY_ACCESS_ALLOW] = "allow",
				     [IDENTITY_ACCESS_ENROLL] = "enroll",
				     [IDENTITY_ACCESS_BLOCK] = "block" };

bool identity_access_from(str word, enum identity_access *rule)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!str_eq(word, str_of(words[i])))
			continue;
		*rule = (enum identity_access)i;
		return true;
	}
	return false;
}

fault *identity_access_of(struct tx *tx, str user, enum identity_access *rule)
{
	struct identity_access_get row;
	bool found;

	*rule = IDENTITY_ACCESS_ALLOW;
	TRY(identity_access_get(tx, user, &row, &found));
	if (found && !identity_access_from(row.rule, rule))
		return fault_new(FAULT_BUG, "The state file has the access rule \"%.*s\".",
				 STR(row.rule));
	return NULL;
}

fault *identity_access_set(struct tx *tx, str user, enum identity_access rule)
{
	return identity_access_put(tx, user, str_of(words[rule]));
}
