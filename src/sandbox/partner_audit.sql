-- partner_audit_add: none
-- in   id id, partner str, user str?, application str, customer str?, method str, path str,
--      at instant
INSERT INTO partner_audit (id, partner_id, user_id, application_id, customer_id, method, path, at)
VALUES ($id, $partner, $user, $application, $customer, $method, $path, $at);

-- partner_audit_rows: many
-- in   partner str, from instant, to instant, after int64, most int64
-- out  id id, user str?, application str, customer str?, method str, path str, at instant
SELECT id, user_id, application_id, customer_id, method, path, at FROM partner_audit
WHERE partner_id = $partner AND at >= $from AND at < $to AND id > $after ORDER BY id LIMIT $most;
