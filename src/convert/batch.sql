-- batch_insert: changed
-- The same lines of the same partner are there once.
-- in  id id, partner id, name str, at instant, sha256 str
INSERT INTO batch (id, partner, name, made_at, sha256) VALUES ($id, $partner, $name, $at, $sha256)
    ON CONFLICT DO NOTHING;

-- batch_by_lines: one
-- in  partner id, sha256 str
-- out id id
SELECT id FROM batch WHERE partner = $partner AND sha256 = $sha256;

-- batch_line_insert: none
-- in  batch id, line int64, domain str, administrator str
INSERT INTO batch_line (batch, line, domain, administrator, outcome, said)
VALUES ($batch, $line, $domain, $administrator, 'open', '');

-- batch_line_open: many
-- in  batch id, most int64
-- out line int64, domain str, administrator str
SELECT line, domain, administrator FROM batch_line
 WHERE batch = $batch AND outcome = 'open' ORDER BY line LIMIT $most;

-- batch_line_set: none
-- in  batch id, line int64, conversion id?, outcome str, said str
UPDATE batch_line SET conversion = $conversion, outcome = $outcome, said = $said
 WHERE batch = $batch AND line = $line;

-- batch_by_id: one
-- in  id id
-- out id id, partner id, name str, made_at instant, lines int64, started int64, already int64, refused int64
SELECT id, partner, name, made_at,
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'started'),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'already'),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'refused')
  FROM batch AS b WHERE b.id = $id;

-- batch_newest_of: many
-- in  partner id
-- out as batch_by_id
SELECT id, partner, name, made_at,
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'started'),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'already'),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'refused')
  FROM batch AS b WHERE b.partner = $partner ORDER BY b.id DESC LIMIT 50;

-- batch_newest_of_all: many
-- out as batch_by_id
-- scan fifty from the end of the primary key
SELECT id, partner, name, made_at,
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'started'),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'already'),
       (SELECT COUNT(*) FROM batch_line WHERE batch = b.id AND outcome = 'refused')
  FROM batch AS b ORDER BY b.id DESC LIMIT 50;

-- batch_report: many
-- in  batch id, outcome str?, most int64
-- out line int64, domain str, administrator str, conversion id?, outcome str, said str, state str?, step str?
SELECT l.line, l.domain, l.administrator, l.conversion, l.outcome, l.said, c.state, c.step
  FROM batch_line AS l LEFT JOIN conversion AS c ON c.id = l.conversion
 WHERE l.batch = $batch AND ($outcome IS NULL OR l.outcome = $outcome)
 ORDER BY l.line LIMIT $most;
