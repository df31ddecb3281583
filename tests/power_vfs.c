#include "power_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "power_disk.h"

enum { REGIONS_MOST = 64, PLACES_MOST = 8, OPEN_MOST = 32 };

/* What connections of one database share, and forget when the last of them is gone. */
struct place {
	struct disk_file *file;
	int life;
	int users;
	void *region[REGIONS_MOST];
	int readers[SQLITE_SHM_NLOCK];
	const struct power_file *writer[SQLITE_SHM_NLOCK];
};

struct power_file {
	sqlite3_file base;
	struct disk_file *file;
	int life;
	int lock;
	struct place *place;
	unsigned shared;
	bool delete_on_close;
	char path[256];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct place places[PLACES_MOST];
static struct power_file *opened[OPEN_MOST];

static struct power_file *of(sqlite3_file *base)
{
	return (struct power_file *)base;
}

static bool is_dead(const struct power_file *p)
{
	return p->life != power_disk_life() || power_disk_is_off();
}

/* ---- files ---- */

static int power_close(sqlite3_file *base)
{
	struct power_file *p = of(base);

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < OPEN_MOST; i++)
		if (opened[i] == p)
			opened[i] = NULL;
	if (p->delete_on_close && !is_dead(p))
		(void)power_disk_delete(p->path, false);
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

static int power_read(sqlite3_file *base, void *into, int len, sqlite3_int64 at)
{
	size_t got = 0;

	pthread_mutex_lock(&lock);
	bool dead = is_dead(of(base));
	if (!dead)
		got = power_disk_read(of(base)->file, into, (size_t)len, (size_t)at);
	pthread_mutex_unlock(&lock);
	if (dead)
		return SQLITE_IOERR_READ;
	memset((char *)into + got, 0, (size_t)len - got);
	return got == (size_t)len ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int power_write(sqlite3_file *base, const void *from, int len, sqlite3_int64 at)
{
	pthread_mutex_lock(&lock);
	bool done = !is_dead(of(base)) &&
		    power_disk_write(of(base)->file, from, (size_t)len, (size_t)at);
	pthread_mutex_unlock(&lock);
	return done ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int power_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	pthread_mutex_lock(&lock);
	bool done = !is_dead(of(base)) && power_disk_truncate(of(base)->file, (size_t)size);
	pthread_mutex_unlock(&lock);
	return done ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

/* Without the lock: who watches may not come back. */
static int power_sync(sqlite3_file *base, int flags)
{
	(void)flags;
	return !is_dead(of(base)) && power_disk_sync(of(base)->file) ? SQLITE_OK
								     : SQLITE_IOERR_FSYNC;
}

static int power_size(sqlite3_file *base, sqlite3_int64 *size)
{
	pthread_mutex_lock(&lock);
	*size = (sqlite3_int64)power_disk_size(of(base)->file);
	pthread_mutex_unlock(&lock);
	return is_dead(of(base)) ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int power_control(sqlite3_file *base, int what, void *with)
{
	(void)base;
	(void)what;
	(void)with;
	return SQLITE_NOTFOUND;
}

static int power_sector(sqlite3_file *base)
{
	(void)base;
	return 4096;
}

/* As SQLite's own for Unix has it. */
static int power_device(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- locks of the database file ---- */

static int highest_of_others(const struct power_file *p)
{
	int highest = SQLITE_LOCK_NONE;

	for (size_t i = 0; i < OPEN_MOST; i++)
		if (opened[i] && opened[i] != p && opened[i]->file == p->file &&
		    opened[i]->life == p->life && opened[i]->lock > highest)
			highest = opened[i]->lock;
	return highest;
}

/* The most that others may hold while somebody takes this. */
static int others_may_hold(int wanted)
{
	if (wanted == SQLITE_LOCK_SHARED)
		return SQLITE_LOCK_RESERVED;
	return wanted == SQLITE_LOCK_RESERVED ? SQLITE_LOCK_SHARED : SQLITE_LOCK_NONE;
}

static int power_lock(sqlite3_file *base, int wanted)
{
	struct power_file *p = of(base);
	int rc = SQLITE_OK;

	pthread_mutex_lock(&lock);
	if (is_dead(p))
		rc = SQLITE_IOERR_LOCK;
	else if (wanted > p->lock && highest_of_others(p) > others_may_hold(wanted))
		rc = SQLITE_BUSY;
	else if (wanted > p->lock)
		p->lock = wanted;
	pthread_mutex_unlock(&lock);
	return rc;
}

static int power_unlock(sqlite3_file *base, int wanted)
{
	pthread_mutex_lock(&lock);
	of(base)->lock = wanted;
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

static int power_reserved(sqlite3_file *base, int *reserved)
{
	pthread_mutex_lock(&lock);
	*reserved = of(base)->lock >= SQLITE_LOCK_RESERVED ||
		    highest_of_others(of(base)) >= SQLITE_LOCK_RESERVED;
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

/* ---- shared memory, which no disk keeps ---- */

static void place_end(struct place *place)
{
	for (size_t i = 0; i < REGIONS_MOST; i++)
		free(place->region[i]);
	*place = (struct place){ 0 };
}

static struct place *place_of(struct power_file *p)
{
	struct place *empty = NULL;

	for (size_t i = 0; i < PLACES_MOST; i++) {
		if (places[i].file && places[i].life != power_disk_life())
			place_end(&places[i]);
		if (places[i].file == p->file)
			return &places[i];
		if (!places[i].file)
			empty = &places[i];
	}
	if (!empty)
		abort();
	*empty = (struct place){ .file = p->file, .life = p->life };
	return empty;
}

static void *region_of(struct power_file *p, int number, int size, bool extend)
{
	if (!p->place) {
		p->place = place_of(p);
		p->place->users++;
	}
	if (!p->place->region[number] && extend)
		p->place->region[number] = calloc(1, (size_t)size);
	return p->place->region[number];
}

static int power_map(sqlite3_file *base, int number, int size, int extend, void volatile **made)
{
	bool dead;

	if (number >= REGIONS_MOST)
		return SQLITE_NOMEM;
	pthread_mutex_lock(&lock);
	dead = is_dead(of(base));
	*made = dead ? NULL : region_of(of(base), number, size, extend != 0);
	pthread_mutex_unlock(&lock);
	return dead ? SQLITE_IOERR_SHMMAP : SQLITE_OK;
}

static bool slot_is_free(const struct power_file *p, int slot, bool alone)
{
	const struct place *place = p->place;
	int others = place->readers[slot] - (int)(p->shared >> slot & 1);

	return (!place->writer[slot] || place->writer[slot] == p) && (!alone || others == 0);
}

static void slot_set(struct power_file *p, int slot, int flags)
{
	unsigned bit = 1U << slot;

	if (flags & SQLITE_SHM_EXCLUSIVE) {
		p->place->writer[slot] = flags & SQLITE_SHM_LOCK ? p : NULL;
	} else if (((p->shared & bit) != 0) != ((flags & SQLITE_SHM_LOCK) != 0)) {
		p->place->readers[slot] += flags & SQLITE_SHM_LOCK ? 1 : -1;
		p->shared ^= bit;
	}
}

static int slots_set(struct power_file *p, int first, int count, int flags)
{
	for (int i = first; i < first + count && flags & SQLITE_SHM_LOCK; i++)
		if (!slot_is_free(p, i, flags & SQLITE_SHM_EXCLUSIVE))
			return SQLITE_BUSY;
	for (int i = first; i < first + count; i++)
		slot_set(p, i, flags);
	return SQLITE_OK;
}

static int power_shm_lock(sqlite3_file *base, int first, int count, int flags)
{
	struct power_file *p = of(base);

	pthread_mutex_lock(&lock);
	int rc = is_dead(p) || !p->place ? SQLITE_IOERR_SHMLOCK : slots_set(p, first, count, flags);
	pthread_mutex_unlock(&lock);
	return rc;
}

static void power_barrier(sqlite3_file *base)
{
	(void)base;
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
}

static int power_unmap(sqlite3_file *base, int and_delete)
{
	struct power_file *p = of(base);

	(void)and_delete;
	pthread_mutex_lock(&lock);
	if (p->place && p->life == power_disk_life()) {
		(void)slots_set(p, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
		if (--p->place->users == 0)
			place_end(p->place);
	}
	p->place = NULL;
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

/* ---- the file system ---- */

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = power_close,
	.xRead = power_read,
	.xWrite = power_write,
	.xTruncate = power_truncate,
	.xSync = power_sync,
	.xFileSize = power_size,
	.xLock = power_lock,
	.xUnlock = power_unlock,
	.xCheckReservedLock = power_reserved,
	.xFileControl = power_control,
	.xSectorSize = power_sector,
	.xDeviceCharacteristics = power_device,
	.xShmMap = power_map,
	.xShmLock = power_shm_lock,
	.xShmBarrier = power_barrier,
	.xShmUnmap = power_unmap,
};

static bool remember(struct power_file *p)
{
	for (size_t i = 0; i < OPEN_MOST; i++)
		if (!opened[i] || opened[i]->life != p->life) { /* the dead close nothing */
			opened[i] = p;
			return true;
		}
	return false;
}

static int power_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out)
{
	static int unnamed;
	struct power_file *p = of(base);

	(void)vfs;
	*p = (struct power_file){ .delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE };
	pthread_mutex_lock(&lock);
	if (path)
		(void)snprintf(p->path, sizeof(p->path), "%s", path);
	else
		(void)snprintf(p->path, sizeof(p->path), "unnamed-%d", ++unnamed);
	p->file = power_disk_open(p->path, flags & SQLITE_OPEN_CREATE);
	p->life = power_disk_life();
	if (p->file && remember(p))
		p->base.pMethods = &methods;
	pthread_mutex_unlock(&lock);
	if (out)
		*out = flags;
	return p->base.pMethods ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int power_delete(sqlite3_vfs *vfs, const char *path, int and_sync)
{
	(void)vfs;
	pthread_mutex_lock(&lock);
	bool there = power_disk_exists(path), done = power_disk_delete(path, and_sync != 0);
	pthread_mutex_unlock(&lock);
	if (!done)
		return SQLITE_IOERR_DELETE;
	return there ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

static int power_access(sqlite3_vfs *vfs, const char *path, int how, int *is)
{
	(void)vfs;
	(void)how;
	pthread_mutex_lock(&lock);
	*is = power_disk_exists(path);
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

static int power_full_path(sqlite3_vfs *vfs, const char *path, int space, char *made)
{
	(void)vfs;
	return snprintf(made, (size_t)space, "%s", path) < space ? SQLITE_OK : SQLITE_CANTOPEN;
}

void power_vfs_register(void)
{
	static sqlite3_vfs vfs;

	vfs = *sqlite3_vfs_find(NULL); /* its clock, randomness and naps */
	vfs.zName = "power";
	vfs.iVersion = 2;
	vfs.szOsFile = sizeof(struct power_file);
	vfs.mxPathname = (int)sizeof(((struct power_file *)NULL)->path) - 1;
	vfs.xOpen = power_open;
	vfs.xDelete = power_delete;
	vfs.xAccess = power_access;
	vfs.xFullPathname = power_full_path;
	sqlite3_vfs_register(&vfs, 1);
}
