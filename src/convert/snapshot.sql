-- snapshot_by_moment: one
-- in  conversion id, moment str
-- out id id, taken_at instant
SELECT id, taken_at FROM snapshot WHERE conversion = $conversion AND moment = $moment;

-- snapshot_insert: none
-- in  id id, conversion id, moment str, at instant
INSERT INTO snapshot (id, conversion, moment, taken_at) VALUES ($id, $conversion, $moment, $at);

-- snapshot_sku_insert: none
-- in  snapshot id, sku str, part_number str, enabled int64, warning int64, suspended int64,
-- in  locked_out int64, consumed int64
INSERT INTO snapshot_sku (snapshot, sku, part_number, enabled, warning, suspended, locked_out, consumed)
VALUES ($snapshot, $sku, $part_number, $enabled, $warning, $suspended, $locked_out, $consumed);

-- snapshot_subscription_insert: none
-- in  snapshot id, subscription str, sku str, part_number str, status str, units int64, trial bool,
-- in  owner str, reason str, commerce str, created_at instant?, renews_at instant?
INSERT INTO snapshot_subscription (snapshot, subscription, sku, part_number, status, units, trial, owner,
                                   reason, commerce, created_at, renews_at)
VALUES ($snapshot, $subscription, $sku, $part_number, $status, $units, $trial, $owner,
        $reason, $commerce, $created_at, $renews_at);

-- snapshot_hold_insert: none
-- in  snapshot id, person str, sku str, through str, person_name str, disabled str,
-- in  located bool
INSERT INTO snapshot_hold (snapshot, person, sku, through, person_name, disabled, located)
VALUES ($snapshot, $person, $sku, $through, $person_name, $disabled, $located);

-- snapshot_skus: many
-- in  snapshot id
-- out sku str, part_number str, enabled int64, warning int64, suspended int64, locked_out int64, consumed int64
SELECT sku, part_number, enabled, warning, suspended, locked_out, consumed
  FROM snapshot_sku WHERE snapshot = $snapshot ORDER BY part_number, sku;

-- snapshot_subscriptions: many
-- in  snapshot id
-- out subscription str, sku str, part_number str, status str, units int64, trial bool, owner str,
-- out reason str, commerce str, created_at instant?, renews_at instant?
SELECT subscription, sku, part_number, status, units, trial, owner, reason, commerce, created_at, renews_at
  FROM snapshot_subscription WHERE snapshot = $snapshot ORDER BY part_number, subscription;

-- snapshot_owners: many
-- in  conversion id, moment str
-- out subscription str, owner str, reason str
SELECT b.subscription, b.owner, b.reason
  FROM snapshot s JOIN snapshot_subscription b ON b.snapshot = s.id
 WHERE s.conversion = $conversion AND s.moment = $moment
 ORDER BY b.subscription;

-- snapshot_set_owner: none
-- What a person said of it.
-- in  snapshot id, subscription str, owner str, reason str
UPDATE snapshot_subscription SET owner = $owner, reason = $reason
 WHERE snapshot = $snapshot AND subscription = $subscription;

-- snapshot_holds: many
-- in  snapshot id
-- out person str, sku str, through str, person_name str, disabled str, located bool
SELECT person, sku, through, person_name, disabled, located
  FROM snapshot_hold WHERE snapshot = $snapshot ORDER BY person, sku, through;

-- snapshot_forget_skus: none
-- in  snapshot id
DELETE FROM snapshot_sku WHERE snapshot = $snapshot;

-- snapshot_forget_subscriptions: none
-- in  snapshot id
DELETE FROM snapshot_subscription WHERE snapshot = $snapshot;

-- snapshot_forget_holds: none
-- in  snapshot id
DELETE FROM snapshot_hold WHERE snapshot = $snapshot;

-- snapshot_forget: none
-- in  snapshot id
DELETE FROM snapshot WHERE id = $snapshot;
