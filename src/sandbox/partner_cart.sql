-- partner_cart_by_id: one
-- in   id str
-- out  id str, partner str, customer str, status str, created instant, modified instant,
--      modified_by str, expires instant
SELECT id, partner_id, customer_id, status, created_at, modified_at, modified_by, expires_at
FROM cart WHERE id = $id;

-- partner_cart_lines: many
-- in   cart str
-- out  position int64, catalog_item str, quantity int64, friendly_name str?, billing str, term str,
--      mpn str?, group_id str, error_code int64, error_said str?
SELECT position, catalog_item, quantity, friendly_name, billing_cycle, term, mpn_id, order_group,
       error_code, error_said
FROM cart_line WHERE cart_id = $cart ORDER BY position;

-- partner_cart_put: none
-- in   id str, partner str, customer str, status str, created instant, modified instant,
--      modified_by str, expires instant
INSERT INTO cart (id, partner_id, customer_id, status, created_at, modified_at, modified_by,
                  expires_at)
VALUES ($id, $partner, $customer, $status, $created, $modified, $modified_by, $expires)
ON CONFLICT (id) DO UPDATE SET modified_at = excluded.modified_at,
    modified_by = excluded.modified_by;

-- partner_cart_clear: none
-- in   cart str
DELETE FROM cart_line WHERE cart_id = $cart;

-- partner_cart_put_line: none
-- in   cart str, position int64, catalog_item str, quantity int64, friendly_name str?, billing str,
--      term str, mpn str?, group_id str, error_code int64, error_said str?
INSERT INTO cart_line (cart_id, position, catalog_item, quantity, friendly_name, billing_cycle,
                       term, mpn_id, order_group, error_code, error_said)
VALUES ($cart, $position, $catalog_item, $quantity, $friendly_name, $billing, $term, $mpn,
        $group_id, $error_code, $error_said);

-- partner_cart_mark_ordered: none
-- in   cart str
UPDATE cart SET status = 'Ordered' WHERE id = $cart;

-- partner_cart_put_refusal: none
-- in   cart str, group_id str, code int64, said str
INSERT INTO cart_refusal (cart_id, order_group, code, said)
VALUES ($cart, $group_id, $code, $said);

-- partner_cart_refusal_rows: many
-- in   cart str
-- out  group_id str, code int64, said str
SELECT order_group, code, said FROM cart_refusal WHERE cart_id = $cart ORDER BY order_group;
