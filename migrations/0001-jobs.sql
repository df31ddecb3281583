-- Work that outlives a request, and the processes that do it.

CREATE TABLE job (
	id @id PRIMARY KEY,
	kind TEXT NOT NULL,
	-- What it works on; the kind says which table.
	about @id,
	-- Small JSON, or nothing.
	note TEXT,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'dead')),
	-- Waiting: when it may be taken.  Leased: when the lease ends and another may take it.
	-- Ended: none, so that the indexes below hold only what is still to be done.
	due @instant,
	-- Grows by one with every lease; an attempt that holds an older number changes nothing.
	fence @int64 NOT NULL,
	worker @id,
	-- Somebody asked for another run while it was leased: no later than this.
	woken_at @instant,
	-- Failed tries in a row, and since when.
	tries @int64 NOT NULL,
	failing_since @instant,
	single @bool NOT NULL,
	made_at @instant NOT NULL,
	ended_at @instant,
	-- Of a dead letter or the last failed try, in words.
	why TEXT,
	correlation TEXT NOT NULL,
	CHECK ((due IS NULL) = (state IN ('done', 'dead')))
) @strict;

CREATE INDEX job_due ON job (due) WHERE due IS NOT NULL;
CREATE INDEX job_subject ON job (kind, about) WHERE due IS NOT NULL;
CREATE UNIQUE INDEX job_single ON job (kind, COALESCE(about, 0)) WHERE single AND due IS NOT NULL;
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_ended ON job (state, ended_at);

-- One row for each `work` that is running, or was and did not say goodbye.
CREATE TABLE worker (
	id @id PRIMARY KEY,
	name TEXT NOT NULL,
	version TEXT NOT NULL,
	started_at @instant NOT NULL,
	seen_at @instant NOT NULL
) @strict;
