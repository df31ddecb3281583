-- tenant_leave_holds: none
-- in   user str
DELETE FROM license_hold WHERE user_id = $user;

-- tenant_leave_groups: none
-- in   user str
DELETE FROM group_member WHERE user_id = $user;

-- tenant_leave_owned: none
-- in   user str
-- scan  groups are few
DELETE FROM group_owner WHERE user_id = $user;

-- tenant_leave_roles: none
-- in   user str
DELETE FROM user_role WHERE user_id = $user;

-- tenant_leave_access: none
-- in   user str
DELETE FROM user_access WHERE user_id = $user;

-- tenant_leave_user: none
-- in   user str
DELETE FROM tenant_user WHERE id = $user;
