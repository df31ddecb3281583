-- partner_setting_rows: many
-- All of ours in one look: there are none in an everyday sandbox, and every call asks.
-- in   from str, to str
-- out  name str, value str
SELECT name, value FROM setting WHERE name >= $from AND name < $to ORDER BY name;
