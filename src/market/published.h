/* Microsoft's published list as it was read: rows in the order of the file, values trimmed. */
#pragma once

#include "base/base.h"
#include "market/sku_import.h"

struct published_row {
	int64_t line;
	str name, part_number, guid; /* GUIDs in lower case */
	str plan_name, plan_guid, plan_friendly;
};

struct published {
	struct arena *arena;
	struct published_row *at;
	size_t len, room;
	struct sku_import_odd *odd;
	size_t odd_len, odd_room;
};

/* FAULT_INPUT with the line for what cannot be understood. */
MUST_USE fault *published_read(struct arena *arena, str csv, struct published *list);

/* Remembers a defect that was survived. */
void published_odd(struct published *list, int64_t line, const char *said, ...) PRINTF(3, 4);
