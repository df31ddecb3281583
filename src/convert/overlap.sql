-- overlap_forget: none
-- in  conversion id
DELETE FROM overlap_term WHERE conversion = $conversion;

-- overlap_insert: none
-- in  conversion id, subscription str, title str, units int64, ends_at instant?, until_at instant?,
-- in  way str, price int64, currency str
INSERT INTO overlap_term (conversion, subscription, title, units, ends_at, until_at, way, price, currency)
VALUES ($conversion, $subscription, $title, $units, $ends_at, $until_at, $way, $price, $currency);

-- overlap_of: many
-- in  conversion id
-- out subscription str, title str, units int64, ends_at instant?, until_at instant?, way str,
-- out price int64, currency str
SELECT subscription, title, units, ends_at, until_at, way, price, currency
  FROM overlap_term WHERE conversion = $conversion ORDER BY ends_at, subscription;
