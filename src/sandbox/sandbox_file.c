#include "sandbox/sandbox_file.h"

#include "sandbox_files.h"

str sandbox_file(str name)
{
	for (size_t i = 0; i < sandbox_files.count; i++)
		if (str_eq(str_of(sandbox_files.at[i].name), name))
			return sandbox_files.at[i].bytes;
	return S("");
}

bool sandbox_file_tenant(size_t index, str *name, str *text)
{
	for (size_t i = 0; i < sandbox_files.count; i++) {
		str file = str_of(sandbox_files.at[i].name);
		if (!str_ends(file, S(".json")) || str_eq(file, S("partner.json")) || index-- > 0)
			continue;
		*name = file;
		*text = sandbox_files.at[i].bytes;
		return true;
	}
	return false;
}
