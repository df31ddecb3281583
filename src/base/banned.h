/* Included before every source file of ours: calls that have a better word here do not compile.
 *
 * A redeclaration with a warning, not `#pragma GCC poison`: system headers may mention these
 * names (OpenSSL has parameters called `rand`), only our own use of them is the mistake. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* clang will not mark what glibc defines inline (atoi and its kin); gcc does, and both compilers
 * build everything. */
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wignored-attributes"
#endif
/* NOLINTBEGIN(readability-redundant-declaration,readability-named-parameter): the point of it */
#define BANNED(instead) __attribute__((deprecated("banned here: " instead)))

BANNED("str_copy or text_add") char *strcpy(char *, const char *);
BANNED("text_add") char *strcat(char *, const char *);
BANNED("str_copy or memcpy") char *strncpy(char *, const char *, size_t);
BANNED("text_add") char *strncat(char *, const char *, size_t);
BANNED("str_copy or memcpy") char *stpcpy(char *, const char *);
BANNED("str_format") int sprintf(char *, const char *, ...);
BANNED("str_vformat") int vsprintf(char *, const char *, va_list);
BANNED("str_next") char *strtok(char *, const char *);
BANNED("str_next") char *strtok_r(char *, const char *, char **);
BANNED("fgets") char *gets(char *);
BANNED("str_to_int64") int atoi(const char *);
BANNED("str_to_int64") long atol(const char *);
BANNED("str_to_int64") long long atoll(const char *);
BANNED("money_from_text") double atof(const char *);
BANNED("world_random") int rand(void);
BANNED("world_random") void srand(unsigned);
BANNED("world_random") int rand_r(unsigned *);
BANNED("a vendor call or a job") int system(const char *);
BANNED("posix_spawn") FILE *popen(const char *, const char *);
BANNED("instant_day") struct tm *localtime(const time_t *);
BANNED("instant_day") struct tm *localtime_r(const time_t *, struct tm *);
BANNED("instant_day") struct tm *gmtime(const time_t *);
BANNED("instant_rfc3339") char *ctime(const time_t *);
BANNED("instant_rfc3339") char *asctime(const struct tm *);
BANNED("day_start") time_t mktime(struct tm *);
BANNED("mkstemp") char *tmpnam(char[L_tmpnam]);
BANNED("mkstemp") char *tempnam(const char *, const char *);
BANNED("mkstemp") char *mktemp(char *);

#undef BANNED
/* NOLINTEND(readability-redundant-declaration,readability-named-parameter) */
#ifdef __clang__
#pragma clang diagnostic pop
#endif
