#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Declared here because gcc's copy of sanitizer/asan_interface.h is a package of its own. */
#ifndef __has_feature /* clang's; gcc has a word of its own */
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
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

enum { BLOCK_LEAST = 16 * 1024, BLOCK_MOST = 1024 * 1024, BLOCK_KEPT = 256 * 1024 };

struct block {
	struct block *next;
	size_t room, used;
	_Alignas(max_align_t) char at[];
};

struct arena {
	struct block *newest; /* where the next object goes; older ones behind it are full */
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

struct arena *arena_open(void)
{
	struct arena *arena = memory_or_end(sizeof(*arena));

	*arena = (struct arena){ 0 };
	return arena;
}

/* Frees the blocks but one of at most `keep` bytes. */
static struct block *blocks_close(struct block *block, size_t keep)
{
	struct block *kept = NULL;

	for (struct block *next; block; block = next) {
		next = block->next;
		if (!kept && block->room <= keep) {
			kept = block;
			continue;
		}
		UNPOISON(block->at, block->room);
		free(block);
	}
	return kept;
}

void arena_close(struct arena *arena)
{
	if (!arena)
		return;
	(void)blocks_close(arena->newest, 0);
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
	struct block *kept = blocks_close(arena->newest, BLOCK_KEPT);

	arena->newest = kept;
	if (!kept)
		return;
	*kept = (struct block){ .room = kept->room };
	POISON(kept->at, kept->room);
}

static void block_for(struct arena *arena, size_t size)
{
	size_t twice = arena->newest ? arena->newest->room * 2 : BLOCK_LEAST;
	size_t usual = twice < BLOCK_MOST ? twice : BLOCK_MOST;
	size_t room = size > usual ? size : usual;
	struct block *block = memory_or_end(sizeof(*block) + room);

	*block = (struct block){ .next = arena->newest, .room = room };
	POISON(block->at, room);
	arena->newest = block;
}

void *arena_take(struct arena *arena, size_t count, size_t size, size_t align)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total) || total > PTRDIFF_MAX / 2) {
		(void)fprintf(stderr, "absurd amount of memory: %zu times %zu\n", count, size);
		abort();
	}
	align = align < gap ? gap : align;

	size_t most = total + gap + align; /* whatever has to be skipped to be aligned */

	if (!arena->newest || arena->newest->room - arena->newest->used < most)
		block_for(arena, most);

	struct block *block = arena->newest;
	char *next = block->at + block->used, *at = next + (-(uintptr_t)next & (align - 1));

	block->used = (size_t)(at - block->at) + total + gap;
	UNPOISON(at, total);
	return total ? memset(at, 0, total) : at;
}

void *arena_grown(struct arena *arena, void *at, size_t len, size_t size)
{
	/* Full at 0, 8, 16, 32 …: no count of the room has to be kept. */
	if (len != 0 && (len < 8 || (len & (len - 1)) != 0))
		return at;

	void *more = arena_take(arena, len ? len * 2 : 8, size, _Alignof(max_align_t));

	return len ? memcpy(more, at, len * size) : more;
}
