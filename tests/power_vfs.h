/* SQLite on power_disk.h: its files, locks and shared memory, all in this process. */
#pragma once

/* From now on every database that this process opens is there; nothing else about it changes. */
void power_vfs_register(void);
