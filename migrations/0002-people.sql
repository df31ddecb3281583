-- Who someone is, how they came in, and what they did.

CREATE TABLE account (
	id @id PRIMARY KEY,
	-- In lower case.
	email TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('partner', 'operator')),
	-- Argon2id with its own salt; none: cannot sign in yet.
	password TEXT,
	made_at @instant NOT NULL,
	closed_at @instant
) @strict;

-- A signed-in browser.  The cookie itself is nowhere in here.
CREATE TABLE session (
	id @id PRIMARY KEY,
	hash @bytes NOT NULL UNIQUE,
	account @id NOT NULL REFERENCES account (id),
	address TEXT NOT NULL,
	browser TEXT NOT NULL,
	made_at @instant NOT NULL,
	seen_at @instant NOT NULL
) @strict;
CREATE INDEX session_account ON session (account);
CREATE INDEX session_made ON session (made_at);
CREATE INDEX session_seen ON session (seen_at);

CREATE TABLE api_token (
	id @id PRIMARY KEY,
	hash @bytes NOT NULL UNIQUE,
	account @id NOT NULL REFERENCES account (id),
	name TEXT NOT NULL,
	made_at @instant NOT NULL,
	seen_at @instant,
	revoked_at @instant
) @strict;
CREATE INDEX api_token_account ON api_token (account);

-- A link with which a person sets a password, once.
CREATE TABLE invite (
	id @id PRIMARY KEY,
	hash @bytes NOT NULL UNIQUE,
	account @id NOT NULL UNIQUE REFERENCES account (id),
	made_at @instant NOT NULL,
	ends_at @instant NOT NULL
) @strict;
CREATE INDEX invite_ends ON invite (ends_at);

-- Failed tries at the door, by account ("account x@y") and by caller ("address 192.0.2.1"); a
-- row for an address that has no account looks the same as any other.
CREATE TABLE entry_try (
	who TEXT PRIMARY KEY,
	failed @int64 NOT NULL,
	last_at @instant NOT NULL
) @strict;
CREATE INDEX entry_try_last ON entry_try (last_at);

-- What people did.  Rows are added and never touched again.
CREATE TABLE audit (
	id @id PRIMARY KEY,
	at @instant NOT NULL,
	who @id REFERENCES account (id),
	did TEXT NOT NULL,
	about TEXT NOT NULL,
	from_where TEXT,
	why TEXT
) @strict;
CREATE INDEX audit_about ON audit (about, id);

-- sqlite:
CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit
BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_not_removed BEFORE DELETE ON audit
BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- postgres:
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
	FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
-- both:
