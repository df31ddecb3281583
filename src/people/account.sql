-- account_add: changed
-- in   account id, email str, name str, role str, password str?, now instant
INSERT INTO account (id, email, name, role, password, made_at)
VALUES ($account, $email, $name, $role, $password, $now)
ON CONFLICT (email) DO NOTHING;

-- account_by_id: one
-- in   account id
-- out  id id, email str, name str, role str, password str?, closed bool
SELECT id, email, name, role, password, closed_at IS NOT NULL FROM account WHERE id = $account;

-- account_by_email: one
-- in   email str
-- out  as account_by_id
SELECT id, email, name, role, password, closed_at IS NOT NULL FROM account WHERE email = $email;

-- account_every: many
-- scan the operator wants them all
-- out  as account_by_id
SELECT id, email, name, role, password, closed_at IS NOT NULL FROM account ORDER BY email;

-- account_mark_closed: none
-- in   account id, now instant
UPDATE account SET closed_at = $now WHERE id = $account AND closed_at IS NULL;

-- account_set_password: none
-- in   account id, password str
UPDATE account SET password = $password WHERE id = $account;

-- account_end_tokens: none
-- in   account id, now instant
UPDATE api_token SET revoked_at = $now WHERE account = $account AND revoked_at IS NULL;
