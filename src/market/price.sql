-- price_in_force: one
-- The newest price that has begun.
-- in  sku str, currency str, term str, billing str, at instant
-- out minor int64, valid_from instant
SELECT minor, valid_from
  FROM price
 WHERE sku = $sku AND currency = $currency AND term = $term AND billing = $billing
   AND valid_from <= $at
 ORDER BY valid_from DESC
 LIMIT 1;

-- price_keep: none
-- in sku str, currency str, term str, billing str, valid_from instant, minor int64
INSERT INTO price (sku, currency, term, billing, valid_from, minor)
VALUES ($sku, $currency, $term, $billing, $valid_from, $minor)
    ON CONFLICT (sku, currency, term, billing, valid_from) DO UPDATE SET minor = excluded.minor;
