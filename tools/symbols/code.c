/*
 * See code.h. A word of code is found by the section that has it: files that
 * hold debug information alone have sections without contents.
 */
#include <elf.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "symbols/code.h"
#include "symbols/symbols.h"

static Elf *elf_of(struct symbols *symbols)
{
	GElf_Addr bias;

	return symbols->module ? dwfl_module_getelf(symbols->module, &bias)
			       : NULL;
}

/* Finds the section of code that has the address. */
static bool text_find(struct symbols *symbols, uint64_t address)
{
	Elf *elf = elf_of(symbols);
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t size;
	const char *file = elf ? elf_rawfile(elf, &size) : NULL;

	while (file && (section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) ||
		    header.sh_type != SHT_PROGBITS ||
		    !(header.sh_flags & SHF_EXECINSTR) ||
		    address - header.sh_addr >= header.sh_size)
			continue;
		if (header.sh_offset > size ||
		    header.sh_size > size - header.sh_offset)
			return false;
		symbols->text.bytes =
			(const unsigned char *)file + header.sh_offset;
		symbols->text.start = header.sh_addr;
		symbols->text.size = header.sh_size;
		return true;
	}
	return false;
}

const unsigned char *code_at(struct symbols *symbols, uint64_t address,
			     size_t *n)
{
	const struct text_section *text = &symbols->text;

	if (address - text->start >= text->size && !text_find(symbols, address))
		return NULL;
	*n = text->size - (address - text->start);
	return text->bytes + (address - text->start);
}

static void fixup_add(struct symbols *symbols, const struct fixup *fixup)
{
	if (symbols->fixups_n == symbols->fixups_room) {
		symbols->fixups_room =
			symbols->fixups_room ? 2 * symbols->fixups_room : 256;
		symbols->fixups = realloc(
			symbols->fixups, symbols->fixups_room * sizeof(*fixup));
		if (!symbols->fixups)
			die(STATUS_FAILED, "out of memory");
	}
	symbols->fixups[symbols->fixups_n++] = *fixup;
}

/* The symbols that a section of relocations means. */
struct linked {
	Elf_Data *symbols;
	size_t names; /* the section that has them */
};

static bool linked_find(Elf *elf, const GElf_Shdr *header,
			struct linked *linked)
{
	Elf_Scn *section = elf_getscn(elf, header->sh_link);
	GElf_Shdr table;

	linked->symbols = NULL;
	if (!section || !gelf_getshdr(section, &table))
		return false;
	if (table.sh_type != SHT_DYNSYM && table.sh_type != SHT_SYMTAB)
		return true;
	linked->names = table.sh_link;
	linked->symbols = elf_getdata(section, NULL);
	return true;
}

static bool fixup_read(Elf *elf, const struct linked *linked,
		       const GElf_Rela *rela, struct fixup *fixup)
{
	GElf_Sym symbol;

	fixup->address = rela->r_offset;
	fixup->name = NULL;
	fixup->target = (uint64_t)rela->r_addend;
	switch (GELF_R_TYPE(rela->r_info)) {
	case R_X86_64_RELATIVE:
		return true;
	case R_X86_64_GLOB_DAT:
	case R_X86_64_JUMP_SLOT:
	case R_X86_64_64:
		if (!linked->symbols ||
		    !gelf_getsym(linked->symbols, (int)GELF_R_SYM(rela->r_info),
				 &symbol))
			return false;
		fixup->name = elf_strptr(elf, linked->names, symbol.st_name);
		fixup->target = symbol.st_shndx ? symbol.st_value : 0;
		return fixup->name != NULL;
	default:
		return false;
	}
}

static int by_address(const void *a, const void *b)
{
	const struct fixup *x = a, *y = b;

	return x->address == y->address ? 0 : x->address < y->address ? -1 : 1;
}

static void section_read(struct symbols *symbols, Elf *elf, Elf_Scn *section)
{
	struct linked linked;
	struct fixup fixup;
	GElf_Shdr header;
	GElf_Rela rela;
	Elf_Data *data;
	int i;

	if (!gelf_getshdr(section, &header) || header.sh_type != SHT_RELA ||
	    !linked_find(elf, &header, &linked))
		return;
	data = elf_getdata(section, NULL);
	for (i = 0; data && gelf_getrela(data, i, &rela); i++)
		if (fixup_read(elf, &linked, &rela, &fixup))
			fixup_add(symbols, &fixup);
}

static void fixups_read(struct symbols *symbols)
{
	Elf *elf = elf_of(symbols);
	Elf_Scn *section = NULL;

	symbols->fixups_listed = true;
	while (elf && (section = elf_nextscn(elf, section)))
		section_read(symbols, elf, section);
	if (symbols->fixups_n)
		qsort(symbols->fixups, symbols->fixups_n, sizeof(struct fixup),
		      by_address);
}

const struct fixup *fixup_at(struct symbols *symbols, uint64_t address)
{
	struct fixup key = {.address = address};

	if (!symbols->fixups_listed)
		fixups_read(symbols);
	return symbols->fixups_n
		       ? bsearch(&key, symbols->fixups, symbols->fixups_n,
				 sizeof(key), by_address)
		       : NULL;
}

bool fixup_named(struct symbols *symbols, const char *name)
{
	size_t i;

	if (!symbols->fixups_listed)
		fixups_read(symbols);
	for (i = 0; i < symbols->fixups_n; i++)
		if (symbols->fixups[i].name &&
		    !strcmp(symbols->fixups[i].name, name))
			return true;
	return false;
}

const struct fixup *stub_fixup(struct symbols *symbols, uint64_t address)
{
	static const unsigned char landing[] = {0xf3, 0x0f, 0x1e, 0xfa};
	size_t n, at = 0;
	const unsigned char *code = code_at(symbols, address, &n);
	int32_t distance;

	if (!code || n < 16)
		return NULL;
	if (!memcmp(code, landing, sizeof(landing)))
		at += sizeof(landing);
	if (code[at] == 0xf2) /* bnd */
		at++;
	if (code[at] != 0xff || code[at + 1] != 0x25)
		return NULL;
	memcpy(&distance, code + at + 2, sizeof(distance));
	return fixup_at(symbols,
			address + at + 6 + (uint64_t)(int64_t)distance);
}
