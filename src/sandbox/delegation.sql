-- delegation_of_partner: many
-- in   partner str
-- out  id str, partner str, customer str?, customer_name str?, name str, duration str,
--      auto_extend str, roles str, status str, created instant, changed instant,
--      activated instant?, ends instant?, revision int64
SELECT d.id, d.partner_id, d.customer_id, t.name, d.name, d.duration, d.auto_extend, d.roles,
       d.status, d.created_at, d.changed_at, d.activated_at, d.ends_at, d.revision
FROM delegation d LEFT JOIN tenant t ON t.id = d.customer_id
WHERE d.partner_id = $partner ORDER BY d.created_at, d.id;

-- delegation_by_id: one
-- in   which str
-- out  as delegation_of_partner
SELECT d.id, d.partner_id, d.customer_id, t.name, d.name, d.duration, d.auto_extend, d.roles,
       d.status, d.created_at, d.changed_at, d.activated_at, d.ends_at, d.revision
FROM delegation d LEFT JOIN tenant t ON t.id = d.customer_id
WHERE d.id = $which;

-- delegation_waiting: many
-- What a customer can approve: named for it, or for nobody yet.
-- in   customer str
-- out  as delegation_of_partner
SELECT d.id, d.partner_id, d.customer_id, NULL, d.name, d.duration, d.auto_extend, d.roles,
       d.status, d.created_at, d.changed_at, d.activated_at, d.ends_at, d.revision
FROM delegation d
WHERE (d.customer_id = $customer AND d.status = 'approvalPending')
   OR (d.customer_id IS NULL AND d.status = 'approvalPending')
ORDER BY d.created_at, d.id;

-- delegation_shown: many
-- What a customer's administrator sees: theirs once sent, and what waits for anybody.
-- in   customer str
-- out  as delegation_of_partner
SELECT d.id, d.partner_id, d.customer_id, t.name, d.name, d.duration, d.auto_extend, d.roles,
       d.status, d.created_at, d.changed_at, d.activated_at, d.ends_at, d.revision
FROM delegation d JOIN tenant t ON t.id = d.partner_id
WHERE (d.customer_id = $customer AND d.status <> 'created')
   OR (d.customer_id IS NULL AND d.status = 'approvalPending')
ORDER BY d.created_at, d.id;

-- delegation_due_rows: many
-- in   now instant
-- out  as delegation_of_partner
SELECT d.id, d.partner_id, d.customer_id, NULL, d.name, d.duration, d.auto_extend, d.roles,
       d.status, d.created_at, d.changed_at, d.activated_at, d.ends_at, d.revision
FROM delegation d WHERE d.due_at <= $now ORDER BY d.due_at;

-- delegation_insert: changed
-- in   id str, partner str, customer str?, name str, duration str, auto_extend str, roles str,
--      now instant
INSERT INTO delegation (id, partner_id, customer_id, name, duration, auto_extend, roles, status,
                        created_at, changed_at, revision)
VALUES ($id, $partner, $customer, $name, $duration, $auto_extend, $roles, 'created', $now, $now, 1)
ON CONFLICT DO NOTHING;

-- delegation_rewrite: none
-- in   id str, name str, duration str, auto_extend str, roles str, customer str?, now instant
UPDATE delegation
SET name = $name, duration = $duration, auto_extend = $auto_extend, roles = $roles,
    customer_id = $customer, changed_at = $now, revision = revision + 1
WHERE id = $id;

-- delegation_turn: none
-- in   id str, status str, customer str?, activated instant?, ends instant?, due instant?,
--      now instant
UPDATE delegation
SET status = $status, customer_id = $customer, activated_at = $activated, ends_at = $ends,
    due_at = $due, changed_at = $now, revision = revision + 1
WHERE id = $id;

-- delegation_drop: none
-- in   id str
DELETE FROM delegation WHERE id = $id;

-- delegation_requests: many
-- in   delegation str
-- out  id str, action str, created instant
SELECT id, action, created_at FROM delegation_request
WHERE delegation_id = $delegation ORDER BY position;

-- delegation_ask: none
-- in   id str, delegation str, action str, now instant
INSERT INTO delegation_request (id, delegation_id, position, action, created_at)
VALUES ($id, $delegation,
        (SELECT count(*) FROM delegation_request r WHERE r.delegation_id = $delegation),
        $action, $now);

-- delegation_assignments: many
-- in   delegation str
-- out  id str, container str, roles str, created instant
SELECT id, container_id, roles, created_at FROM delegation_assignment
WHERE delegation_id = $delegation ORDER BY position;

-- delegation_assign: none
-- in   id str, delegation str, container str, roles str, now instant
INSERT INTO delegation_assignment (id, delegation_id, position, container_id, roles, created_at)
VALUES ($id, $delegation,
        (SELECT coalesce(max(a.position), 0) + 1 FROM delegation_assignment a
         WHERE a.delegation_id = $delegation),
        $container, $roles, $now);

-- delegation_unassign: changed
-- in   delegation str, assignment str
DELETE FROM delegation_assignment WHERE delegation_id = $delegation AND id = $assignment;

-- delegation_granted: many
-- The roles that a partner's user has at a customer now.
-- in   customer str, user str
-- out  roles str
SELECT a.roles FROM delegation d
JOIN delegation_assignment a ON a.delegation_id = d.id
JOIN group_member m ON m.group_id = a.container_id AND m.user_id = $user
WHERE d.customer_id = $customer AND d.status = 'active';

-- delegation_contracts: many
-- Every customer of a partner, sold to or only advised.
-- in   partner str
-- out  customer str, name str, domain str, sells bool
-- scan  the sandbox has a handful of tenants
SELECT t.id, t.name, t.domain,
       EXISTS (SELECT 1 FROM relationship r WHERE r.partner_id = $partner AND r.customer_id = t.id)
FROM tenant t
WHERE EXISTS (SELECT 1 FROM relationship r WHERE r.partner_id = $partner AND r.customer_id = t.id)
   OR EXISTS (SELECT 1 FROM advisor a WHERE a.partner_id = $partner AND a.customer_id = t.id)
ORDER BY t.position;

-- delegation_advise: none
-- in   partner str, customer str
INSERT INTO advisor (partner_id, customer_id) VALUES ($partner, $customer)
ON CONFLICT (partner_id, customer_id) DO NOTHING;

-- delegation_adviser: one
-- in   partner str, customer str
-- out  customer str
SELECT customer_id FROM advisor WHERE partner_id = $partner AND customer_id = $customer;

-- delegation_advisers: many
-- Partners of record, whose names are known only when they are tenants here.
-- in   customer str
-- out  partner str, name str?
SELECT a.partner_id, t.name FROM advisor a LEFT JOIN tenant t ON t.id = a.partner_id
WHERE a.customer_id = $customer ORDER BY a.partner_id;
