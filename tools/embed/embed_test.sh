#!/bin/sh
# What embed refuses, at which file and in words.  Usage: embed_test.sh EMBED
embed=$(realpath "$1") || exit 1
room=$(mktemp -d) || exit 1
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
touch 0001-jobs.sql 0002-people.sql 0002-mail.sql mail.sql photo.tiff
count=0

# refused NAME WORDS ARGUMENT...
refused() {
	name=$1
	words=$2
	shift 2
	count=$((count + 1))
	if "$embed" "$@" 2>said; then
		echo "not ok $count - $name (it was taken)"
	elif grep -q "$words" said; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' said
	fi
}

refused 'two migrations of one number' '^0002-mail.sql:1: error: .*each number once' \
	migrations made made.h made.c 0001-jobs.sql 0002-people.sql 0002-mail.sql
refused 'migrations out of order' '^0001-jobs.sql:1: error: .*rising number' \
	migrations made made.h made.c 0002-people.sql 0001-jobs.sql
refused 'a migration without a number' '^mail.sql:1: error: .*NNNN-room-what.sql' \
	migrations made made.h made.c mail.sql
refused 'an asset of unknown type' '^photo.tiff:1: error: an asset of unknown type' \
	assets made made.h made.c photo.tiff
refused 'a file that is not there' '^gone.css:1: error: No such file' \
	assets made made.h made.c gone.css
refused 'words it does not know' '^usage: embed' \
	pictures made made.h made.c photo.tiff
echo "1..$count"
