/*
 * See headers.h.
 */
#include <elf.h>
#include <string.h>
#include <sys/auxv.h>
#include "base/probe.h"
#include "stack/headers.h"

size_t headers_readable(const struct headers *headers, uintptr_t address)
{
	for (unsigned i = 0; i < headers->n; i++) {
		const ElfW(Phdr) *ph = &headers->at[i];
		uintptr_t start = headers->bias + ph->p_vaddr;

		if (ph->p_type == PT_LOAD && ph->p_flags & PF_R &&
		    address - start < ph->p_filesz)
			return ph->p_filesz - (address - start);
	}
	return 0;
}

static bool set(struct headers *headers, uintptr_t phdr, size_t n)
{
	headers->at = (const void *)phdr;
	headers->n = n;
	if (headers_readable(headers, phdr) >= n * sizeof(ElfW(Phdr)))
		return true;
	headers->n = 0;
	return false;
}

/* The program headers that follow an ELF header, if one is there. */
static bool find_at(struct headers *headers, uintptr_t start)
{
	const ElfW(Ehdr) *ehdr = (const void *)start;

	if (start % 4096 || !probe_readable(start))
		return false;
	if (memcmp(ehdr->e_ident, ELFMAG, SELFMAG) ||
	    ehdr->e_phentsize != sizeof(ElfW(Phdr)) || ehdr->e_phoff % 8 ||
	    ehdr->e_phoff >= 4096 ||
	    ehdr->e_phnum > (4096 - ehdr->e_phoff) / sizeof(ElfW(Phdr)))
		return false;
	return set(headers, start + ehdr->e_phoff, ehdr->e_phnum);
}

/* For a module with holes between its segments (an executable that is not
 * position independent, for one) the loader tells only the segment that was
 * asked for. Its headers are where the kernel says, or at the bias. */
void headers_find(struct headers *headers, uintptr_t bias, uintptr_t start,
		  bool is_program)
{
	uintptr_t phdr = getauxval(AT_PHDR);

	*headers = (struct headers){.bias = bias};
	if (is_program && probe_readable(phdr) &&
	    set(headers, phdr, getauxval(AT_PHNUM)))
		return;
	if (!find_at(headers, start))
		find_at(headers, bias);
}

void headers_widen(const struct headers *headers, uintptr_t *low,
		   uintptr_t *high)
{
	for (unsigned i = 0; i < headers->n; i++) {
		const ElfW(Phdr) *ph = &headers->at[i];
		uintptr_t start = headers->bias + (ph->p_vaddr & ~4095ul);
		uintptr_t end = headers->bias + ph->p_vaddr + ph->p_memsz;

		if (ph->p_type != PT_LOAD)
			continue;
		if (start < *low)
			*low = start;
		if (end > *high)
			*high = end;
	}
}

static bool note_is(const ElfW(Nhdr) * note, size_t left, const char name[4],
		    uint32_t type)
{
	return note->n_type == type && note->n_namesz == 4 && note->n_descsz &&
	       note->n_descsz <= left - sizeof(*note) - 4 &&
	       !memcmp(note + 1, name, 4);
}

static const ElfW(Nhdr) *
	note_find(uintptr_t at, size_t left, const char name[4], uint32_t type)
{
	while (left >= sizeof(ElfW(Nhdr)) + 4) {
		const ElfW(Nhdr) *note = (const void *)at;
		size_t n = sizeof(*note) + ((note->n_namesz + 3ul) & ~3ul) +
			   ((note->n_descsz + 3ul) & ~3ul);

		if (note_is(note, left, name, type))
			return note;
		if (n >= left)
			return NULL;
		at += n;
		left -= n;
	}
	return NULL;
}

const void *headers_note(const struct headers *headers, const char name[4],
			 uint32_t type, size_t *size)
{
	const ElfW(Nhdr) *note = NULL;

	for (unsigned i = 0; i < headers->n && !note; i++) {
		const ElfW(Phdr) *ph = &headers->at[i];
		uintptr_t at = headers->bias + ph->p_vaddr;

		if (ph->p_type == PT_NOTE && at % 4 == 0 &&
		    headers_readable(headers, at) >= ph->p_filesz)
			note = note_find(at, ph->p_filesz, name, type);
	}
	*size = note ? note->n_descsz : 0;
	return note ? (const char *)(note + 1) + 4 : NULL;
}

uint8_t headers_build_id(const struct headers *headers, uint8_t id[BUILD_ID])
{
	size_t n;
	const void *note = headers_note(headers, "GNU", NT_GNU_BUILD_ID, &n);

	if (n > BUILD_ID)
		n = BUILD_ID;
	if (n)
		memcpy(id, note, n);
	return (uint8_t)n;
}
