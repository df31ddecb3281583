#include "sandbox/sandbox_guid.h"

#include "base/world.h"

str sandbox_guid(const struct world *world, struct arena *keep)
{
	unsigned char bytes[16];

	world_random(world, bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	str hex = str_hex(keep, (str){ .at = (const char *)bytes, .len = sizeof(bytes) });
	return str_format(keep, "%.*s-%.*s-%.*s-%.*s-%.*s", STR(str_part(hex, 0, 8)),
			  STR(str_part(hex, 8, 4)), STR(str_part(hex, 12, 4)),
			  STR(str_part(hex, 16, 4)), STR(str_part(hex, 20, 12)));
}
