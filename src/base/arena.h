/* Memory that lives as long as the request, the job step or the test that asked for it.
 *
 * Nothing is freed one by one; the arena is dropped at the end.  What is taken is zeroed.
 * Running out of memory ends the program here, so no caller checks. */
#pragma once

#include <stddef.h>

struct arena;

struct arena *arena_open(void);

/* Frees everything taken.  Closing NULL is fine. */
void arena_close(struct arena *arena);

/* For DEFER: closes *arena. */
void arena_end(struct arena **arena);

/* Keeps the memory for the next use, forgets what was in it (poisoned under a sanitizer). */
void arena_reset(struct arena *arena);

/* `count` zeroed objects of `size` bytes.  Never NULL; an absurd product aborts. */
void *arena_take(struct arena *arena, size_t count, size_t size, size_t align);

/* A list of `len` objects with room for one more: `at` itself, or a copy twice as long.  Call it
 * before each object is added, and for nothing else. */
void *arena_grown(struct arena *arena, void *at, size_t len, size_t size);

#define NEW(a, T)	   ((T *)arena_take((a), 1, sizeof(T), _Alignof(T)))
#define NEW_ARRAY(a, T, n) ((T *)arena_take((a), (n), sizeof(T), _Alignof(T)))
