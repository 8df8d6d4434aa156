/*
 * Finds PROGRAM's ELF file and says why the library would see nothing of it.
 * The loader ignores a preload in static and privileged programs and in those
 * for another machine. A malloc of the executable's own is never replaced.
 * AddressSanitizer ends a program that finds a library before its own. PROGRAM
 * is run all the same: a wrong guess here costs one line.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "system/program.h"

#define INTERPRETERS_MAX 5 /* as in the kernel */

static bool is_executable(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) &&
	       !access(path, X_OK);
}

/* An empty part of PATH is the current directory. */
static char *path_lookup(const char *name)
{
	const char *path = getenv("PATH"), *end;
	char *file;

	if (!*name)
		return NULL;
	if (strchr(name, '/'))
		return strdup(name);
	for (path = path ? path : "/bin:/usr/bin"; path; path = end) {
		int n = (int)strcspn(path, ":");

		end = path[n] ? path + n + 1 : NULL;
		if (asprintf(&file, "%.*s%s%s", n, path, n ? "/" : "./", name) <
		    0)
			return NULL;
		if (is_executable(file))
			return file;
		free(file);
	}
	return NULL;
}

/* The interpreter of a #! line, malloc'd, or NULL when the file is no script.
 */
char *program_interpreter(const char *path)
{
	char line[257], *start, *end = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);

	if (fd >= 0)
		close(fd);
	if (n < 2 || line[0] != '#' || line[1] != '!')
		return NULL;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	start = line + 2 + strspn(line + 2, " \t");
	end = start + strcspn(start, " \t");
	return end > start ? strndup(start, (size_t)(end - start)) : NULL;
}

char *program_missing_interpreter(const char *path)
{
	char *name = path ? program_interpreter(path) : NULL;

	if (name && access(name, F_OK)) {
		return name;
	}
	free(name);
	return NULL;
}

static bool is_privileged(int fd)
{
	struct stat status;

	if (fstat(fd, &status))
		return false;
	if ((status.st_mode & S_ISUID) && status.st_uid != getuid())
		return true;
	if ((status.st_mode & S_ISGID) && (status.st_mode & S_IXGRP) &&
	    status.st_gid != getgid())
		return true;
	return getuid() && fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

static bool has_interpreter(Elf *elf)
{
	size_t i, n;
	GElf_Phdr header;

	if (elf_getphdrnum(elf, &n))
		return true;
	for (i = 0; i < n; i++)
		if (gelf_getphdr(elf, (int)i, &header) &&
		    header.p_type == PT_INTERP)
			return true;
	return false;
}

/* What the symbol tables tell. */
struct names {
	bool malloc; /* it defines malloc */
	bool asan;   /* it has AddressSanitizer, itself or in its library */
	bool lsan;   /* it has LeakSanitizer, likewise */
};

static void table_look(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
		       struct names *names)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t i, n = data && header->sh_entsize
			      ? header->sh_size / header->sh_entsize
			      : 0;
	GElf_Sym symbol;

	for (i = 0; i < n; i++) {
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol))
			continue;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (name && !strcmp(name, "__asan_init"))
			names->asan = true;
		if (name && !strcmp(name, "__lsan_init"))
			names->lsan = true;
		if (name && !strcmp(name, "malloc") &&
		    symbol.st_shndx != SHN_UNDEF &&
		    (GELF_ST_TYPE(symbol.st_info) == STT_FUNC ||
		     GELF_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC))
			names->malloc = true;
	}
}

static struct names names_look(Elf *elf)
{
	struct names names = {0};
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_DYNSYM ||
		     header.sh_type == SHT_SYMTAB))
			table_look(elf, section, &header, &names);
	return names;
}

static const char *elf_blind(Elf *elf, bool *refuses)
{
	struct names names;
	GElf_Ehdr header;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return NULL;
	if (header.e_ident[EI_CLASS] != ELFCLASS64)
		return "is a 32-bit program";
	if (header.e_machine != EM_X86_64)
		return "is for another machine";
	if (!has_interpreter(elf))
		return "is statically linked";
	names = names_look(elf);
	*refuses = names.asan;
	if (names.asan)
		return "is built with AddressSanitizer and has a leak checker "
		       "of its own";
	if (names.malloc && names.lsan)
		return "brings a malloc and a leak checker of its own";
	if (names.malloc)
		return "brings its own malloc";
	return NULL;
}

static const char *file_blind(const char *path, bool *refuses)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *why = NULL;
	Elf *elf;

	if (fd < 0)
		return NULL;
	if (is_privileged(fd)) {
		close(fd);
		return "runs with privileges of its own (set-uid, set-gid or "
		       "capabilities)";
	}
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf)
		why = elf_blind(elf, refuses);
	elf_end(elf);
	close(fd);
	return why;
}

struct program_file program_inspect(const char *name)
{
	struct program_file program = {.path = path_lookup(name)};
	char *file = program.path ? strdup(program.path) : NULL, *next;
	int i;

	for (i = 0; file && i < INTERPRETERS_MAX; i++) {
		next = program_interpreter(file);
		if (!next)
			break;
		free(file);
		file = next;
	}
	if (file)
		program.blind = file_blind(file, &program.refuses);
	free(file);
	return program;
}
