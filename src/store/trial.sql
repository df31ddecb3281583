-- Statements of store_test: every kind of value, in and out.

-- trial_add: none
-- in   id id, owner id?, count int64, done bool, at instant, ended instant?,
--      name str, note str?, body bytes?
INSERT INTO trial (id, owner, count, done, at, ended_at, name, note, body)
VALUES ($id, $owner, $count, $done, $at, $ended, $name, $note, $body);

-- trial_by_name: one
-- in   name str
-- out  id id, owner id?, count int64, done bool, at instant, ended instant?,
--      name str, note str?, body bytes?
SELECT id, owner, count, done, at, ended_at, name, note, body FROM trial WHERE name = $name;

-- trial_names: many
-- In the order of their bytes, on both databases.
-- out  name str
-- scan the test keeps few
SELECT name FROM trial ORDER BY name;

-- trial_move: changed
-- in   more int64, done bool
-- scan the test keeps few
UPDATE trial SET count = count + $more WHERE done = $done;

-- trial_total: one
-- out  total int64, some bool
-- scan the test keeps few
SELECT coalesce(sum(count), 0), count(*) > 0 FROM trial;

-- trial_take: one
-- Changes and tells.
-- in   id id
-- out  count int64
UPDATE trial SET count = count - 1 WHERE id = $id RETURNING count;

-- trial_owned: many
-- in   owner id?
-- out  as trial_names
-- scan the test keeps few
SELECT name FROM trial WHERE $owner IS NULL OR owner = $owner ORDER BY name;

-- trial_any: one
-- Two rows where one was promised.
-- out  as trial_names
-- scan the test keeps few
SELECT name FROM trial;

-- trial_lying: one
-- The owner is promised and not always there.
-- in   name str
-- out  owner id
SELECT coalesce(owner, NULL) FROM trial WHERE name = $name;

-- trial_like: many
-- in   pattern str
-- out  as trial_names
-- scan the test keeps few
SELECT name FROM trial WHERE name LIKE $pattern ORDER BY name;
