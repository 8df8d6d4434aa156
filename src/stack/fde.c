/*
 * See fde.h. All reads stay in the module's readable segments. Needs little
 * stack, no lock, no memory.
 */
#include <string.h>
#include "stack/dwarf.h"
#include "stack/fde.h"
#include "stack/module.h"

static struct dwarf bytes_at(uint32_t module, uintptr_t at)
{
	struct dwarf in = {(const uint8_t *)at, NULL, false};

	in.end = in.at + module_readable(module, at);
	return in;
}

struct dwarf fde_entry(uint32_t module, uintptr_t at)
{
	struct dwarf in = bytes_at(module, at);
	uint64_t length = dwarf_fixed(&in, 4);

	if (length > (size_t)(in.end - in.at)) /* also 64-bit ones */
		in.bad = true;
	else
		in.end = in.at + length;
	return in;
}

uintptr_t fde_search(uintptr_t pc, uint32_t index, bool *bad)
{
	uintptr_t hdr = (uintptr_t)module_get(index)->eh_frame_hdr;
	struct dwarf in = bytes_at(index, hdr);
	uint32_t head = dwarf_fixed(&in, 4);
	uint64_t low = 0, high;
	struct {
		int32_t start, fde;
	} row;

	dwarf_encoded(&in, head >> 8, hdr);
	high = dwarf_encoded(&in, head >> 16, hdr);
	*bad = in.bad || (uint8_t)head != 1 || head >> 24 != 0x3b ||
	       (uint8_t)(head >> 16) == 0xff ||
	       high > (size_t)(in.end - in.at) / sizeof(row);
	if (*bad)
		return 0;
	while (low < high) {
		uint64_t mid = (low + high) / 2;

		memcpy(&row, in.at + mid * sizeof(row), sizeof(row));
		if (hdr + row.start <= pc)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return 0;
	memcpy(&row, in.at + (low - 1) * sizeof(row), sizeof(row));
	return hdr + row.fde;
}
