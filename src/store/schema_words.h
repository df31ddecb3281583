/* The words of the schema language, once for both databases and for the check at build time.
 *
 * sqlgen's own names for the types are no types of SQLite's: they let it tell an instant from a
 * count when it compares a column with the `-- out` line.  TEXT sorts and compares by bytes on
 * both, whatever the locale of the PostgreSQL server. */
#pragma once

/*        word        SQLite     PostgreSQL              in sqlgen */
#define SCHEMA_WORDS(X)                               \
	X("@id", "INTEGER", "bigint", "ID")           \
	X("@int64", "INTEGER", "bigint", "INT64")     \
	X("@instant", "INTEGER", "bigint", "INSTANT") \
	X("@bool", "INTEGER", "boolean", "BOOL")      \
	X("@bytes", "BLOB", "bytea", "BLOB")          \
	X("@strict", "STRICT", "", "")                \
	X("TEXT", "TEXT", "text COLLATE \"C\"", "TEXT")
