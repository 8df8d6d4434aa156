/*
 * The line that answers `gordian why`: what holds a block. Snapshot child only.
 */
#ifndef PATH_LINE_H
#define PATH_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include "evidence/evidence.h"
#include "evidence/way.h"
#include "report/line.h"

/* The block that was asked about. */
struct path_target {
	uintptr_t address; /* as it was given */
	uintptr_t block;   /* where its block begins; 0: it is in none */
	uint64_t size;
	uint64_t finding; /* that it is a member of, or is kept by; 0: none */
	bool is_kept;
};

/* There is a path. */
void path_line(struct line *line, const struct path_target *target,
	       const struct way *way, const struct evidence *evidence);
/* The same, as a part of another line. way NULL: there is none, and the only
 * member is the block. */
void path_line_fields(struct line *line, const struct path_target *target,
		      const struct way *way, const struct evidence *evidence);
/* There is none. held: "suspect", "nothing", "unknown" or "no-block". word: of
 * a suspect, else NULL. root: whose memory the address is; NULL: it is in a
 * block, or nobody's. evidence: its first member is the block; or NULL. */
void path_line_none(struct line *line, const struct path_target *target,
		    const char *held, const struct evidence_word *word,
		    const struct evidence_root *root,
		    const struct evidence *evidence);

#endif
