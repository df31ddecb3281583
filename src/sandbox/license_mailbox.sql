-- license_mailbox_other: one
-- in   tenant str, user str, pattern str
-- out  user str
-- scan  asked only for users who have addresses, when they get a mailbox
SELECT id FROM tenant_user
WHERE tenant_id = $tenant AND id <> $user AND lower(source) LIKE $pattern ESCAPE '!'
ORDER BY position LIMIT 1;
