#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Declared here because gcc's copy of sanitizer/asan_interface.h is a package of its own. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_WATCHED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_WATCHED 1
#endif
#ifdef ARENA_WATCHED
void __asan_poison_memory_region(void const volatile *at, size_t size);
void __asan_unpoison_memory_region(void const volatile *at, size_t size);
#define POISON(at, size)   __asan_poison_memory_region((at), (size))
#define UNPOISON(at, size) __asan_unpoison_memory_region((at), (size))
static const size_t gap = 16; /* poisoned bytes after each object, so that a step too far is seen */
#else
#define POISON(at, size)   ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
static const size_t gap = 0;
#endif

enum { BLOCK_LEAST = 8 * 1024, BLOCK_MOST = 1024 * 1024, BLOCK_KEPT = 256 * 1024 };

struct block {
	struct block *next;
	size_t room, used;
	_Alignas(max_align_t) char at[];
};

struct arena {
	struct block *newest; /* where the next object goes; older ones behind it are full */
	size_t used;
	size_t next_room;
};

static void *memory_or_end(size_t size)
{
	void *at = malloc(size);

	if (!at) {
		(void)fprintf(stderr, "out of memory: %zu bytes wanted\n", size);
		abort();
	}
	return at;
}

static struct block *block_open(size_t room, struct block *next)
{
	struct block *block = memory_or_end(sizeof(*block) + room);

	*block = (struct block){ .next = next, .room = room };
	POISON(block->at, room);
	return block;
}

static void block_close(struct block *block)
{
	UNPOISON(block->at, block->room);
	free(block);
}

struct arena *arena_open(void)
{
	struct arena *arena = memory_or_end(sizeof(*arena));

	*arena = (struct arena){ .next_room = BLOCK_LEAST };
	return arena;
}

void arena_close(struct arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->newest; block;) {
		struct block *next = block->next;

		block_close(block);
		block = next;
	}
	free(arena);
}

void arena_end(struct arena **arena)
{
	arena_close(*arena);
	*arena = NULL;
}

/* One block of ordinary size is kept: a reset arena serves the next request without malloc, and
 * one huge request does not stay in memory for ever. */
void arena_reset(struct arena *arena)
{
	struct block *kept = NULL;

	for (struct block *block = arena->newest; block;) {
		struct block *next = block->next;

		if (!kept && block->room <= BLOCK_KEPT) {
			kept = block;
			kept->used = 0;
			POISON(kept->at, kept->room);
		} else {
			block_close(block);
		}
		block = next;
	}
	if (kept)
		kept->next = NULL;
	*arena = (struct arena){ .newest = kept, .next_room = kept ? kept->room : BLOCK_LEAST };
}

static void block_for(struct arena *arena, size_t size)
{
	if (arena->next_room < BLOCK_MOST)
		arena->next_room *= 2;
	arena->newest = block_open(size > arena->next_room ? size : arena->next_room,
				   arena->newest);
}

/* Bytes to skip in the newest block so that the next object is aligned. */
static size_t padding(const struct arena *arena, size_t align)
{
	uintptr_t next = (uintptr_t)(arena->newest->at + arena->newest->used);

	return (size_t)(-next & (align - 1));
}

static bool fits(const struct arena *arena, size_t size, size_t align)
{
	return arena->newest &&
	       arena->newest->room - arena->newest->used >= size + padding(arena, align);
}

void *arena_take(struct arena *arena, size_t count, size_t size, size_t align)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total) || total > PTRDIFF_MAX / 2) {
		(void)fprintf(stderr, "absurd amount of memory: %zu times %zu\n", count, size);
		abort();
	}
	align = align < gap ? gap : align;
	if (!fits(arena, total + gap, align))
		block_for(arena, total + gap + align);

	char *at = arena->newest->at + arena->newest->used + padding(arena, align);

	arena->newest->used = (size_t)(at - arena->newest->at) + total + gap;
	arena->used += total;
	UNPOISON(at, total);
	return total ? memset(at, 0, total) : at;
}

void *arena_grown(struct arena *arena, void *at, size_t len, size_t size)
{
	static const size_t first = 8;

	/* Full at 0, 8, 16, 32 …: no count of the room has to be kept. */
	if (len != 0 && (len < first || (len & (len - 1)) != 0))
		return at;

	void *more = arena_take(arena, len ? len * 2 : first, size, _Alignof(max_align_t));

	return len ? memcpy(more, at, len * size) : more;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}
