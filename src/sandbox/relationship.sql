-- relationship_add: changed
-- in   partner str, customer str, by_user str?, at instant
INSERT INTO relationship (partner_id, customer_id, accepted_by, accepted_at)
VALUES ($partner, $customer, $by_user, $at) ON CONFLICT (partner_id, customer_id) DO NOTHING;

-- relationship_end: changed
-- in   partner str, customer str
DELETE FROM relationship WHERE partner_id = $partner AND customer_id = $customer;

-- relationship_one: one
-- in   partner str, customer str
-- out  since instant
SELECT accepted_at FROM relationship WHERE partner_id = $partner AND customer_id = $customer;

-- relationship_by_customer: many
-- in   customer str
-- out  partner str, partner_name str, customer str, since instant
SELECT r.partner_id, t.name, r.customer_id, r.accepted_at
FROM relationship r JOIN tenant t ON t.id = r.partner_id
WHERE r.customer_id = $customer ORDER BY r.accepted_at, r.partner_id;

-- relationship_by_partner: many
-- in   partner str
-- out  customer str, name str, domain str, position int64
SELECT r.customer_id, t.name, t.initial_domain, t.position
FROM relationship r JOIN tenant t ON t.id = r.customer_id
WHERE r.partner_id = $partner ORDER BY t.position;

-- relationship_mark_agreement: none
-- in   customer str, at instant
UPDATE tenant SET agreement_signed_at = $at WHERE id = $customer AND agreement_signed_at IS NULL;
