-- Taking turns, and what an operator sees of a job.

ALTER TABLE job ADD COLUMN taken_at @instant; -- when the newest lease began
-- Jobs of one lane take turns with other lanes, however many of them are due; none: its own.
ALTER TABLE job ADD COLUMN lane @id;
CREATE INDEX job_kind ON job (state, kind, id);

CREATE TABLE job_lane (
	id        @id PRIMARY KEY,
	served_at @instant NOT NULL
) @strict;
CREATE INDEX job_lane_served ON job_lane (served_at);

-- The newest failed tries of a job.
CREATE TABLE job_failure (
	job  @id NOT NULL REFERENCES job (id),
	try  @int64 NOT NULL, -- the lease in which it failed
	at   @instant NOT NULL,
	said TEXT NOT NULL,
	PRIMARY KEY (job, try)
) @strict;

-- The audit trail by who did it, and by what was done.
CREATE INDEX audit_who ON audit (who, id);
CREATE INDEX audit_did ON audit (did, id);
