-- audit_add: none
-- in   entry id, at instant, who id?, did str, about str, from_where str?, why str?
INSERT INTO audit (id, at, who, did, about, from_where, why)
VALUES ($entry, $at, $who, $did, $about, $from_where, $why);

-- audit_rows: many
-- Newest first.
-- in   before id?, most int64
-- out  id id, who id?, at instant, did str, about str, from_where str?, why str?
SELECT id, who, at, did, about, from_where, why
  FROM audit WHERE id < COALESCE($before, 9223372036854775807) ORDER BY id DESC LIMIT $most;

-- audit_rows_about: many
-- in   about str, before id?, most int64
-- out  as audit_rows
SELECT id, who, at, did, about, from_where, why
  FROM audit
 WHERE about = $about AND id < COALESCE($before, 9223372036854775807)
 ORDER BY id DESC LIMIT $most;
