-- control_counts: one
-- What the overview tells.
-- out  tenants int64, relationships int64, orders int64, pending int64, requests int64,
--      short_pools int64
-- scan  a page that a person opens now and then
SELECT (SELECT count(*) FROM tenant WHERE NOT partner), (SELECT count(*) FROM relationship),
       (SELECT count(*) FROM partner_order),
       (SELECT count(*) FROM partner_order WHERE status = 'pending'),
       (SELECT count(*) FROM request_log),
       (SELECT count(*) FROM (SELECT DISTINCT tenant_id, sku_id FROM journal WHERE spare < 0) j);

-- control_tenants: many
-- `words` is in lower case.
-- in   words str, after int64, most int64
-- out  id str, position int64, name str, domain str, partner bool, administrator str?,
--      customer bool
-- scan  a page that a person opens now and then
SELECT t.id, t.position, t.name, t.initial_domain, t.partner, u.principal_name,
       EXISTS (SELECT 1 FROM relationship r WHERE r.customer_id = t.id)
FROM tenant t LEFT JOIN tenant_user u ON u.id = t.administrator
WHERE t.position > $after
  AND ($words = '' OR lower(t.name) LIKE '%' || $words || '%' OR t.id = $words
       OR EXISTS (SELECT 1 FROM tenant_domain d
                  WHERE d.tenant_id = t.id AND d.name LIKE '%' || $words || '%'))
ORDER BY t.position LIMIT $most;

-- control_orders: many
-- in   skip int64, most int64
-- out  id str, customer str, status str, at instant
-- scan  a page that a person opens now and then
SELECT o.id, t.name, o.status, o.created_at
FROM partner_order o JOIN tenant t ON t.id = o.customer_id
ORDER BY o.created_at DESC, o.id LIMIT $most OFFSET $skip;

-- control_relationships: many
-- in   most int64
-- out  partner str, customer str, since instant
-- scan  a page that a person opens now and then
SELECT p.name, c.name, r.accepted_at
FROM relationship r JOIN tenant p ON p.id = r.partner_id JOIN tenant c ON c.id = r.customer_id
ORDER BY r.accepted_at DESC, c.position LIMIT $most;

-- control_requests: many
-- Newest first, before one row; a status of 0 is a call without an answer.
-- in   before int64, service str, least int64, most int64, words str, rows int64
-- out  id id, at instant, service str, method str, path str, status int64, request_id str?,
--      outcome str, micros int64, answer_id str?
SELECT id, at, service, method, path, status, request_id, outcome, micros, answer_id FROM request_log
WHERE id < $before AND ($service = '' OR service = $service) AND status >= $least
  AND status <= $most
  AND ($words = '' OR path LIKE '%' || $words || '%' OR request_id = $words OR answer_id = $words)
ORDER BY id DESC LIMIT $rows;

-- control_request: one
-- in   id id
-- out  as control_requests
SELECT id, at, service, method, path, status, request_id, outcome, micros, answer_id FROM request_log
WHERE id = $id;

-- control_journal: many
-- in   before int64, tenant str, rows int64
-- out  id id, at instant, tenant str, sku str, part_number str?, what str, enabled int64,
--      warning int64, consumed int64, spare int64, lost_user str?
SELECT j.id, j.at, t.name, j.sku_id, s.part_number, j.what, j.enabled, j.warning, j.consumed,
       j.spare, coalesce(u.principal_name, j.lost_user)
FROM journal j JOIN tenant t ON t.id = j.tenant_id
LEFT JOIN tenant_sku s ON s.tenant_id = j.tenant_id AND s.sku_id = j.sku_id
LEFT JOIN tenant_user u ON u.id = j.lost_user
WHERE j.id < $before AND ($tenant = '' OR j.tenant_id = $tenant) ORDER BY j.id DESC LIMIT $rows;
