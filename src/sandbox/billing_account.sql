-- billing_account_row: one
-- in   tenant str
-- out  name str
SELECT name FROM billing_account WHERE tenant_id = $tenant;

-- billing_account_add: none
-- in   tenant str, name str
INSERT INTO billing_account (tenant_id, name) VALUES ($tenant, $name);

-- billing_account_operation_add: none
-- in   id str, tenant str, directory str, kind str, quantity int64, asked instant, due instant
INSERT INTO billing_operation (id, tenant_id, directory_id, kind, quantity, asked_at, due_at)
VALUES ($id, $tenant, $directory, $kind, $quantity, $asked, $due);

-- billing_account_operation_row: one
-- in   tenant str, id str
-- out  id str, tenant str, directory str, kind str, quantity int64, asked instant, due instant,
--      done instant?, refused str?
SELECT id, tenant_id, directory_id, kind, quantity, asked_at, due_at, done_at, refused
FROM billing_operation WHERE id = $id AND tenant_id = $tenant;

-- billing_account_operation_open: many
-- in   directory str
-- out  id str
-- scan  a handful of operations
SELECT id FROM billing_operation WHERE directory_id = $directory AND done_at IS NULL;

-- billing_account_operation_due: many
-- in   now instant
-- out  as billing_account_operation_row
-- scan  a handful of operations
SELECT id, tenant_id, directory_id, kind, quantity, asked_at, due_at, done_at, refused
FROM billing_operation WHERE done_at IS NULL AND due_at <= $now ORDER BY due_at, id;

-- billing_account_operation_finish: none
-- in   id str, done instant, refused str?
UPDATE billing_operation SET done_at = $done, refused = $refused WHERE id = $id;
