-- partner_transition_add: none
-- in   id str, subscription str, from_item str, to_item str, to_subscription str?, quantity int64,
--      moves bool, billing str, term str, asked instant, due instant
INSERT INTO partner_transition (id, subscription_id, from_item, to_item, to_subscription, quantity,
                                moves_licenses, billing_cycle, term, asked_at, due_at)
VALUES ($id, $subscription, $from_item, $to_item, $to_subscription, $quantity, $moves, $billing,
        $term, $asked, $due);

-- partner_transition_rows: many
-- in   subscription str
-- out  id str, subscription str, partner str, customer str, from_item str, to_item str,
--      to_subscription str?, quantity int64, moves bool, billing str, term str, asked instant,
--      due instant, done instant?, converted bool, failed str?
SELECT t.id, t.subscription_id, s.partner_id, s.customer_id, t.from_item, t.to_item,
       t.to_subscription, t.quantity, t.moves_licenses, t.billing_cycle, t.term, t.asked_at,
       t.due_at, t.done_at, t.converted, t.failed
FROM partner_transition t JOIN partner_subscription s ON s.id = t.subscription_id
WHERE t.subscription_id = $subscription ORDER BY t.asked_at;

-- partner_transition_due: many
-- in   now instant
-- out  as partner_transition_rows
SELECT t.id, t.subscription_id, s.partner_id, s.customer_id, t.from_item, t.to_item,
       t.to_subscription, t.quantity, t.moves_licenses, t.billing_cycle, t.term, t.asked_at,
       t.due_at, t.done_at, t.converted, t.failed
FROM partner_transition t JOIN partner_subscription s ON s.id = t.subscription_id
WHERE t.done_at IS NULL AND t.due_at <= $now ORDER BY t.due_at;

-- partner_transition_mark_done: none
-- in   id str, to_subscription str?, at instant, converted bool, failed str?
UPDATE partner_transition
SET to_subscription = $to_subscription, done_at = $at, converted = $converted, failed = $failed
WHERE id = $id;

-- partner_transition_holders: many
-- in   tenant str, sku str
-- out  user str
SELECT user_id FROM license_hold
WHERE tenant_id = $tenant AND sku_id = $sku AND group_id = '' ORDER BY user_id;
