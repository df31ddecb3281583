-- standing_of_all: many
-- scan  counts everything, from an index that holds all it needs
-- out   state str, step str, waits_for str?, conversions int64, oldest instant?
SELECT state, step, waits_for, COUNT(*), MIN(waits_since) FROM conversion GROUP BY state, step, waits_for;

-- standing_of_partner: many
-- in    partner id
-- out   as standing_of_all
SELECT state, step, waits_for, COUNT(*), MIN(waits_since) FROM conversion
 WHERE partner = $partner GROUP BY state, step, waits_for;

-- standing_matching: many
-- Of those that a list with these words would show.
-- scan  words in the middle of a name have no index
-- in    partner id?, text str
-- out   as standing_of_all
SELECT state, step, waits_for, COUNT(*), MIN(waits_since) FROM conversion
 WHERE ($partner IS NULL OR partner = $partner)
   AND (domain LIKE $text ESCAPE '\' OR lower(tenant_name) LIKE $text ESCAPE '\')
 GROUP BY state, step, waits_for;

-- standing_of_batch: many
-- in    batch id
-- out   as standing_of_all
SELECT c.state, c.step, c.waits_for, COUNT(*), MIN(c.waits_since)
  FROM batch_line AS l JOIN conversion AS c ON c.id = l.conversion
 WHERE l.batch = $batch GROUP BY c.state, c.step, c.waits_for;

-- standing_version_of_all: one
-- Grows with every start and every move.
-- scan  the sum of an index
-- out   version int64
SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM conversion;

-- standing_version_of_partner: one
-- in    partner id
-- out   as standing_version_of_all
SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM conversion WHERE partner = $partner;

-- standing_version_of_batch: one
-- in    batch id
-- out   as standing_version_of_all
SELECT CAST(COALESCE(SUM(c.version), 0) AS BIGINT)
  FROM batch_line AS l JOIN conversion AS c ON c.id = l.conversion WHERE l.batch = $batch;
