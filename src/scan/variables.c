/* See variables.h. */
#include <elf.h>
#include <string.h>
#include "process/symbols.h"
#include "scan/fault.h"
#include "scan/variables.h"

#define SEGMENTS 64
#define BYTES (4ul << 20)

static void words_each(uintptr_t low, uintptr_t high,
		       void (*visit)(uintptr_t at))
{
	uintptr_t at;

	for (at = low; high - low <= BYTES && at + 8 <= high; at += 8)
		visit(at);
}

void variables_each(const struct symbols_owner *owner,
		    void (*visit)(uintptr_t at))
{
	Elf64_Ehdr head;
	Elf64_Phdr segment;
	uint32_t i;

	fault_copy(&head, owner->low, sizeof head);
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) || head.e_phnum > SEGMENTS)
		return;
	for (i = 0; i < head.e_phnum; i++) {
		uintptr_t low;

		fault_copy(&segment,
			   owner->low + head.e_phoff + i * sizeof segment,
			   sizeof segment);
		low = owner->module.bias + segment.p_vaddr;
		if (segment.p_type == PT_LOAD && segment.p_flags & PF_W &&
		    low >= owner->low && segment.p_memsz <= owner->high - low)
			words_each((low + 7) & -8ul, low + segment.p_memsz,
				   visit);
	}
}
