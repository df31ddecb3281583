-- Letters to people, each sent by one job.

CREATE TABLE letter (
	id @id PRIMARY KEY,
	to_address TEXT NOT NULL,
	subject TEXT NOT NULL,
	-- Forgotten a month after it was sent: letters carry links and names.
	body TEXT,
	html TEXT,
	-- The same cause never makes two letters.
	once_key TEXT UNIQUE,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
	made_at @instant NOT NULL,
	ended_at @instant,
	-- Why it could not be delivered, in words.
	why TEXT
) @strict;

CREATE INDEX letter_state ON letter (state, id);
CREATE INDEX letter_kept ON letter (ended_at) WHERE body IS NOT NULL;
