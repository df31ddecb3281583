-- directory_subscription_rows: many
-- A tenant's subscriptions, those already deleted not among them.
-- in   tenant str
-- out  id str, tenant str, sku str, part_number str, commerce_id str?, status str, units int64,
--      trial bool, recurring bool, created instant, next_lifecycle instant?, owner str?,
--      owner_tenant str?, owner_type str?, cancelled instant?, cancel_reason str?, cancel_note str?,
--      term_ends instant?, cancel_at_end bool, modern bool
SELECT d.id, d.tenant_id, d.sku_id, s.part_number, d.commerce_id, d.status, d.units, d.trial,
       d.recurring, d.created_at, d.next_lifecycle_at, d.owner_id, d.owner_tenant_id, d.owner_type,
       d.cancelled_at, d.cancel_reason, d.cancel_note,
       CASE WHEN d.status = 'Enabled' THEN d.next_lifecycle_at ELSE d.term_ends_at END,
       d.cancel_at_end, t.account_type = 'MicrosoftCustomerAgreement'
FROM directory_subscription d
JOIN tenant_sku s ON s.tenant_id = d.tenant_id AND s.sku_id = d.sku_id
JOIN tenant t ON t.id = d.tenant_id
WHERE d.tenant_id = $tenant AND d.status <> 'Deleted'
ORDER BY d.position, d.id;

-- directory_subscription_rows_ever: many
-- The same with those already deleted: billing remembers them.
-- in   tenant str
-- out  as directory_subscription_rows
SELECT d.id, d.tenant_id, d.sku_id, s.part_number, d.commerce_id, d.status, d.units, d.trial,
       d.recurring, d.created_at, d.next_lifecycle_at, d.owner_id, d.owner_tenant_id, d.owner_type,
       d.cancelled_at, d.cancel_reason, d.cancel_note,
       CASE WHEN d.status = 'Enabled' THEN d.next_lifecycle_at ELSE d.term_ends_at END,
       d.cancel_at_end, t.account_type = 'MicrosoftCustomerAgreement'
FROM directory_subscription d
JOIN tenant_sku s ON s.tenant_id = d.tenant_id AND s.sku_id = d.sku_id
JOIN tenant t ON t.id = d.tenant_id
WHERE d.tenant_id = $tenant
ORDER BY d.position, d.id;

-- directory_subscription_add: none
-- in   id str, tenant str, sku str, position int64, commerce_id str?, status str, units int64,
--      trial bool, created instant, next_lifecycle instant?, owner str?, owner_tenant str?,
--      owner_type str?
INSERT INTO directory_subscription
       (id, tenant_id, sku_id, position, commerce_id, status, units, trial, created_at,
        next_lifecycle_at, owner_id, owner_tenant_id, owner_type)
VALUES ($id, $tenant, $sku, $position, $commerce_id, $status, $units, $trial, $created,
        $next_lifecycle, $owner, $owner_tenant, $owner_type);

-- directory_subscription_next_position: one
-- in   tenant str
-- out  position int64
SELECT coalesce(max(position), 0) + 1 FROM directory_subscription WHERE tenant_id = $tenant;

-- directory_subscription_set_status: none
-- What leaves Enabled keeps when its term ends (or ended): a reactivation goes on with it.
-- in   id str, status str, next_lifecycle instant?
UPDATE directory_subscription
SET status = $status, next_lifecycle_at = $next_lifecycle,
    term_ends_at = CASE WHEN status = 'Enabled' THEN next_lifecycle_at ELSE term_ends_at END
WHERE id = $id;

-- directory_subscription_set_units: none
-- in   id str, units int64
UPDATE directory_subscription SET units = $units WHERE id = $id;

-- directory_subscription_mark_cancelled: none
-- in   id str, at instant?, reason str?, note str?
UPDATE directory_subscription
SET cancelled_at = $at, cancel_reason = $reason, cancel_note = $note, cancel_at_end = FALSE
WHERE id = $id;

-- directory_subscription_mark_recurring: none
-- in   id str, recurring bool
UPDATE directory_subscription SET recurring = $recurring WHERE id = $id;

-- directory_subscription_mark_cancel_at_end: none
-- The reason is said now, the cancellation itself comes with the end of the term.
-- in   id str, cancel_at_end bool, reason str?, note str?
UPDATE directory_subscription
SET cancel_at_end = $cancel_at_end, cancel_reason = $reason, cancel_note = $note
WHERE id = $id;

-- directory_subscription_overdue: many
-- Direct subscriptions whose next stage has come.
-- in   now instant
-- out  id str, tenant str, sku str, status str, recurring bool, cancel_at_end bool,
--      next_lifecycle instant?, cancel_reason str?, cancel_note str?
-- scan  the sandbox holds a few dozen subscriptions
SELECT id, tenant_id, sku_id, status, recurring, cancel_at_end, next_lifecycle_at, cancel_reason,
       cancel_note
FROM directory_subscription
WHERE next_lifecycle_at <= $now AND status <> 'Deleted' AND owner_tenant_id IS NULL
ORDER BY next_lifecycle_at;

-- directory_subscription_sku_add: none
-- A SKU the tenant did not have before; one it had keeps its service plans.
-- in   tenant str, sku str, position int64, part_number str, applies_to str, service_plans str
INSERT INTO tenant_sku (tenant_id, sku_id, position, part_number, applies_to, service_plans)
VALUES ($tenant, $sku, $position, $part_number, $applies_to, $service_plans)
ON CONFLICT (tenant_id, sku_id) DO NOTHING;
