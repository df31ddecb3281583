-- partner_subscription_by_customer: many
-- in   partner str, customer str
-- out  id str, order_id str, partner str, customer str, position int64, catalog_item str, title str,
--      sku str, friendly_name str?, mpn str?, quantity int64, status str, trial bool,
--      auto_renew bool, billing str, term str, created instant, ready instant, started instant?,
--      ends instant?, cancel_until instant?, revision int64, directory str?, given_sku str?,
--      units_off int64, failed bool, next_term str?, settled instant?
SELECT id, order_id, partner_id, customer_id, position, catalog_item, title, sku_id, friendly_name,
       mpn_id, quantity, status, trial, auto_renew, billing_cycle, term, created_at, ready_at,
       started_at, ends_at, cancel_until, revision, directory_id, given_sku, units_off, failed,
       next_term, settled_at
FROM partner_subscription
WHERE customer_id = $customer AND partner_id = $partner ORDER BY created_at, order_id, position;

-- partner_subscription_by_order: many
-- in   order str
-- out  as partner_subscription_by_customer
SELECT id, order_id, partner_id, customer_id, position, catalog_item, title, sku_id, friendly_name,
       mpn_id, quantity, status, trial, auto_renew, billing_cycle, term, created_at, ready_at,
       started_at, ends_at, cancel_until, revision, directory_id, given_sku, units_off, failed,
       next_term, settled_at
FROM partner_subscription WHERE order_id = $order ORDER BY position;

-- partner_subscription_due: many
-- Pending ones whose provisioning is through.
-- in   now instant
-- out  as partner_subscription_by_customer
SELECT id, order_id, partner_id, customer_id, position, catalog_item, title, sku_id, friendly_name,
       mpn_id, quantity, status, trial, auto_renew, billing_cycle, term, created_at, ready_at,
       started_at, ends_at, cancel_until, revision, directory_id, given_sku, units_off, failed,
       next_term, settled_at
FROM partner_subscription WHERE status = 'pending' AND ready_at <= $now ORDER BY ready_at;

-- partner_subscription_ended: many
-- What renews itself waits for the midnight behind the end of its term.
-- in   now instant
-- out  as partner_subscription_by_customer
-- scan  the sandbox holds a few dozen subscriptions
SELECT id, order_id, partner_id, customer_id, position, catalog_item, title, sku_id, friendly_name,
       mpn_id, quantity, status, trial, auto_renew, billing_cycle, term, created_at, ready_at,
       started_at, ends_at, cancel_until, revision, directory_id, given_sku, units_off, failed,
       next_term, settled_at
FROM partner_subscription
WHERE ends_at <= $now AND status IN ('active', 'suspended', 'expired', 'disabled')
  AND (status <> 'active' OR NOT auto_renew
       OR (ends_at / 86400000000 + 1) * 86400000000 <= $now)
ORDER BY ends_at;

-- partner_subscription_add: none
-- in   id str, order str, position int64, partner str, customer str, catalog_item str, title str,
--      sku str, friendly_name str?, mpn str?, quantity int64, trial bool, billing str, term str,
--      auto_renew bool, created instant, ready instant, cancel_until instant
INSERT INTO partner_subscription
       (id, order_id, position, partner_id, customer_id, catalog_item, title, sku_id, friendly_name,
        mpn_id, quantity, status, trial, billing_cycle, term, auto_renew, created_at, ready_at,
        cancel_until, revision)
VALUES ($id, $order, $position, $partner, $customer, $catalog_item, $title, $sku, $friendly_name,
        $mpn, $quantity, 'pending', $trial, $billing, $term, $auto_renew, $created, $ready,
        $cancel_until, 1);

-- partner_subscription_write: none
-- in   id str, catalog_item str, title str, sku str, friendly_name str?, quantity int64, status str,
--      auto_renew bool, billing str, term str, started instant?, ends instant?,
--      cancel_until instant?, directory str?, given_sku str?, units_off int64, failed bool,
--      next_term str?, settled instant?
UPDATE partner_subscription
SET catalog_item = $catalog_item, title = $title, sku_id = $sku, friendly_name = $friendly_name,
    quantity = $quantity, status = $status, auto_renew = $auto_renew, billing_cycle = $billing,
    term = $term, started_at = $started, ends_at = $ends, cancel_until = $cancel_until,
    directory_id = $directory, given_sku = $given_sku, units_off = $units_off, failed = $failed,
    next_term = $next_term, settled_at = $settled, revision = revision + 1
WHERE id = $id;

-- partner_subscription_order_rows: many
-- in   partner str, customer str
-- out  id str, cart str, partner str, customer str, status str, billing str, created instant
SELECT id, cart_id, partner_id, customer_id, status, billing_cycle, created_at
FROM partner_order WHERE customer_id = $customer AND partner_id = $partner ORDER BY created_at, id;

-- partner_subscription_order_add: none
-- in   id str, cart str, partner str, customer str, billing str, created instant
INSERT INTO partner_order (id, cart_id, partner_id, customer_id, status, billing_cycle, created_at)
VALUES ($id, $cart, $partner, $customer, 'pending', $billing, $created);

-- partner_subscription_order_done: none
-- An order is completed when nothing of it is pending any more.
-- in   order str
UPDATE partner_order SET status = 'completed'
WHERE id = $order AND status = 'pending' AND NOT EXISTS
      (SELECT 1 FROM partner_subscription s WHERE s.order_id = $order AND s.status = 'pending');

-- partner_subscription_order_rebill: none
-- in   order str, billing str
UPDATE partner_order SET billing_cycle = $billing WHERE id = $order;
