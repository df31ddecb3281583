#!/bin/sh
# Each mistake in a .sql file stops the build, at its line and in words.  Usage: sqlgen_test.sh SQLGEN
sqlgen=$(realpath "$1") || exit 1
room=$(mktemp -d) || exit 1
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
count=0

cat >schema.sql <<'SQL'
CREATE TABLE link (
	id @id PRIMARY KEY,
	code TEXT NOT NULL,
	target TEXT,
	closed @bool NOT NULL DEFAULT FALSE,
	made_at @instant NOT NULL,
	ended_at @instant,
	clicks @int64 NOT NULL DEFAULT 0
) @strict;
SQL

answer() { # answer RESULT NAME
	count=$((count + 1))
	echo "$1 $count - $2"
}

# refused NAME LINE WORDS: the statement file on standard input is refused there, with these words.
refused() {
	cat >link.sql
	if "$sqlgen" link.sql link_sql.h link_sql.c schema.sql 2>said; then
		answer 'not ok' "$1 (it was taken)"
	elif grep -q "^link\.sql:$2: error: .*$3" said; then
		answer ok "$1"
	else
		answer 'not ok' "$1"
		sed 's/^/# /' said
	fi
}

# taken NAME PATTERN...: the file is taken, and the C made of it has a line for each pattern.
taken() {
	name=$1
	shift
	cat >link.sql
	if ! "$sqlgen" link.sql link_sql.h link_sql.c schema.sql 2>said; then
		answer 'not ok' "$name"
		sed 's/^/# /' said
		return
	fi
	for pattern; do
		if ! cat link_sql.h link_sql.c | grep -qF -- "$pattern"; then
			answer 'not ok' "$name: no line like $pattern"
			return
		fi
	done
	answer ok "$name"
}

refused 'a misspelled column' 4 'no such column: cod' <<'SQL'
-- link_find: one
-- in code str
-- out id id
SELECT id FROM link WHERE cod = $code;
SQL
refused 'a misspelled column on a later line' 6 'no such column: targt' <<'SQL'
-- link_find: one
-- in code str
-- out id id
SELECT id FROM link
WHERE code = $code
  AND targt IS NULL;
SQL
refused 'a table that is not there' 2 'no such table: lnk' <<'SQL'
-- link_wipe: none
DELETE FROM lnk;
SQL
refused 'a parameter nobody declared' 5 'uses \$cod,' <<'SQL'
-- link_find: one
-- in code str
-- out id id
SELECT id FROM link WHERE code = $code
  AND target = $cod;
SQL
refused 'an input that is not used' 2 'does not use \$target' <<'SQL'
-- link_find: one
-- in code str, target str
-- out id id
SELECT id FROM link WHERE code = $code;
SQL
refused 'a parameter inside quotes is no parameter' 2 'does not use \$code' <<'SQL'
-- link_find: one
-- in code str
-- out id id
SELECT id FROM link WHERE code = '$code' /* $code */ -- $code
;
SQL
refused 'too few outputs' 2 'gives 2 columns, its `-- out` names 1' <<'SQL'
-- link_all: many
-- out id id
SELECT id, code FROM link;
SQL
refused 'an output of another type' 2 'but the column made_at is INSTANT' <<'SQL'
-- link_all: many
-- out id id, made int64
SELECT id, made_at FROM link;
SQL
refused 'a column that may be NULL' 3 'the column target may be NULL: write `str?`' <<'SQL'
-- link_all: many
-- out id id,
--     target str
SELECT id, target FROM link;
SQL
refused 'a number that may be none' 2 'a number has no value for none' <<'SQL'
-- link_all: many
-- out clicks int64?
SELECT clicks FROM link;
SQL
refused 'an unknown type' 2 'no such type' <<'SQL'
-- link_all: many
-- out clicks number
SELECT clicks FROM link;
SQL
refused 'an unknown kind' 1 'a statement is one, many, none or changed' <<'SQL'
-- link_all: several
-- out clicks int64
SELECT clicks FROM link;
SQL
refused 'rows without outputs' 1 'gives rows but has no' <<'SQL'
-- link_all: many
SELECT clicks FROM link;
SQL
refused 'outputs without rows' 1 'has `-- out` but gives no rows' <<'SQL'
-- link_wipe: none
-- out clicks int64
DELETE FROM link;
SQL
refused 'a name that does not point home' 1 'starts with its file.s, link_' <<'SQL'
-- banner_wipe: none
DELETE FROM link;
SQL
refused 'two statements of one name' 4 'link_wipe was defined on line 1' <<'SQL'
-- link_wipe: none
DELETE FROM link;

-- link_wipe: none
DELETE FROM link;
SQL
refused 'a value named twice' 2 '`code` stands here twice' <<'SQL'
-- link_find: one
-- in code str, code str
-- out id id
SELECT id FROM link WHERE code = $code;
SQL
refused 'a name that is a word of C' 2 'is a word of C' <<'SQL'
-- link_find: one
-- in default str
-- out id id
SELECT id FROM link WHERE code = $default;
SQL
refused 'a missing semicolon' 1 'has no semicolon at its end' <<'SQL'
-- link_wipe: none
DELETE FROM link
SQL
refused 'two statements under one name' 2 'nothing may follow the semicolon' <<'SQL'
-- link_wipe: none
DELETE FROM link; DELETE FROM link;
SQL
refused 'a statement without a name' 1 'needs a line `-- name: one`' <<'SQL'
DELETE FROM link;
SQL
refused 'a body for one database only' 1 'has a body for one database only' <<'SQL'
-- link_wipe: none
-- postgres:
TRUNCATE link;
SQL
refused 'a shared row that is not there' 1 'there is no row of `link_al` to share' <<'SQL'
-- link_find: one
-- in code str
-- out as link_al
SELECT id FROM link WHERE code = $code;
SQL
refused 'a shared row of other columns' 2 'gives 1 columns, its `-- out` names 2' <<'SQL'
-- link_all: many
-- out id id, code str
SELECT id, code FROM link;

-- link_find: one
-- in code str
-- out as link_all
SELECT id FROM link WHERE code = $code;
SQL
refused 'double quotes around a string' 4 'no such column: "*spring' <<'SQL'
-- link_find: one
-- The spring campaign.
-- out id id
SELECT id FROM link WHERE code = "spring";
SQL
refused 'a sentence taken for inputs' 2 'must not begin with' <<'SQL'
-- link_wipe: none
-- in the late evening
DELETE FROM link;
SQL

printf 'CREATE TABLE banner (id @id PRIMARY KEY);\nCREATE TABLE oops (;\n' >schema2.sql
printf '%s\n' '-- link_wipe: none' 'DELETE FROM link;' >link.sql
"$sqlgen" link.sql link_sql.h link_sql.c schema.sql schema2.sql 2>said
if grep -q '^schema2.sql:2: error: near ";"' said; then
	answer ok 'a mistake in a migration'
else
	answer 'not ok' 'a mistake in a migration'
fi

taken 'a parameter used twice is one' \
	'fault *link_find(struct tx *tx, str code, struct link_find *row, bool *found);' \
	'SELECT id FROM link WHERE code = ?1 OR target = ?1' \
	'SELECT id FROM link WHERE code = $1::text OR target = $1::text' <<'SQL'
-- link_find: one
-- in code str
-- out id id
SELECT id FROM link WHERE code = $code OR target = $code;
SQL
taken 'inputs are numbered as declared, not as used' 'code = ?2 AND id = ?1' <<'SQL'
-- link_find: one
-- in id id, code str
-- out id id
SELECT id FROM link WHERE code = $code AND id = $id;
SQL
taken 'more than four inputs are a struct' 'const struct link_add_in *in);' 'value_instant(in->ended)' \
	'.nulls_in = 0x14' '.writes = true' <<'SQL'
-- link_add: none
-- in id id, code str, target str?, made instant,
--    ended instant?
INSERT INTO link (id, code, target, made_at, ended_at) VALUES ($id, $code, $target, $made, $ended);
SQL
taken 'rows are shared' 'struct link_all_list *rows);' 'struct link_all *row, bool *found);' \
	'.scans = "a test keeps few links"' <<'SQL'
-- link_find: one
-- in code str
-- out as link_all
SELECT id, code FROM link WHERE code = $code;

-- link_all: many
-- Every link there is.
-- out id id, code str
-- scan a test keeps
--      few links
SELECT id, code FROM link;
SQL
taken 'two bodies, each for its database' 'SELECT 1' 'SELECT 2::int' <<'SQL'
-- link_two: one
-- out n int64
-- sqlite:
SELECT 1;
-- postgres:
SELECT 2::int;
SQL
taken 'quotes and semicolons inside strings' "a;b''\$c \\\\ \\\"d\\\"" <<'SQL'
-- link_odd: changed
UPDATE link SET code = 'a;b''$c \ "d"' WHERE code = '-- no comment';
SQL
echo "1..$count"
