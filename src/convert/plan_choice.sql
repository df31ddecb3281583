-- plan_choice_put: none
-- in  conversion id, sku str, target str, term str, billing str
INSERT INTO plan_choice (conversion, sku, target, term, billing)
VALUES ($conversion, $sku, $target, $term, $billing)
    ON CONFLICT (conversion, sku) DO UPDATE
   SET target = excluded.target, term = excluded.term, billing = excluded.billing;

-- plan_choice_rows: many
-- in  conversion id
-- out sku str, target str, term str, billing str
SELECT sku, target, term, billing FROM plan_choice WHERE conversion = $conversion ORDER BY sku;

-- plan_choice_set_account: none
-- in  id id, account str?, said str?
UPDATE conversion SET account_type = $account, account_said = $said, version = version + 1 WHERE id = $id;
