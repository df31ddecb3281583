-- partner_agreement_add: changed
-- in   id id, partner str, customer str, kind str, template str, first_name str, last_name str,
--      email str, phone str?, agreed instant, user str
INSERT INTO partner_agreement (id, partner_id, customer_id, kind, template, first_name, last_name,
                               email, phone, agreed_at, user_id)
VALUES ($id, $partner, $customer, $kind, $template, $first_name, $last_name, $email, $phone,
        $agreed, $user)
ON CONFLICT (customer_id, kind, email) DO NOTHING;

-- partner_agreement_rows: many
-- in   customer str, kind str
-- out  template str, first_name str, last_name str, email str, phone str?, agreed instant, user str
SELECT template, first_name, last_name, email, phone, agreed_at, user_id FROM partner_agreement
WHERE customer_id = $customer AND kind = $kind ORDER BY id;
