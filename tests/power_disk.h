/* A disk in memory that keeps, when the power goes, only what was synced.
 *
 * What was written since a file's last sync is kept whole, in part, in another order, torn in the
 * middle of a page, or not at all, as the seed draws; a file that was never synced may be gone.
 * Whoever has a file open when the power goes gets nothing but errors from it ever after, as a
 * process that is dead.  power_vfs.h puts SQLite on it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk_file;

/* An empty disk with its power on. */
void power_disk_new(uint64_t seed);
/* The power goes: now, or with the change that has this number from now on (1: the next). */
void power_disk_cut(void);
void power_disk_cut_at(int64_t change);
bool power_disk_is_off(void);
/* On again, with what it kept. */
void power_disk_on(void);
/* Writes, cuts of length, syncs and deletions since the disk was new. */
int64_t power_disk_changes(void);
/* Called before (`done` false) and after each sync of a log; it may cut the power and need not come
 * back.  NULL: nobody looks. */
void power_disk_watch(void (*seen)(bool done, void *with), void *with);

/* What power_vfs.c asks for.  False from the changing ones: the power is off. */
struct disk_file *power_disk_open(const char *path, bool make); /* NULL: there is none */
bool power_disk_exists(const char *path);
size_t power_disk_size(const struct disk_file *file);
size_t power_disk_read(const struct disk_file *file, void *into, size_t len, size_t at);
bool power_disk_write(struct disk_file *file, const void *from, size_t len, size_t at);
bool power_disk_truncate(struct disk_file *file, size_t size);
bool power_disk_sync(struct disk_file *file);
bool power_disk_delete(const char *path, bool synced);
/* How often the power has gone: a file opened in another life is dead. */
int power_disk_life(void);
