-- audit_add: none
-- in   entry id, at instant, who id?, did str, about str, from_where str?, why str?
INSERT INTO audit (id, at, who, did, about, from_where, why)
VALUES ($entry, $at, $who, $did, $about, $from_where, $why);

-- audit_rows: many
-- Newest first.
-- in   from_where str?, since instant?, until instant?, before id?, most int64
-- out  id id, who id?, email str?, at instant, did str, about str, from_where str?, why str?
SELECT id, who, (SELECT email FROM account WHERE account.id = audit.who), at, did, about, from_where, why
  FROM audit
 WHERE id < COALESCE($before, 9223372036854775807)
   AND ($from_where IS NULL OR from_where = $from_where)
   AND ($since IS NULL OR at >= $since) AND ($until IS NULL OR at < $until)
 ORDER BY id DESC LIMIT $most;

-- audit_rows_about: many
-- in   about str, who id?, did str?, from_where str?, since instant?, until instant?, before id?, most int64
-- out  as audit_rows
SELECT id, who, (SELECT email FROM account WHERE account.id = audit.who), at, did, about, from_where, why
  FROM audit
 WHERE about = $about AND id < COALESCE($before, 9223372036854775807)
   AND ($who IS NULL OR who = $who) AND ($did IS NULL OR did = $did)
   AND ($from_where IS NULL OR from_where = $from_where)
   AND ($since IS NULL OR at >= $since) AND ($until IS NULL OR at < $until)
 ORDER BY id DESC LIMIT $most;

-- audit_rows_who: many
-- in   who id, did str?, from_where str?, since instant?, until instant?, before id?, most int64
-- out  as audit_rows
SELECT id, who, (SELECT email FROM account WHERE account.id = audit.who), at, did, about, from_where, why
  FROM audit
 WHERE who = $who AND id < COALESCE($before, 9223372036854775807)
   AND ($did IS NULL OR did = $did)
   AND ($from_where IS NULL OR from_where = $from_where)
   AND ($since IS NULL OR at >= $since) AND ($until IS NULL OR at < $until)
 ORDER BY id DESC LIMIT $most;

-- audit_rows_did: many
-- in   did str, from_where str?, since instant?, until instant?, before id?, most int64
-- out  as audit_rows
SELECT id, who, (SELECT email FROM account WHERE account.id = audit.who), at, did, about, from_where, why
  FROM audit
 WHERE did = $did AND id < COALESCE($before, 9223372036854775807)
   AND ($from_where IS NULL OR from_where = $from_where)
   AND ($since IS NULL OR at >= $since) AND ($until IS NULL OR at < $until)
 ORDER BY id DESC LIMIT $most;
