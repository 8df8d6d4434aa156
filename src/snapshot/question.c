/* See question.h. */
#include "base/request.h"
#include "process/stopped.h"
#include "snapshot/frozen.h"
#include "snapshot/question.h"
#include "snapshot/shared.h"
#include "snapshot/snapshot.h"
#include "snapshot/triggers.h"

bool question_is(uint64_t value)
{
	return (value & ~GORDIAN_ABOUT) == GORDIAN_WHY ||
	       (value & ~GORDIAN_ABOUT) == GORDIAN_HEAP;
}

static bool has_no_path(void)
{
	return shared_memory()->questioned &&
	       shared_memory()->answered == ANSWERED_NOTHING;
}

void question_answer(uint64_t value, const struct stopped *self)
{
	uintptr_t about = value & GORDIAN_ABOUT;

	if ((value & ~GORDIAN_ABOUT) == GORDIAN_HEAP)
		snapshot_ask(TRIGGER_REQUEST, ASK_HEAP, about, self);
	else if (!snapshot_ask(TRIGGER_REQUEST, ASK_PATH, about, self) &&
		 has_no_path())
		snapshot_ask(TRIGGER_REQUEST, ASK_HELD, about, self);
}
