-- partner_subscription_change_put: none
-- in   subscription str, due instant, status str, quantity int64, auto_renew bool,
--      friendly_name str?, next_term str?
INSERT INTO partner_change (subscription_id, due_at, status, quantity, auto_renew, friendly_name,
                            next_term)
VALUES ($subscription, $due, $status, $quantity, $auto_renew, $friendly_name, $next_term);

-- partner_subscription_change_of: one
-- An operation that is under way: a change, or a transition to another product.
-- in   subscription str
-- out  due instant
SELECT due_at FROM partner_change WHERE subscription_id = $subscription
UNION ALL
SELECT due_at FROM partner_transition WHERE subscription_id = $subscription AND done_at IS NULL
LIMIT 1;

-- partner_subscription_change_due: many
-- in   now instant
-- out  subscription str, partner str, customer str, due instant, status str, quantity int64,
--      auto_renew bool, friendly_name str?, next_term str?
SELECT c.subscription_id, s.partner_id, s.customer_id, c.due_at, c.status, c.quantity,
       c.auto_renew, c.friendly_name, c.next_term
FROM partner_change c JOIN partner_subscription s ON s.id = c.subscription_id
WHERE c.due_at <= $now ORDER BY c.due_at;

-- partner_subscription_change_drop: none
-- in   subscription str
DELETE FROM partner_change WHERE subscription_id = $subscription;
