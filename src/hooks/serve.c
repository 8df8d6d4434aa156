/* See serve.h. */
#include "hooks/end.h"
#include "hooks/serve.h"
#include "process/park.h"
#include "process/stopped.h"
#include "process/thread.h"
#include "snapshot/budget.h"
#include "snapshot/news.h"
#include "snapshot/question.h"
#include "snapshot/reap.h"
#include "snapshot/relief.h"
#include "snapshot/snapshot.h"
#include "snapshot/trigger.h"
#include "snapshot/triggers.h"

static void serve_others(uint32_t noted, struct stopped here)
{
	if (noted & PENDING_STOP)
		park(&here);
	if (noted & PENDING_LOST)
		relief_serve();
	if (noted & PENDING_END)
		end_by_signal(&here);
	if (noted & PENDING_REQUEST)
		snapshot_take(TRIGGER_REQUEST, &here);
	if (noted & PENDING_ABOUT)
		question_answer(thread_self->about, &here);
}

static void look_at_clock(struct thread *self)
{
	trigger_look_at_clock(self);
	if (reap_is_due(budget_now_us()))
		snapshot_reap();
}

/* Mostly the budget does not allow the scan that is due: then no system call is
 * made. */
void serve(uintptr_t sp)
{
	struct thread *self = thread_self;
	struct stopped here;
	uint32_t noted;
	int due;

	while ((noted = __atomic_exchange_n(&self->pending, 0,
					    __ATOMIC_ACQ_REL))) {
		if (noted & PENDING_CLOCK)
			look_at_clock(self);
		if (noted & ~(PENDING_CLOCK | PENDING_DUE))
			serve_others(noted, stopped_from_sp(sp));
		due = noted & PENDING_DUE ? trigger_due() : -1;
		if (due >= 0) {
			here = stopped_from_sp(sp);
			snapshot_take(due, &here);
		}
		if (noted & (PENDING_CLOCK | PENDING_DUE))
			news_deliver();
	}
}
