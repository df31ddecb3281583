-- plan_line_forget: none
-- in  conversion id
DELETE FROM plan_line WHERE conversion = $conversion;

-- plan_line_insert: none
-- in  conversion id, line int64, sku str, part_number str, title str, action str, reason str,
-- in  quantity int64, assigned int64, term str, billing str, price int64, currency str, target str,
-- in  target_part str, target_title str, gained str, lost str, direct int64
INSERT INTO plan_line (conversion, line, sku, part_number, title, action, reason, quantity, assigned,
                       term, billing, price, currency, target, target_part, target_title, gained, lost,
                       direct)
VALUES ($conversion, $line, $sku, $part_number, $title, $action, $reason, $quantity, $assigned,
        $term, $billing, $price, $currency, $target, $target_part, $target_title, $gained, $lost,
        $direct);

-- plan_lines: many
-- in  conversion id
-- out line int64, sku str, part_number str, title str, action str, reason str, quantity int64,
-- out assigned int64, term str, billing str, price int64, currency str, subscription str?,
-- out cancel_until instant?, target str, target_part str, target_title str, gained str, lost str,
-- out direct int64
SELECT line, sku, part_number, title, action, reason, quantity, assigned, term, billing, price, currency,
       subscription, cancel_until, target, target_part, target_title, gained, lost, direct
  FROM plan_line WHERE conversion = $conversion ORDER BY line;

-- plan_line_leave: none
-- in  conversion id, line int64, reason str
UPDATE plan_line SET action = 'leave', reason = $reason WHERE conversion = $conversion AND line = $line;

-- plan_line_set_quantity: none
-- in  conversion id, line int64, quantity int64
UPDATE plan_line SET quantity = $quantity WHERE conversion = $conversion AND line = $line;

-- plan_line_set_price: none
-- in  conversion id, line int64, price int64, currency str
UPDATE plan_line SET price = $price, currency = $currency WHERE conversion = $conversion AND line = $line;

-- plan_line_set_fulfilled: none
-- in  conversion id, line int64, subscription str, cancel_until instant?
UPDATE plan_line SET subscription = $subscription, cancel_until = $cancel_until
 WHERE conversion = $conversion AND line = $line;
