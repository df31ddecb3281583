-- fault_dress_kept: one
-- in   rule id, tenant str, target str
-- out  body str
SELECT body FROM fault_answer WHERE rule_id = $rule AND tenant_id = $tenant AND target = $target;

-- fault_dress_keep: none
-- in   rule id, tenant str, target str, body str
INSERT INTO fault_answer (rule_id, tenant_id, target, body) VALUES ($rule, $tenant, $target, $body)
ON CONFLICT (rule_id, tenant_id, target) DO NOTHING;
