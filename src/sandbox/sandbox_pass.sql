-- sandbox_pass_waiting: one
-- Whether a pass would do anything: one EXISTS a subject, each by an index of its own.
-- in   now instant
-- out  due bool
SELECT EXISTS (SELECT 1 FROM group_processing g WHERE g.due_at <= $now)
    OR EXISTS (SELECT 1 FROM delegation e WHERE e.due_at <= $now)
    OR EXISTS (SELECT 1 FROM partner_subscription p
               WHERE p.status = 'pending' AND p.ready_at <= $now)
    OR EXISTS (SELECT 1 FROM partner_subscription p
               WHERE p.ends_at <= $now
                 AND p.status IN ('active', 'suspended', 'expired', 'disabled')
                 AND (p.status <> 'active' OR NOT p.auto_renew
                      OR (p.ends_at / 86400000000 + 1) * 86400000000 <= $now))
    OR EXISTS (SELECT 1 FROM partner_change c WHERE c.due_at <= $now)
    OR EXISTS (SELECT 1 FROM partner_transition t WHERE t.done_at IS NULL AND t.due_at <= $now)
    OR EXISTS (SELECT 1 FROM directory_subscription d
               WHERE d.next_lifecycle_at <= $now AND d.status <> 'Deleted'
                 AND d.owner_tenant_id IS NULL)
    OR EXISTS (SELECT 1 FROM billing_operation b
               WHERE b.done_at IS NULL AND b.due_at <= $now);
