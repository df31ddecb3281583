-- tenant_state_by_name: one
-- The tenant with this id or this verified domain.
-- in   name str
-- out  id str, name str, domain str, initial_domain str, country str?, type str, account_type str,
--      administrator str?, partner bool, agreement_signed instant?, organization str
SELECT id, name, domain, initial_domain, country, tenant_type, account_type, administrator, partner,
       agreement_signed_at, organization
FROM tenant
WHERE id = $name OR id = (SELECT tenant_id FROM tenant_domain WHERE tenant_domain.name = $name);

-- tenant_state_every: many
-- out  as tenant_state_by_name
-- scan  the sandbox has a handful of tenants and lists them all
SELECT id, name, domain, initial_domain, country, tenant_type, account_type, administrator, partner,
       agreement_signed_at, organization
FROM tenant ORDER BY position;

-- tenant_state_user_by_name: one
-- in   name str
-- out  id str, tenant str, principal_name str, display_name str, usage_location str?, enabled bool,
--      mfa bool, password str, source str, position int64
SELECT id, tenant_id, principal_name, display_name, usage_location, enabled, mfa, password, source,
       position
FROM tenant_user WHERE id = $name OR upn = $name;

-- tenant_state_password: none
-- in   user str, password str
UPDATE tenant_user SET password = $password WHERE id = $user;

-- tenant_state_mfa: none
-- in   user str, mfa bool
UPDATE tenant_user SET mfa = $mfa WHERE id = $user;

-- tenant_state_role: one
-- in   user str, role str
-- out  role str
SELECT role FROM user_role WHERE user_id = $user AND role = $role;

-- tenant_state_role_add: none
-- in   user str, role str
INSERT INTO user_role (user_id, role) VALUES ($user, $role) ON CONFLICT (user_id, role) DO NOTHING;

-- tenant_state_roles: many
-- in   user str
-- out  role str
SELECT role FROM user_role WHERE user_id = $user ORDER BY role;

-- tenant_state_domains: many
-- in   tenant str
-- out  name str, source str
SELECT name, source FROM tenant_domain WHERE tenant_id = $tenant ORDER BY position;

-- tenant_state_users_after: many
-- in   tenant str, after int64, most int64
-- out  as tenant_state_user_by_name
SELECT id, tenant_id, principal_name, display_name, usage_location, enabled, mfa, password, source,
       position
FROM tenant_user WHERE tenant_id = $tenant AND position > $after
ORDER BY position LIMIT $most;

-- tenant_state_users_like: many
-- Whose display name or user name has this in it; `like` is lower case.
-- in   tenant str, like str, most int64
-- out  as tenant_state_user_by_name
SELECT id, tenant_id, principal_name, display_name, usage_location, enabled, mfa, password, source,
       position
FROM tenant_user
WHERE tenant_id = $tenant
  AND (upn LIKE $like ESCAPE '!' OR lower(display_name) LIKE $like ESCAPE '!')
ORDER BY position LIMIT $most;

-- tenant_state_user_count: one
-- in   tenant str
-- out  users int64
SELECT count(*) FROM tenant_user WHERE tenant_id = $tenant;

-- tenant_state_usage_location: none
-- in   user str, location str?
UPDATE tenant_user SET usage_location = $location WHERE id = $user;
