-- license_pool_rows: many
-- The counts Graph shows: units by the status of their subscription, and distinct holders.
-- in   tenant str
-- out  sku str, part_number str, applies_to str, service_plans str, enabled int64, warning int64,
--      suspended int64, locked_out int64, consumed int64
SELECT s.sku_id, s.part_number, s.applies_to, s.service_plans,
       coalesce(sum(CASE WHEN d.status = 'Enabled' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'Warning' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'Suspended' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'LockedOut' THEN d.units END), 0),
       (SELECT count(DISTINCT h.user_id) FROM license_hold h
        WHERE h.tenant_id = s.tenant_id AND h.sku_id = s.sku_id AND h.state <> 'Error')
FROM tenant_sku s
JOIN directory_subscription d
  ON d.tenant_id = s.tenant_id AND d.sku_id = s.sku_id AND d.status <> 'Deleted'
WHERE s.tenant_id = $tenant
GROUP BY s.tenant_id, s.sku_id, s.part_number, s.applies_to, s.service_plans, s.position
ORDER BY s.position, s.sku_id;

-- license_pool_row: one
-- in   tenant str, sku str
-- out  as license_pool_rows
SELECT s.sku_id, s.part_number, s.applies_to, s.service_plans,
       coalesce(sum(CASE WHEN d.status = 'Enabled' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'Warning' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'Suspended' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'LockedOut' THEN d.units END), 0),
       (SELECT count(DISTINCT h.user_id) FROM license_hold h
        WHERE h.tenant_id = s.tenant_id AND h.sku_id = s.sku_id AND h.state <> 'Error')
FROM tenant_sku s
JOIN directory_subscription d
  ON d.tenant_id = s.tenant_id AND d.sku_id = s.sku_id AND d.status <> 'Deleted'
WHERE s.tenant_id = $tenant AND s.sku_id = $sku
GROUP BY s.tenant_id, s.sku_id, s.part_number, s.applies_to, s.service_plans, s.position
ORDER BY s.position, s.sku_id;

-- license_pool_uncounted: many
-- in   tenant str
-- out  as license_pool_rows
SELECT s.sku_id, s.part_number, s.applies_to, s.service_plans,
       coalesce(sum(CASE WHEN d.status = 'Enabled' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'Warning' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'Suspended' THEN d.units END), 0),
       coalesce(sum(CASE WHEN d.status = 'LockedOut' THEN d.units END), 0),
       0
FROM tenant_sku s
JOIN directory_subscription d
  ON d.tenant_id = s.tenant_id AND d.sku_id = s.sku_id AND d.status <> 'Deleted'
WHERE s.tenant_id = $tenant
GROUP BY s.tenant_id, s.sku_id, s.part_number, s.applies_to, s.service_plans, s.position
ORDER BY s.position, s.sku_id;

-- license_pool_consumed: one
-- in   tenant str, sku str
-- out  users int64
SELECT count(DISTINCT user_id) FROM license_hold
WHERE tenant_id = $tenant AND sku_id = $sku AND state <> 'Error';

-- license_pool_journal: none
-- in   id id, at instant, real instant, what str, tenant str, sku str, enabled int64, warning int64,
--      suspended int64, locked_out int64, consumed int64, spare int64, lost_user str?
INSERT INTO journal (id, at, real_at, what, tenant_id, sku_id, enabled, warning, suspended,
                     locked_out, consumed, spare, lost_user)
VALUES ($id, $at, $real, $what, $tenant, $sku, $enabled, $warning, $suspended, $locked_out,
        $consumed, $spare, $lost_user);

-- license_pool_history: many
-- Everything that ever happened to the pools, oldest first.
-- in   tenant str
-- out  at instant, real instant, what str, tenant str, sku str, enabled int64, warning int64,
--      suspended int64, locked_out int64, consumed int64, spare int64, lost_user str?
-- scan  the whole journal is printed by a command
SELECT at, real_at, what, tenant_id, sku_id, enabled, warning, suspended, locked_out, consumed,
       spare, lost_user
FROM journal WHERE $tenant = '' OR tenant_id = $tenant ORDER BY id;
