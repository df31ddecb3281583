#include "sandbox/delegation.h"

#include <jansson.h>

#include "delegation_sql.h"
#include "sandbox/identity_json.h"
#include "sandbox/license_group.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/tenant_state.h"

#define STEP		     SECONDS(2) /* from one status to the next */
#define EXTENSION	     DAYS(180)
#define MOST_NAME	     50
#define MOST_DAYS	     730
#define MOST_ROLES	     30
#define GLOBAL_ADMINISTRATOR "62e90394-69f5-4237-9190-012177145e10"

/* License Administrator, User Administrator, Directory Readers (§2.9). */
#define USUAL_ROLES                                                         \
	"[{\"roleDefinitionId\":\"4d6ac14f-3453-41d0-bef9-a3e0c569773a\"}," \
	"{\"roleDefinitionId\":\"fe930be7-5e62-47db-91af-98c3a49a38b1\"},"  \
	"{\"roleDefinitionId\":\"88d8e3e3-8f55-4a1e-953a-9b9898b8876b\"}]"

static struct delegation delegation_of(const struct delegation_of_partner *row)
{
	return (struct delegation){
		.id = row->id,
		.partner = row->partner,
		.customer = row->customer,
		.customer_name = row->customer_name,
		.name = row->name,
		.duration = row->duration,
		.auto_extend = row->auto_extend,
		.roles = row->roles,
		.status = row->status,
		.created = row->created,
		.changed = row->changed,
		.activated = row->activated,
		.ends = row->ends,
		.revision = row->revision,
	};
}

fault *delegation_all(struct tx *tx, str partner, struct delegations *all)
{
	struct delegation_of_partner_list rows;

	TRY(delegation_of_partner(tx, partner, &rows));
	all->at = NEW_ARRAY(tx_arena(tx), struct delegation, rows.len);
	all->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		all->at[i] = delegation_of(&rows.at[i]);
	return NULL;
}

fault *delegation_find(struct tx *tx, str partner, str which, struct delegation *one, bool *found)
{
	struct delegation_of_partner row;

	TRY(delegation_by_id(tx, str_lower(tx_arena(tx), which), &row, found));
	*found = *found && str_eq(row.partner, partner);
	if (*found)
		*one = delegation_of(&row);
	return NULL;
}

/* "P90D", "P2Y", "P6M" in days; 0 when it is none of these. */
static int64_t days_of(str duration)
{
	int64_t number;

	if (duration.len < 3 || duration.len > 6 || !str_starts(duration, S("P")) ||
	    !str_to_int64(str_part(duration, 1, duration.len - 2), &number) || number < 1)
		return 0;
	switch (duration.at[duration.len - 1]) {
	case 'D': return number;
	case 'M': return number * 30;
	case 'Y': return number * 365;
	default: return 0;
	}
}

static bool has_role(const json_t *roles, str role)
{
	for (size_t i = 0; i < json_array_size(roles); i++) {
		const json_t *one = json_object_get(json_array_get(roles, i), "roleDefinitionId");
		if (str_eq_nocase(str_of(json_string_value(one)), role))
			return true;
	}
	return false;
}

static const char *roles_wrong(const json_t *roles)
{
	if (!json_is_array(roles) || json_array_size(roles) == 0 ||
	    json_array_size(roles) > MOST_ROLES)
		return "accessDetails.unifiedRoles is missing, empty or too long.";
	for (size_t i = 0; i < json_array_size(roles); i++) {
		const json_t *one = json_object_get(json_array_get(roles, i), "roleDefinitionId");
		if (!str_is_guid(str_of(json_string_value(one))))
			return "A roleDefinitionId is not a GUID.";
	}
	return NULL;
}

static const char *text_wrong(const struct delegation *one)
{
	DEFER(identity_json_end) json_t *roles = json_loadb(one->roles.at, one->roles.len, 0, NULL);
	bool extends = str_eq(one->auto_extend, S("P180D"));
	int64_t days = days_of(one->duration);

	if (one->name.len == 0 || one->name.len > MOST_NAME)
		return "displayName is missing or longer than 50 characters.";
	if (days == 0 || days > MOST_DAYS)
		return "duration is not from P1D to P2Y.";
	if (!extends && !str_eq(one->auto_extend, S("PT0S")))
		return "autoExtendDuration is neither P180D nor PT0S.";
	if (extends && has_role(roles, S(GLOBAL_ADMINISTRATOR)))
		return "A relationship with Global Administrator cannot be extended by itself.";
	return roles_wrong(roles);
}

static fault *wrong_with(struct tx *tx, const struct delegation *one, str *refused)
{
	struct delegations all;
	struct tenant_state customer;
	bool found = true;

	*refused = str_of(text_wrong(one));
	if (!str_is_none(*refused))
		return NULL;
	if (!str_is_none(one->customer))
		TRY(tenant_state_find(tx, one->customer, &customer, &found));
	if (!found || (!str_is_none(one->customer) && customer.partner))
		*refused = S("customer.tenantId is no customer's tenant.");
	TRY(delegation_all(tx, one->partner, &all));
	for (size_t i = 0; i < all.len; i++)
		if (str_eq_nocase(all.at[i].name, one->name) && !str_eq(all.at[i].id, one->id))
			*refused = S("Another relationship has this displayName.");
	return NULL;
}

fault *delegation_write(struct tx *tx, struct delegation *one, str *refused)
{
	bool is_new = str_is_none(one->id);
	int64_t changed;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(wrong_with(tx, one, refused));
	if (!is_new && !str_eq(one->status, S("created")))
		*refused = S("The relationship was sent for approval already.");
	if (!str_is_none(*refused))
		return NULL;
	if (is_new) {
		one->id = sandbox_guid(tx_world(tx), tx_arena(tx));
		return delegation_insert(tx,
					 &(struct delegation_insert_in){
						 .id = one->id,
						 .partner = one->partner,
						 .customer = one->customer,
						 .name = one->name,
						 .duration = one->duration,
						 .auto_extend = one->auto_extend,
						 .roles = one->roles,
						 .now = now,
					 },
					 &changed);
	}
	return delegation_rewrite(tx, &(struct delegation_rewrite_in){
					      .id = one->id,
					      .name = one->name,
					      .duration = one->duration,
					      .auto_extend = one->auto_extend,
					      .roles = one->roles,
					      .customer = one->customer,
					      .now = now,
				      });
}

fault *delegation_delete(struct tx *tx, const struct delegation *one, str *refused)
{
	*refused = STR_NONE;
	if (str_eq(one->status, S("created")))
		return delegation_drop(tx, one->id);
	*refused = S("Only a relationship that was not sent for approval can be deleted.");
	return NULL;
}

/* `after`: when the next status comes by itself; 0: it stays. */
static fault *turn(struct tx *tx, const struct delegation *one, const char *status, int64_t after)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	bool ends = str_eq(str_of(status), S("active"));
	return delegation_turn(tx, &(struct delegation_turn_in){
					   .id = one->id,
					   .status = str_of(status),
					   .customer = one->customer,
					   .activated = one->activated,
					   .ends = one->ends,
					   .due = ends	      ? one->ends
						  : after > 0 ? instant_after(now, after)
							      : INSTANT_NONE,
					   .now = now,
				   });
}

fault *delegation_act(struct tx *tx, const struct delegation *one, str action, str *request,
		      str *refused)
{
	bool lock = str_eq(action, S("lockForApproval")), end = str_eq(action, S("terminate"));
	str from = lock ? S("created") : S("active");
	instant now;

	*refused = STR_NONE;
	if (!lock && !end)
		*refused = S("action is neither lockForApproval nor terminate.");
	else if (!str_eq(one->status, from))
		*refused = str_format(tx_arena(tx),
				      "The relationship is not in the status \"%.*s\".", STR(from));
	if (!str_is_none(*refused))
		return NULL;
	TRY(sandbox_clock_now(tx, &now));
	*request = sandbox_guid(tx_world(tx), tx_arena(tx));
	TRY(delegation_ask(tx, *request, one->id, action, now));
	return lock ? turn(tx, one, "approvalPending", 0)
		    : turn(tx, one, "terminationRequested", STEP);
}

fault *delegation_for_customer(struct tx *tx, str customer, struct delegations *all)
{
	struct delegation_of_partner_list rows;

	TRY(delegation_shown(tx, customer, &rows));
	all->at = NEW_ARRAY(tx_arena(tx), struct delegation, rows.len + 1);
	all->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		all->at[i] = delegation_of(&rows.at[i]);
	return NULL;
}

fault *delegation_accept(struct tx *tx, str customer, str which, bool *was)
{
	struct delegation_of_partner_list rows;

	*was = false;
	TRY(delegation_waiting(tx, customer, &rows));
	for (size_t i = 0; i < rows.len && !*was; i++) {
		struct delegation one = delegation_of(&rows.at[i]);
		if (!str_eq_nocase(one.id, which))
			continue;
		one.customer = customer;
		*was = true;
		TRY(turn(tx, &one, "approved", STEP));
	}
	return NULL;
}

fault *delegation_approve(struct tx *tx, str customer, int64_t *count)
{
	struct delegation_of_partner_list rows;

	TRY(delegation_waiting(tx, customer, &rows));
	*count = (int64_t)rows.len;
	for (size_t i = 0; i < rows.len; i++) {
		struct delegation one = delegation_of(&rows.at[i]);
		one.customer = customer;
		TRY(turn(tx, &one, "approved", STEP));
	}
	return NULL;
}

fault *delegation_give(struct tx *tx, const struct delegation *one, str container, str roles,
		       str *assignment, str *refused)
{
	DEFER(identity_json_end) json_t *asked = json_loadb(roles.at, roles.len, 0, NULL);
	DEFER(identity_json_end) json_t *whole = json_loadb(one->roles.at, one->roles.len, 0, NULL);
	struct license_group group;
	bool found;
	instant now;

	*refused = str_of(roles_wrong(asked));
	TRY(license_group_find(tx, one->partner, container, &group, &found));
	if (str_is_none(*refused) && !found)
		*refused = S("accessContainerId is no group of the partner's tenant.");
	if (str_is_none(*refused) && !str_eq(one->status, S("active")))
		*refused = S("The relationship is not active.");
	for (size_t i = 0; i < json_array_size(asked) && str_is_none(*refused); i++) {
		const json_t *role = json_object_get(json_array_get(asked, i), "roleDefinitionId");
		if (!has_role(whole, str_of(json_string_value(role))))
			*refused = S("A role is not part of the relationship.");
	}
	if (!str_is_none(*refused))
		return NULL;
	TRY(sandbox_clock_now(tx, &now));
	*assignment = sandbox_guid(tx_world(tx), tx_arena(tx));
	return delegation_assign(tx, &(struct delegation_assign_in){
					     .id = *assignment,
					     .delegation = one->id,
					     .container = container,
					     .roles = roles,
					     .now = now,
				     });
}

fault *delegation_usual(struct tx *tx, str partner, str customer, str customer_name)
{
	str name = str_format(tx_arena(tx), "Usual roles at %.*s", STR(customer_name));
	struct delegation one = { .partner = partner,
				  .customer = customer,
				  .name = str_cut(name, MOST_NAME),
				  .duration = S("P730D"),
				  .auto_extend = S("PT0S"),
				  .roles = S(USUAL_ROLES) };
	struct license_groups groups;
	str refused, assignment;

	TRY(delegation_write(tx, &one, &refused));
	if (!str_is_none(refused))
		return fault_new(FAULT_CONFLICT, "%.*s", STR(refused));
	TRY(sandbox_clock_now(tx, &one.activated));
	one.ends = instant_after(one.activated, DAYS(days_of(one.duration)));
	one.status = S("active");
	TRY(turn(tx, &one, "active", 0));
	TRY(license_group_all(tx, partner, 0, 100, &groups));
	for (size_t i = 0; i < groups.len; i++)
		TRY(delegation_give(tx, &one, groups.at[i].id, one.roles, &assignment, &refused));
	return NULL;
}

fault *delegation_grants(struct tx *tx, str customer, str user, str roles, bool *grants)
{
	struct delegation_granted_list rows;

	*grants = false;
	TRY(delegation_granted(tx, customer, user, &rows));
	for (size_t i = 0; i < rows.len && !*grants; i++) {
		DEFER(identity_json_end)
		json_t *given = json_loadb(rows.at[i].roles.at, rows.at[i].roles.len, 0, NULL);
		str rest = roles, role;
		while (str_next(&rest, ' ', &role))
			*grants = *grants || has_role(given, role);
	}
	return NULL;
}

fault *delegation_reaches(struct tx *tx, str customer, str user, bool *reaches)
{
	struct delegation_granted_list rows;

	TRY(delegation_granted(tx, customer, user, &rows));
	*reaches = rows.len > 0;
	return NULL;
}

static fault *pass_one(struct tx *tx, struct delegation *one, instant now)
{
	if (str_eq(one->status, S("approved")))
		return turn(tx, one, "activating", STEP);
	if (str_eq(one->status, S("activating"))) {
		one->activated = now;
		one->ends = instant_after(now, DAYS(days_of(one->duration)));
		return turn(tx, one, "active", 0);
	}
	if (str_eq(one->status, S("terminationRequested")))
		return turn(tx, one, "terminated", 0);
	if (!str_eq(one->auto_extend, S("P180D")))
		return turn(tx, one, "expired", 0);
	one->ends = instant_after(one->ends, EXTENSION);
	return turn(tx, one, "active", 0);
}

fault *delegation_pass(struct tx *tx)
{
	struct delegation_of_partner_list rows;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(delegation_due_rows(tx, now, &rows));
	for (size_t i = 0; i < rows.len; i++) {
		struct delegation one = delegation_of(&rows.at[i]);
		TRY(pass_one(tx, &one, now));
	}
	return NULL;
}
