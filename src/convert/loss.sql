-- loss_insert: none
-- in  conversion id, person str, sku str, person_name str, at instant
INSERT INTO accepted_loss (conversion, person, sku, person_name, accepted_at)
VALUES ($conversion, $person, $sku, $person_name, $at)
    ON CONFLICT (conversion, person, sku) DO NOTHING;

-- loss_of: many
-- in  conversion id
-- out person str, sku str, person_name str
SELECT person, sku, person_name FROM accepted_loss WHERE conversion = $conversion ORDER BY person, sku;
