-- cancel_line_of: many
-- By subscription, so that a person finds each at its place again.
-- in   conversion id
-- out  subscription str, commerce str, sku str, title str, units int64, assigned int64,
--      created_at instant?, renews_at instant?, status str, gone_at instant?, cancellable str,
--      cancel_until instant?, renews str, ends_said_at instant?, deed str, deed_at instant?,
--      follow str, refused str
SELECT subscription, commerce, sku, title, units, assigned, created_at, renews_at, status, gone_at,
       cancellable, cancel_until, renews, ends_said_at, deed, deed_at, follow, refused
  FROM cancel_line WHERE conversion = $conversion ORDER BY subscription;

-- cancel_line_put: none
-- As the last look saw it; what a person said about it stays as it is.
-- in   conversion id, subscription str, commerce str, sku str, title str, units int64, assigned int64,
--      created_at instant?, renews_at instant?, status str, gone_at instant?, cancellable str,
--      cancel_until instant?, renews str, deed str, deed_at instant?, follow str, refused str
INSERT INTO cancel_line (conversion, subscription, commerce, sku, title, units, assigned, created_at,
                         renews_at, status, gone_at, cancellable, cancel_until, renews, deed, deed_at,
                         follow, refused)
VALUES ($conversion, $subscription, $commerce, $sku, $title, $units, $assigned, $created_at,
        $renews_at, $status, $gone_at, $cancellable, $cancel_until, $renews, $deed, $deed_at,
        $follow, $refused)
ON CONFLICT (conversion, subscription) DO UPDATE SET
       units = excluded.units, assigned = excluded.assigned, renews_at = excluded.renews_at,
       status = excluded.status, gone_at = excluded.gone_at, cancellable = excluded.cancellable,
       cancel_until = excluded.cancel_until, renews = excluded.renews, deed = excluded.deed,
       deed_at = excluded.deed_at, follow = excluded.follow, refused = excluded.refused;

-- cancel_line_set_ends: changed
-- The administrator says that it does not renew, or that this was a mistake.
-- in   conversion id, subscription str, at instant?
UPDATE cancel_line SET ends_said_at = $at
 WHERE conversion = $conversion AND subscription = $subscription AND gone_at IS NULL;

-- cancel_line_show: none
-- Whoever looks at the conversion's pages hears of it.
-- in   conversion id
UPDATE conversion SET version = version + 1 WHERE id = $conversion;

-- cancel_line_forget: none
-- The line of this SKU is no longer replaced, so nothing of it is to be ended.
-- in   conversion id, sku str
DELETE FROM cancel_line WHERE conversion = $conversion AND sku = $sku;
