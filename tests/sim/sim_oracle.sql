-- sim_oracle_newest: one
-- out  row int64
SELECT coalesce(max(id), 0) FROM journal;

-- sim_oracle_tenant: one
-- in   domain str
-- out  id str
SELECT tenant_id FROM tenant_domain WHERE name = $domain;

-- sim_oracle_holds: many
-- in   tenant str
-- out  user str, sku str
SELECT DISTINCT u.upn, h.sku_id
  FROM license_hold h JOIN tenant_user u ON u.id = h.user_id
 WHERE h.tenant_id = $tenant AND h.state <> 'Error'
 ORDER BY u.upn, h.sku_id;

-- sim_oracle_units: many
-- in   tenant str
-- out  id str, sku str, status str, units int64, direct bool, free bool
SELECT id, sku_id, status, units, owner_tenant_id IS NULL, trial OR units >= 10000
  FROM directory_subscription WHERE tenant_id = $tenant
 ORDER BY id;

-- sim_oracle_sold: many
-- Each line that was ordered from us.
-- in   tenant str
-- out  order str, sku str, quantity int64, status str
SELECT order_id, sku_id, quantity, status
  FROM partner_subscription WHERE customer_id = $tenant
 ORDER BY order_id, position;
