-- partner_trouble_add: none
-- in   id id, kind str, target str, number int64, other str?, times int64
INSERT INTO partner_trouble (id, kind, target, number, other, times_left)
VALUES ($id, $kind, $target, $number, $other, $times);

-- partner_trouble_drop: none
-- in   kind str, target str
DELETE FROM partner_trouble WHERE kind = $kind AND target = $target;

-- partner_trouble_first: one
-- in   kind str, sku str, item str
-- out  id id, target str, number int64, other str?, times int64
SELECT id, target, number, other, times_left FROM partner_trouble
WHERE kind = $kind AND (target = $sku OR target = $item) AND times_left <> 0 ORDER BY id LIMIT 1;

-- partner_trouble_use: none
-- in   id id
UPDATE partner_trouble SET times_left = times_left - 1 WHERE id = $id AND times_left > 0;

-- partner_trouble_of_kind: many
-- in   kind str
-- out  target str
SELECT target FROM partner_trouble WHERE kind = $kind AND times_left <> 0 ORDER BY target;

-- partner_trouble_rows: many
-- in
-- out  kind str, target str, number int64, other str?, times int64
-- scan  a person reads the few that there are
SELECT kind, target, number, other, times_left FROM partner_trouble
WHERE times_left <> 0 ORDER BY id;

-- partner_trouble_drop_all: none
DELETE FROM partner_trouble;
