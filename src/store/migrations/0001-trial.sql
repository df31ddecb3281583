-- A table with every kind of value, for store_test.
CREATE TABLE trial (
	id @id PRIMARY KEY,
	owner @id REFERENCES trial (id),
	count @int64 NOT NULL,
	done @bool NOT NULL DEFAULT FALSE,
	at @instant NOT NULL,
	ended_at @instant,
	name TEXT NOT NULL UNIQUE CHECK (length(name) < 1000),
	note TEXT, -- 'TEXT' in quotes and @id in a comment stay
	body @bytes
) @strict;
