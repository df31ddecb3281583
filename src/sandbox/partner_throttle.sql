-- partner_throttle_bucket: one
-- in   tenant str, kind str
-- out  level int64, at instant
SELECT level, at FROM graph_bucket
WHERE client_id = '' AND tenant_id = $tenant AND kind = $kind;

-- partner_throttle_keep: none
-- in   tenant str, kind str, level int64, at instant
INSERT INTO graph_bucket (client_id, tenant_id, kind, level, at)
VALUES ('', $tenant, $kind, $level, $at)
ON CONFLICT (client_id, tenant_id, kind) DO UPDATE SET level = excluded.level, at = excluded.at;
