/*
 * The files from which names are taken. Each module is opened once, at its own
 * addresses, so that a report's address can be looked up as it is.
 *
 * A file whose build-id is not the report's is another file. It is not used,
 * and the report says so. Debug information is searched where Debian puts it,
 * and in the network only where DEBUGINFOD_URLS names servers.
 */
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/die.h"
#include "common/file.h"
#include "common/text.h"
#include "model/memory.h"
#include "model/model.h"
#include "symbols/modules.h"
#include "symbols/scope.h"
#include "symbols/symbols.h"

static char *debuginfo_path; /* NULL: libdwfl's default, /usr/lib/debug */

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
	.debuginfo_path = &debuginfo_path,
};

/* True when the report has no build-id, or it is the module's. */
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

/* Takes names from that file when it has that build-id. NULL, or why it is not
 * used. */
static const char *file_use(struct symbols *symbols, const char *path,
			    const char *build_id)
{
	struct stat status;
	int fd = regular_open(path, O_RDONLY, &status);

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

/* The debug information alone also names functions and lines, when the module
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

static void symbols_open(struct report *report, struct module *module,
			 struct symbols *symbols)
{
	const char *why;
	char *path;

	if (module->path[0] != '/') /* none, or the kernel's vdso */
		return;
	path = path_bytes(module->path);
	if (!path)
		die(STATUS_FAILED, "out of memory");
	why = file_use(symbols, path, module->build_id);
	free(path);
	if (!why || debug_file_use(symbols, module->build_id))
		return;
	if (module->is_missing) /* and the report says so */
		return;
	module->is_missing = true;
	report_warn(report, "frames in '%s' have no names: %s", module->path,
		    why);
}

struct symbols *symbols_of(struct report *report, struct module *module)
{
	if (!module->symbols) {
		module->symbols = calloc(1, sizeof(*module->symbols));
		if (!module->symbols)
			die(STATUS_FAILED, "out of memory");
		symbols_open(report, module, module->symbols);
	}
	return module->symbols;
}

static void symbols_close(struct symbols *symbols)
{
	struct unit *unit, *next;

	HASH_ITER(hh, symbols->units, unit, next) {
		HASH_DEL(symbols->units, unit);
		free(unit->functions.list);
		free(unit);
	}
	scopes_free(symbols);
	free(symbols->extents.list);
	free(symbols->fixups);
	HASH_CLEAR(hh, symbols->places);
	if (symbols->types)
		symbols->types_close(symbols->types);
	free(symbols->entries);
	free(symbols->names);
	if (symbols->dwfl)
		dwfl_end(symbols->dwfl);
	free(symbols);
}

void modules_close(struct report *report)
{
	struct module *module;

	for (module = report->modules; module; module = module->hh.next) {
		if (module->symbols)
			symbols_close(module->symbols);
		module->symbols = NULL;
	}
}
