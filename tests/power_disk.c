#include "power_disk.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MOST = 16, PATH_SPACE = 256, SECTOR = 512 };

struct bytes {
	unsigned char *at;
	size_t len, space;
};

/* A change that no sync has confirmed: a write, or with `data` NULL a cut of the length to `at`. */
struct change {
	unsigned char *data;
	size_t at, len;
};

struct disk_file {
	char path[PATH_SPACE];
	bool there;	       /* has a name */
	bool name_kept;	       /* and the name is on the disk */
	struct bytes now;      /* what a reader sees */
	struct bytes kept;     /* what the last sync confirmed */
	struct change *change; /* since then */
	size_t change_count, change_space;
};

static struct {
	struct disk_file files[FILES_MOST];
	uint64_t dice;
	int64_t changes, cut_at;
	int life;
	bool off;
	void (*seen)(bool done, void *with);
	void *seen_with;
} disk;

static void *grown(void *at, size_t size)
{
	void *made = realloc(at, size);

	if (!made)
		abort();
	return made;
}

/* splitmix64 */
static uint64_t roll(uint64_t sides)
{
	uint64_t z = disk.dice += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (z ^ (z >> 31)) % sides;
}

static void bytes_size(struct bytes *b, size_t len)
{
	if (len > b->space) {
		b->space = len < 4096 ? 4096 : len * 2;
		b->at = grown(b->at, b->space);
	}
	if (len > b->len)
		memset(b->at + b->len, 0, len - b->len);
	b->len = len;
}

static void bytes_put(struct bytes *b, const unsigned char *from, size_t len, size_t at)
{
	if (at + len > b->len)
		bytes_size(b, at + len);
	memcpy(b->at + at, from, len);
}

static void bytes_copy(struct bytes *to, const struct bytes *from)
{
	bytes_size(to, from->len);
	if (from->len)
		memcpy(to->at, from->at, from->len);
}

static void forget_changes(struct disk_file *file)
{
	for (size_t i = 0; i < file->change_count; i++)
		free(file->change[i].data);
	file->change_count = 0;
}

static void file_end(struct disk_file *file)
{
	forget_changes(file);
	free(file->change);
	free(file->now.at);
	free(file->kept.at);
	*file = (struct disk_file){ 0 };
}

/* ---- the power ---- */

/* Sectors reach the disk one by one, so any of them may be missing. */
static void tear(struct disk_file *file, const struct change *c)
{
	for (size_t done = 0; done < c->len;) {
		size_t part = SECTOR - (c->at + done) % SECTOR;

		if (part > c->len - done)
			part = c->len - done;
		if (roll(2))
			bytes_put(&file->kept, c->data + done, part, c->at + done);
		done += part;
	}
}

static void reach(struct disk_file *file, const struct change *c)
{
	if (!c->data)
		bytes_size(&file->kept, c->at);
	else if (roll(4) == 0)
		tear(file, c);
	else
		bytes_put(&file->kept, c->data, c->len, c->at);
}

static void shuffle(struct disk_file *file)
{
	for (size_t i = file->change_count; i > 1; i--) {
		size_t j = (size_t)roll(i);
		struct change one = file->change[i - 1];

		file->change[i - 1] = file->change[j];
		file->change[j] = one;
	}
}

/* Nothing of it, its beginning, or any of it in any order. */
static void keep_some(struct disk_file *file)
{
	uint64_t how = roll(3);
	size_t first = file->change_count ? (size_t)roll(file->change_count + 1) : 0;

	if (how == 2)
		shuffle(file);
	for (size_t i = 0; i < file->change_count && how; i++)
		if (how == 1 ? i < first : roll(2))
			reach(file, &file->change[i]);
}

void power_disk_cut(void)
{
	if (disk.off)
		return;
	disk.off = true;
	disk.life++;
	for (size_t i = 0; i < FILES_MOST; i++) {
		struct disk_file *file = &disk.files[i];

		if (!file->path[0])
			continue;
		if (file->there && !file->name_kept && roll(2))
			file->name_kept = true;
		else if (!file->there && roll(2))
			file->name_kept = false; /* else its deletion was forgotten */
		keep_some(file);
		forget_changes(file);
		file->there = file->name_kept;
		bytes_copy(&file->now, &file->kept);
	}
}

void power_disk_new(uint64_t seed)
{
	for (size_t i = 0; i < FILES_MOST; i++)
		file_end(&disk.files[i]);
	disk.dice = seed;
	disk.changes = disk.cut_at = 0;
	disk.life++;
	disk.off = false;
	disk.seen = NULL;
}

void power_disk_cut_at(int64_t change)
{
	disk.cut_at = disk.changes + change;
}

void power_disk_on(void)
{
	disk.off = false;
	disk.cut_at = 0;
}

bool power_disk_is_off(void)
{
	return disk.off;
}

int64_t power_disk_changes(void)
{
	return disk.changes;
}

int power_disk_life(void)
{
	return disk.life;
}

void power_disk_watch(void (*seen)(bool done, void *with), void *with)
{
	disk.seen = seen;
	disk.seen_with = with;
}

/* The change at which the power goes is one of those that may reach the disk. */
static bool goes_on(void)
{
	if (disk.changes == disk.cut_at)
		power_disk_cut();
	return !disk.off;
}

/* ---- files ---- */

static struct disk_file *find(const char *path)
{
	for (size_t i = 0; i < FILES_MOST; i++)
		if (strcmp(disk.files[i].path, path) == 0)
			return &disk.files[i];
	return NULL;
}

bool power_disk_exists(const char *path)
{
	const struct disk_file *file = find(path);

	return file && file->there;
}

struct disk_file *power_disk_open(const char *path, bool make)
{
	struct disk_file *file = find(path);

	if (file && file->there)
		return file;
	if (!make || disk.off || strlen(path) >= PATH_SPACE)
		return NULL;
	if (!file)
		file = find("");
	if (!file)
		abort(); /* more files than a store has */
	memcpy(file->path, path, strlen(path) + 1);
	/* Folders keep their order: the old file of this name is gone for good. */
	forget_changes(file);
	file->there = true;
	file->name_kept = false;
	file->now.len = file->kept.len = 0;
	return file;
}

size_t power_disk_size(const struct disk_file *file)
{
	return file->now.len;
}

size_t power_disk_read(const struct disk_file *file, void *into, size_t len, size_t at)
{
	if (at >= file->now.len)
		return 0;
	if (len > file->now.len - at)
		len = file->now.len - at;
	memcpy(into, file->now.at + at, len);
	return len;
}

static struct change *change_add(struct disk_file *file)
{
	if (file->change_count == file->change_space) {
		file->change_space = file->change_space ? file->change_space * 2 : 64;
		file->change = grown(file->change, file->change_space * sizeof(struct change));
	}
	return &file->change[file->change_count++];
}

bool power_disk_write(struct disk_file *file, const void *from, size_t len, size_t at)
{
	if (disk.off)
		return false;
	disk.changes++;
	*change_add(file) = (struct change){ memcpy(grown(NULL, len), from, len), at, len };
	bytes_put(&file->now, from, len, at);
	return goes_on();
}

bool power_disk_truncate(struct disk_file *file, size_t size)
{
	if (disk.off)
		return false;
	disk.changes++;
	*change_add(file) = (struct change){ NULL, size, 0 };
	bytes_size(&file->now, size);
	return goes_on();
}

static bool is_log(const struct disk_file *file)
{
	size_t len = strlen(file->path);

	return len > 4 && strcmp(file->path + len - 4, "-wal") == 0;
}

/* A file's first sync is one of its folder, too: SQLite's own file system for Unix does that. */
static void keep_names(void)
{
	for (size_t i = 0; i < FILES_MOST; i++)
		disk.files[i].name_kept = disk.files[i].there;
}

bool power_disk_sync(struct disk_file *file)
{
	if (disk.off)
		return false;
	disk.changes++;
	if (disk.seen && is_log(file))
		disk.seen(false, disk.seen_with);
	if (!goes_on())
		return false;
	bytes_copy(&file->kept, &file->now);
	if (!file->name_kept)
		keep_names();
	forget_changes(file);
	if (disk.seen && is_log(file))
		disk.seen(true, disk.seen_with);
	return !disk.off;
}

bool power_disk_delete(const char *path, bool synced)
{
	struct disk_file *file = find(path);

	if (disk.off)
		return false;
	disk.changes++;
	if (file && file->there) {
		file->there = false;
		if (synced)
			file->name_kept = false;
	}
	return goes_on();
}
