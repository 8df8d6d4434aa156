/* See prepare.h. */
#include "scan/blocks_build.h"
#include "scan/halves.h"
#include "scan/late.h"
#include "scan/loader.h"
#include "scan/maps.h"
#include "scan/offsets.h"
#include "scan/roots.h"
#include "scan/runtime.h"
#include "snapshot/frozen.h"
#include "snapshot/limits.h"
#include "snapshot/prepare.h"
#include "snapshot/triggers.h"

int prepare(const struct snapshot *snapshot, uint64_t program_pages,
	    struct prepared *out)
{
	int err = maps_read(&out->maps);

	if (!err)
		err = blocks_build(&out->maps);
	if (!err)
		err = late_begin(&snapshot->shared->late, &out->maps,
				 triggers_must(snapshot->trigger),
				 snapshot->again);
	if (!err)
		err = roots_find(&snapshot->self, &snapshot->alternate,
				 &out->maps, &out->roots);
	halves_begin(&out->maps);
	if (!err)
		err = offsets_begin();
	if (!err)
		err = loader_forget();
	if (!err && runtimes_are_here())
		limits_declare(program_pages);
	return err ? err : runtimes_declare(&out->arena);
}
