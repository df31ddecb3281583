-- tenant_file_next_position: one
-- out  position int64
-- scan  a handful of tenants
SELECT coalesce(max(position), 0) + 1 FROM tenant;

-- tenant_file_add: none
-- in   id str, position int64, name str, domain str, initial_domain str, country str?, type str,
--      account_type str, partner bool, organization str
INSERT INTO tenant (id, position, name, domain, initial_domain, country, tenant_type, account_type,
                    partner, organization)
VALUES ($id, $position, $name, $domain, $initial_domain, $country, $type, $account_type, $partner,
        $organization);

-- tenant_file_set_administrator: none
-- in   id str, user str
UPDATE tenant SET administrator = $user WHERE id = $id;

-- tenant_file_add_domain: none
-- in   name str, tenant str, position int64, source str
INSERT INTO tenant_domain (name, tenant_id, position, source)
VALUES ($name, $tenant, $position, $source) ON CONFLICT (name) DO NOTHING;

-- tenant_file_add_group: none
-- in   id str, tenant str, position int64, display_name str, source str
INSERT INTO tenant_group (id, tenant_id, position, display_name, source)
VALUES ($id, $tenant, $position, $display_name, $source);

-- tenant_file_group_tenant: one
-- in   group str
-- out  tenant str
SELECT tenant_id FROM tenant_group WHERE id = $group;

-- tenant_file_add_user: none
-- in   id str, tenant str, position int64, upn str, principal_name str, display_name str,
--      usage_location str?, enabled bool, password str, source str
INSERT INTO tenant_user (id, tenant_id, position, upn, principal_name, display_name, usage_location,
                         enabled, password, source)
VALUES ($id, $tenant, $position, $upn, $principal_name, $display_name, $usage_location, $enabled,
        $password, $source);

-- tenant_file_buyer: one
-- The person who bought: the owner of the earliest direct subscription that names one of its users.
-- in   tenant str
-- out  user str
SELECT u.id FROM directory_subscription d
JOIN tenant_user u ON u.id = d.owner_id AND u.tenant_id = d.tenant_id
WHERE d.tenant_id = $tenant ORDER BY d.position LIMIT 1;

-- tenant_file_subscription: one
-- in   id str
-- out  tenant str
SELECT tenant_id FROM directory_subscription WHERE id = $id;
