-- sandbox_setting_one: one
-- in   name str
-- out  value str
SELECT value FROM setting WHERE name = $name;

-- sandbox_setting_write: none
-- in   name str, value str
INSERT INTO setting (name, value) VALUES ($name, $value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
