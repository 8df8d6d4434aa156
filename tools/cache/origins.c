/*
 * See origins.h. A file is the same while its size and the time of its last
 * change are. Where a module has no debug information, it counts as well that
 * there is none where it would be searched: it may be installed any time.
 */
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cache/origins.h"
#include "cache/tape.h"
#include "common/text.h"
#include "model/memory.h"
#include "model/model.h"
#include "symbols/symbols.h"

#define DEBUG "/usr/lib/debug"
#define BUILD_ID_MOST 64

static void origin_pass(struct tape *tape, const char *path)
{
	struct stat now;
	bool is_there;

	path = tape_text(tape, path);
	is_there = path && !stat(path, &now);
	if (!is_there)
		memset(&now, 0, sizeof(now));
	if (tape_number(tape, is_there) != is_there ||
	    tape_number(tape, (uint64_t)now.st_size) != (uint64_t)now.st_size ||
	    tape_number(tape, (uint64_t)now.st_mtim.tv_sec) !=
		    (uint64_t)now.st_mtim.tv_sec ||
	    tape_number(tape, (uint64_t)now.st_mtim.tv_nsec) !=
		    (uint64_t)now.st_mtim.tv_nsec)
		tape->has_failed = true;
}

struct paths {
	struct report *report;
	const char **list;
	size_t n;
};

static void path_add(struct paths *paths, const char *path)
{
	if (path)
		paths->list[paths->n++] = path;
}

/* Where the debug information may be that a link in the module names. */
static void linked_add(struct paths *paths, const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	int n = (int)(slash - path);

	path_add(paths, text_print(paths->report, "%.*s/%s", n, path, name));
	path_add(paths,
		 text_print(paths->report, "%.*s/.debug/%s", n, path, name));
	path_add(paths,
		 text_print(paths->report, DEBUG "%.*s/%s", n, path, name));
}

/* dwz makes a file that several files of debug information share. It is beside
 * the file that names it, or where its build-id says. */
static void shared_add(struct paths *paths, const struct symbols *symbols,
		       const char *debug)
{
	char hex[2 * BUILD_ID_MOST + 1] = "";
	const char *name, *slash = strrchr(debug, '/');
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(symbols->module, &bias);
	const unsigned char *id;
	const void *bytes;
	ssize_t i,
		n = dwarf ? dwelf_dwarf_gnu_debugaltlink(dwarf, &name, &bytes)
			  : 0;

	if (n <= 0)
		return;
	path_add(paths,
		 name[0] == '/' || !slash
			 ? text_print(paths->report, "%s", name)
			 : text_print(paths->report, "%.*s/%s",
				      (int)(slash - debug), debug, name));
	id = bytes;
	for (i = 0; i < n && i < BUILD_ID_MOST; i++)
		snprintf(hex + 2 * i, 3, "%02x", id[i]);
	path_add(paths,
		 text_print(paths->report, DEBUG "/.build-id/%.2s/%s.debug",
			    hex, hex + 2));
}

static void opened_add(struct paths *paths, const struct symbols *symbols,
		       const char *path)
{
	const char *debug = NULL, *link;
	GElf_Addr bias;
	GElf_Word crc;
	Elf *elf;

	dwfl_module_info(symbols->module, NULL, NULL, NULL, NULL, NULL, NULL,
			 &debug);
	path_add(paths, debug);
	shared_add(paths, symbols, debug ? debug : path);
	elf = dwfl_module_getelf(symbols->module, &bias);
	link = elf ? dwelf_elf_gnu_debuglink(elf, &crc) : NULL;
	if (link)
		linked_add(paths, path, link);
}

#define PATHS_MOST 8 /* of one module */

static void module_add(struct paths *paths, const struct module *module)
{
	char *path = module->path[0] == '/' ? path_bytes(module->path) : NULL;

	if (!path || !module->symbols) {
		free(path);
		return;
	}
	path_add(paths, report_copy(paths->report, path, strlen(path)));
	if (strlen(module->build_id) > 2)
		path_add(paths,
			 text_print(paths->report,
				    DEBUG "/.build-id/%.2s/%s.debug",
				    module->build_id, module->build_id + 2));
	if (module->symbols->module)
		opened_add(paths, module->symbols, path);
	free(path);
}

void origins_pass(struct tape *tape, struct report *report)
{
	struct paths paths = {.report = report};
	const struct module *module;
	size_t i, n;

	if (tape->mode == TAPE_WRITES) {
		n = 1 + (size_t)PATHS_MOST * HASH_COUNT(report->modules);
		paths.list = report_take(report, n, sizeof(*paths.list));
		path_add(&paths, "/proc/self/exe");
		for (module = report->modules; module; module = module->hh.next)
			module_add(&paths, module);
	}
	n = tape_count(tape, paths.n);
	for (i = 0; i < n && !tape->has_failed; i++)
		origin_pass(tape, paths.list ? paths.list[i] : NULL);
}
