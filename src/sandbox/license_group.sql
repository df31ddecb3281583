-- license_group_rows: many
-- A page of a tenant's groups.
-- in   tenant str, after int64, most int64
-- out  id str, tenant str, position int64, display_name str, source str, after int64, errors bool
SELECT g.id, g.tenant_id, g.position, g.display_name, g.source,
       coalesce((SELECT p.after FROM group_processing p WHERE p.group_id = g.id), -1),
       EXISTS (SELECT 1 FROM license_hold h WHERE h.group_id = g.id AND h.error IS NOT NULL)
FROM tenant_group g
WHERE g.tenant_id = $tenant AND g.position > $after
ORDER BY g.position LIMIT $most;

-- license_group_by_id: one
-- in   group str
-- out  as license_group_rows
SELECT g.id, g.tenant_id, g.position, g.display_name, g.source,
       coalesce((SELECT p.after FROM group_processing p WHERE p.group_id = g.id), -1),
       EXISTS (SELECT 1 FROM license_hold h WHERE h.group_id = g.id AND h.error IS NOT NULL)
FROM tenant_group g WHERE g.id = $group;

-- license_group_of_user: many
-- in   user str
-- out  group str
SELECT group_id FROM group_member WHERE user_id = $user ORDER BY group_id;

-- license_group_members_after: many
-- in   group str, after int64, most int64
-- out  user str, position int64
SELECT user_id, position FROM group_member WHERE group_id = $group AND position > $after
ORDER BY position LIMIT $most;

-- license_group_owner_rows: many
-- in   group str
-- out  user str
SELECT user_id FROM group_owner WHERE group_id = $group ORDER BY position;

-- license_group_sku_rows: many
-- in   group str
-- out  sku str, disabled_plans str
SELECT sku_id, disabled_plans FROM group_license WHERE group_id = $group ORDER BY sku_id;

-- license_group_put_sku: none
-- in   group str, sku str, disabled_plans str
INSERT INTO group_license (group_id, sku_id, disabled_plans)
VALUES ($group, $sku, $disabled_plans)
ON CONFLICT (group_id, sku_id) DO UPDATE SET disabled_plans = excluded.disabled_plans;

-- license_group_drop_sku: none
-- in   group str, sku str
DELETE FROM group_license WHERE group_id = $group AND sku_id = $sku;

-- license_group_put_member: none
-- Whoever is no user of the tenant is left out.
-- in   group str, user str
INSERT INTO group_member (group_id, user_id, position)
SELECT g.id, u.id, u.position FROM tenant_group g
JOIN tenant_user u ON u.tenant_id = g.tenant_id
WHERE g.id = $group AND u.id = $user
ON CONFLICT (group_id, user_id) DO NOTHING;

-- license_group_put_owner: none
-- in   group str, user str, position int64
INSERT INTO group_owner (group_id, user_id, position)
SELECT g.id, u.id, $position FROM tenant_group g
JOIN tenant_user u ON u.tenant_id = g.tenant_id
WHERE g.id = $group AND u.id = $user
ON CONFLICT (group_id, user_id) DO NOTHING;

-- license_group_members_by_holds: none
-- Whoever has a license by a group is in it.
-- in   tenant str
INSERT INTO group_member (group_id, user_id, position)
SELECT h.group_id, h.user_id, u.position
FROM tenant_group g
JOIN license_hold h ON h.group_id = g.id
JOIN tenant_user u ON u.id = h.user_id
WHERE g.tenant_id = $tenant
GROUP BY h.group_id, h.user_id, u.position
ON CONFLICT (group_id, user_id) DO NOTHING;

-- license_group_skus_by_holds: none
-- And what they have by it, it gives, unless the file says what it gives.
-- in   tenant str
INSERT INTO group_license (group_id, sku_id, disabled_plans)
SELECT h.group_id, h.sku_id, min(h.disabled_plans)
FROM tenant_group g
JOIN license_hold h ON h.group_id = g.id
WHERE g.tenant_id = $tenant AND NOT EXISTS (SELECT 1 FROM group_license l WHERE l.group_id = g.id)
GROUP BY h.group_id, h.sku_id
ON CONFLICT (group_id, sku_id) DO NOTHING;

-- license_group_queue: none
-- in   group str, due instant
INSERT INTO group_processing (group_id, due_at, after) VALUES ($group, $due, 0)
ON CONFLICT (group_id) DO UPDATE SET due_at = excluded.due_at, after = 0;

-- license_group_due: many
-- in   now instant
-- out  group str, after int64
SELECT group_id, after FROM group_processing WHERE due_at <= $now ORDER BY due_at;

-- license_group_go_on: none
-- in   group str, after int64
UPDATE group_processing SET after = $after WHERE group_id = $group;

-- license_group_through: none
-- in   group str
DELETE FROM group_processing WHERE group_id = $group;

-- license_group_take_back: none
-- in   user str, sku str, group str
DELETE FROM license_hold WHERE user_id = $user AND sku_id = $sku AND group_id = $group;
