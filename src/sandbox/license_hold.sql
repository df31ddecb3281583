-- license_hold_rows: many
-- in   user str
-- out  sku str, group_id str, disabled_plans str, state str, error str?, updated instant
SELECT sku_id, group_id, disabled_plans, state, error, updated_at
FROM license_hold WHERE user_id = $user ORDER BY position, sku_id, group_id;

-- license_hold_add: none
-- in   user str, sku str, group_id str, tenant str, disabled_plans str, state str, error str?,
--      updated instant
INSERT INTO license_hold (user_id, sku_id, group_id, tenant_id, position, disabled_plans, state,
                          error, updated_at)
VALUES ($user, $sku, $group_id, $tenant,
        (SELECT coalesce(max(position), 0) + 1 FROM license_hold WHERE user_id = $user),
        $disabled_plans, $state, $error, $updated)
ON CONFLICT (user_id, sku_id, group_id) DO UPDATE
SET disabled_plans = excluded.disabled_plans, state = excluded.state, error = excluded.error,
    updated_at = excluded.updated_at;

-- license_hold_remove: none
-- in   user str, sku str
DELETE FROM license_hold WHERE user_id = $user AND sku_id = $sku AND group_id = '';
