/*
 * Module and address → function, file and line, with libdw. Each module is
 * opened once, at its own addresses (so that a report's address can be looked
 * up as it is), and every answer is kept: reports repeat themselves.
 *
 * A file whose build-id is not the report's is another file: it is not used,
 * and the report says so. Debug information is looked for where Debian puts
 * it, never in the network.
 */
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/tool.h"
#include "symbols/symbolize.h"

static char *debuginfo_path; /* NULL: libdwfl's default, /usr/lib/debug */

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
	.debuginfo_path = &debuginfo_path,
};

/* True when the report's build-id is not there, or is the module's. */
static bool build_id_fits(Dwfl_Module *dwfl_module, const char *expected)
{
	const unsigned char *bits;
	GElf_Addr at, bias;
	int i, n;

	if (!*expected)
		return true;
	if (!dwfl_module_getelf(dwfl_module, &bias))
		return false;
	n = dwfl_module_build_id(dwfl_module, &bits, &at);
	if (n <= 0 || strlen(expected) != 2 * (size_t)n)
		return false;
	for (i = 0; i < n; i++) {
		char hex[3];

		snprintf(hex, sizeof(hex), "%02x", bits[i]);
		if (strncasecmp(hex, expected + 2 * i, 2))
			return false;
	}
	return true;
}

/* A regular file, opened without waiting for anybody: a report may name a
 * pipe or a terminal. -1 with errno. */
static int file_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd >= 0 && (fstat(fd, &status) || !S_ISREG(status.st_mode))) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

/* Takes names from that file when it is the one with that build-id. NULL, or
 * why it is not used. */
static const char *file_use(struct symbols *symbols, const char *path,
			    const char *build_id)
{
	int fd = file_open(path);

	if (fd < 0)
		return strerror(errno);
	symbols->dwfl = dwfl_begin(&callbacks);
	if (!symbols->dwfl)
		die(STATUS_FAILED, "libdw: %s", dwfl_errmsg(-1));
	dwfl_report_begin(symbols->dwfl);
	symbols->module = dwfl_report_elf(symbols->dwfl, "", path, fd, 0, true);
	dwfl_report_end(symbols->dwfl, NULL, NULL);
	if (symbols->module && build_id_fits(symbols->module, build_id))
		return NULL;
	if (!symbols->module)
		close(fd);
	dwfl_end(symbols->dwfl);
	symbols->dwfl = NULL;
	if (!symbols->module)
		return "it is no ELF file";
	symbols->module = NULL;
	return "it has another build-id than the file that the program used";
}

/* The debug information alone names functions and lines too, when the module
 * has been removed or replaced since. */
static bool debug_file_use(struct symbols *symbols, const char *build_id)
{
	char path[128];
	size_t n = strlen(build_id);

	if (n < 3 || n > 64 || strspn(build_id, "0123456789abcdef") != n)
		return false;
	snprintf(path, sizeof(path), "/usr/lib/debug/.build-id/%.2s/%s.debug",
		 build_id, build_id + 2);
	return !file_use(symbols, path, build_id);
}

static void symbols_open(struct report *report, const struct module *module,
			 struct symbols *symbols)
{
	const char *why;
	char *path;

	if (module->path[0] != '/') /* none, or the kernel's vdso */
		return;
	unsetenv("DEBUGINFOD_URLS");
	path = path_bytes(module->path);
	if (!path)
		die(STATUS_FAILED, "out of memory");
	why = file_use(symbols, path, module->build_id);
	free(path);
	if (why && !debug_file_use(symbols, module->build_id))
		report_warn(report, "frames in '%s' have no names: %s",
			    module->path, why);
}

static struct symbols *module_symbols(struct report *report,
				      struct module *module)
{
	if (!module->symbols) {
		module->symbols = calloc(1, sizeof(*module->symbols));
		if (!module->symbols)
			die(STATUS_FAILED, "out of memory");
		symbols_open(report, module, module->symbols);
	}
	return module->symbols;
}

void symbols_free(struct symbols *symbols)
{
	struct place *place, *next;
	struct unit *unit, *next_unit;

	if (!symbols)
		return;
	HASH_ITER(hh, symbols->units, unit, next_unit) {
		HASH_DEL(symbols->units, unit);
		free(unit->ranges);
		free(unit);
	}
	HASH_ITER(hh, symbols->places, place, next)
		HASH_DEL(symbols->places, place);
	free(symbols->entries);
	if (symbols->dwfl)
		dwfl_end(symbols->dwfl);
	free(symbols);
}

char *__cxa_demangle(const char *mangled, char *buffer, size_t *length,
		     int *status);

const char *name_demangle(struct report *report, const char *name)
{
	char *plain = NULL;
	const char *kept;
	int status;

	if (name[0] == '_' && name[1] == 'Z')
		plain = __cxa_demangle(name, NULL, NULL, &status);
	kept = name_keep(report, plain ? plain : name);
	free(plain);
	return kept;
}

/* Names in ELF files are bytes too. */
const char *name_keep(struct report *report, const char *name)
{
	char *text = text_from_bytes(name, strlen(name));
	const char *kept;

	if (!text)
		die(STATUS_FAILED, "out of memory");
	kept = obstack_copy0(&report->memory, text, (int)strlen(text));
	free(text);
	return kept;
}

struct place *place_new(struct report *report, size_t n)
{
	struct place *place = obstack_alloc(&report->memory, sizeof(*place));

	memset(place, 0, sizeof(*place));
	place->n = n;
	place->symbols =
		obstack_alloc(&report->memory, n * sizeof(*place->symbols));
	memset(place->symbols, 0, n * sizeof(*place->symbols));
	return place;
}

static struct place *place_find(struct report *report, struct symbols *symbols,
				uint64_t address)
{
	struct place *place = NULL;
	const char *name;

	if (symbols->module)
		place = dwarf_place(report, symbols, address);
	if (!place)
		place = place_new(report, 1);
	/* The outermost entry is a function of the symbol table as well, which
	 * also knows those that the compiler described without a name. */
	if (!place->symbols[place->n - 1].function && symbols->module) {
		name = entry_name(symbols, address, false);
		if (name)
			place->symbols[place->n - 1].function =
				name_demangle(report, name);
	}
	return place;
}

const struct place *frame_place(struct report *report,
				const struct frame *frame)
{
	static struct symbol unknown_symbol;
	static const struct place unknown = {.n = 1,
					     .symbols = &unknown_symbol};
	struct symbols *symbols;
	struct place *place;

	if (!frame->module)
		return &unknown;
	symbols = module_symbols(report, frame->module);
	HASH_FIND(hh, symbols->places, &frame->address, sizeof(frame->address),
		  place);
	if (!place) {
		place = place_find(report, symbols, frame->address);
		place->address = frame->address;
		HASH_ADD(hh, symbols->places, address, sizeof(place->address),
			 place);
	}
	return place;
}

const char *frame_type(struct report *report, const struct frame *frame)
{
	static const char prefix[] = "vtable for ";
	struct symbols *symbols;
	const char *name, *plain;

	if (!frame->module)
		return NULL;
	symbols = module_symbols(report, frame->module);
	name = symbols->module ? entry_name(symbols, frame->address, true)
			       : NULL;
	if (!name || strncmp(name, "_ZTV", 4))
		return NULL;
	plain = name_demangle(report, name);
	return strncmp(plain, prefix, sizeof(prefix) - 1)
		       ? NULL
		       : plain + sizeof(prefix) - 1;
}
