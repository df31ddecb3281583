-- What Microsoft tells us has changed (decision 0019): kept as it came until `work` has looked at it.

CREATE TABLE vendor_event (
	id              @id PRIMARY KEY,
	at              @instant NOT NULL,
	address         TEXT NOT NULL, -- of who brought it
	certificate_url TEXT NOT NULL,
	signature       @bytes NOT NULL,
	body            @bytes NOT NULL -- byte for byte as it was signed
) @strict;

-- What came of those that are gone.
CREATE TABLE vendor_event_count (
	verdict TEXT PRIMARY KEY, -- "woke", "nobody", or what was wrong with them
	events  @int64 NOT NULL,
	last_at @instant NOT NULL
) @strict;
