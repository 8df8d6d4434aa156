/* See left.h. */
#include <stdbool.h>
#include <stdint.h>
#include "graph/finding.h"
#include "graph/findings.h"
#include "heap/heap_word.h"
#include "process/python.h"
#include "report/report.h"
#include "scan/blocks.h"
#include "scan/nodes.h"
#include "snapshot/left.h"

static bool has_member(const struct finding *f,
		       bool (*is)(struct heap_word word))
{
	uint32_t i;

	for (i = 0; i < f->members_n; i++)
		if (is(blocks_word(nodes_block(f->members[i]))))
			return true;
	return false;
}

void left_judge(struct findings *findings, const struct reported *reported)
{
	uint32_t i;

	for (i = 0; i < findings->n; i++) {
		struct finding *f = &findings->list[i];

		f->left = !report_was_alarm(reported, f->id) &&
			  has_member(f, python_left);
		f->final = !f->left && python_ends_now() &&
			   has_member(f, python_made);
		if (f->left)
			f->confidence = CONFIDENCE_SUSPECT;
	}
}
