-- sku_row_by_guid: one
-- in  guid str
-- out guid str, part_number str, name str, other_names str, note str?, free bool, retired bool,
-- out successor str?
SELECT guid, part_number, name, other_names, note, free, retired, successor FROM sku WHERE guid = $guid;

-- sku_row_by_part_number: many
-- in  part_number str
-- out as sku_row_by_guid
SELECT guid, part_number, name, other_names, note, free, retired, successor
  FROM sku
 WHERE lower(part_number) = lower($part_number)
 ORDER BY guid;

-- sku_row_all: many
-- The whole catalog: some hundred rows.
-- scan every row is wanted
-- out as sku_row_by_guid
SELECT guid, part_number, name, other_names, note, free, retired, successor FROM sku ORDER BY part_number, guid;

-- sku_row_any: one
-- Whether there is a catalog at all.
-- scan the first row is enough
-- out guid str
SELECT guid FROM sku LIMIT 1;

-- sku_row_keep: none
-- A SKU as an import or the shipped file has it.
-- in guid str, part_number str, name str, other_names str, note str?, free bool, retired bool
INSERT INTO sku (guid, part_number, name, other_names, note, free, retired)
VALUES ($guid, $part_number, $name, $other_names, $note, $free, $retired)
    ON CONFLICT (guid) DO UPDATE
   SET part_number = excluded.part_number, name = excluded.name,
       other_names = excluded.other_names, note = excluded.note,
       free = excluded.free, retired = excluded.retired;

-- sku_successor_set: none
-- in guid str, successor str?
UPDATE sku SET successor = $successor WHERE guid = $guid;

-- sku_plan_any: one
-- scan the first row is enough
-- out sku str
SELECT sku FROM sku_service_plan LIMIT 1;

-- sku_plan_sold: many
-- The service plans of each SKU that may be proposed, SKU by SKU: to find the one that is nearest to
-- another.
-- scan every row is wanted
-- out sku str, guid str, name str
SELECT s.sku, p.guid, p.name
  FROM sku_service_plan s JOIN service_plan p ON p.guid = s.service_plan JOIN sku k ON k.guid = s.sku
 WHERE NOT k.free AND NOT k.retired
 ORDER BY s.sku;

-- sku_plan_of: many
-- in  sku str
-- out guid str, name str, friendly_name str
SELECT p.guid, p.name, p.friendly_name
  FROM sku_service_plan s JOIN service_plan p ON p.guid = s.service_plan
 WHERE s.sku = $sku
 ORDER BY p.name, p.guid;

-- sku_plan_keep: none
-- in guid str, name str, friendly_name str
INSERT INTO service_plan (guid, name, friendly_name)
VALUES ($guid, $name, $friendly_name)
    ON CONFLICT (guid) DO UPDATE
   SET name = excluded.name, friendly_name = excluded.friendly_name;

-- sku_plan_put: none
-- in sku str, service_plan str
INSERT INTO sku_service_plan (sku, service_plan) VALUES ($sku, $service_plan)
    ON CONFLICT (sku, service_plan) DO NOTHING;

-- sku_plan_drop: none
-- in sku str
DELETE FROM sku_service_plan WHERE sku = $sku;
