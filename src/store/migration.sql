-- Which migrations ran, kept by the store itself; every other table comes from a migration.

-- migration_table_make: none
-- Also used by a program that meets the database first.
-- sqlite:
CREATE TABLE IF NOT EXISTS store_migration (
	number INT64 NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	checksum TEXT NOT NULL,
	applied_at INSTANT NOT NULL
);
-- postgres:
CREATE TABLE IF NOT EXISTS store_migration (
	number bigint NOT NULL PRIMARY KEY,
	name text NOT NULL,
	checksum text NOT NULL,
	applied_at bigint NOT NULL
);

-- migration_table_there: one
-- Whether anything was ever migrated here.
-- out  there bool
-- scan the database's own list of tables, read once at the start
-- sqlite:
SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = 'store_migration';
-- postgres:
SELECT to_regclass('store_migration') IS NOT NULL;

-- migration_all: many
-- out  number int64, name str, checksum str
-- scan one row for each migration, read once at the start
SELECT number, name, checksum FROM store_migration ORDER BY number;

-- migration_keep: none
-- in   number int64, name str, checksum str, at instant
INSERT INTO store_migration (number, name, checksum, applied_at)
VALUES ($number, $name, $checksum, $at);
