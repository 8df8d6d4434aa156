/*
 * CPython ends in this order: exit functions, a flag that says so, other
 * threads' states, standard files, handlers of signals, a last collection, all
 * modules. What only the collection frees has leaked until then, and what the
 * interpreter leaves afterwards is no leak of the program's. So the last scan
 * is made between the flag and the collection. There the interpreter takes the
 * lock of its list of threads (3.9 to 3.12) and that of each standard file (a
 * semaphore, each of them), and resets the handler of SIGINT.
 *
 * When the flag is set, a thread that wants the interpreter's lock ends
 * immediately. Nobody frees what only its stack held. It may end after the scan
 * has looked at its stack.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include "base/export.h"
#include "base/likely.h"
#include "base/sys.h"
#include "hooks/end.h"
#include "hooks/interpreter.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/python.h"
#include "process/real.h"
#include "process/thread.h"
#include "stack/depot.h"
#include "stack/stack.h"

#define HELD_MS 500

static bool ended; /* as of the last look */
static bool seen;  /* the last scan was made */

/* Whether the program ends with the interpreter: no caller goes on. */
static bool is_last(struct thread *self, const void *frame)
{
	uint32_t node = stack_outwards(stack_capture(frame, self->memo));
	bool is = false;

	for (; node && !is; node = stack_outwards(depot_frame(node).parent))
		is = python_is_main(depot_frame(node).pc);
	return is;
}

static __attribute__((noinline)) void begins_to_end(const void *frame)
{
	struct thread *self = guard_enter(frame);
	bool last;

	if (!self)
		return;
	last = is_last(self, frame);
	guard_leave(self, NULL);
	python_note_ending();
	end_interpreter(last, (uintptr_t)FRAME);
	python_note_end();
	__atomic_store_n(&seen, true, __ATOMIC_RELEASE);
}

void interpreter_look(void)
{
	bool ending = python_is_ending();

	__builtin_unwind_init();
	python_note_life();
	if (likely(ending == __atomic_load_n(&ended, __ATOMIC_RELAXED)) ||
	    __atomic_exchange_n(&ended, ending, __ATOMIC_ACQ_REL) == ending)
		return;
	if (ending)
		begins_to_end(FRAME);
	else
		__atomic_store_n(&seen, false, __ATOMIC_RELEASE);
}

static void wait_for_scan(void)
{
	int i;

	for (i = 0; i < HELD_MS && !__atomic_load_n(&seen, __ATOMIC_ACQUIRE);
	     i++)
		sys_pause_us(1000);
}

EXPORT void pthread_exit(void *value)
{
	if (unlikely(!real.pthread_exit) && !library_begin())
		sys(SYS_exit, 0);
	if (unlikely(python_is_ending()))
		wait_for_scan();
	real.pthread_exit(value);
	__builtin_unreachable();
}

EXPORT int sem_wait(sem_t *sem)
{
	if (unlikely(!real.sem_wait) && !library_begin())
		return -1;
	interpreter_look();
	return real.sem_wait(sem);
}

EXPORT int sem_trywait(sem_t *sem)
{
	if (unlikely(!real.sem_trywait) && !library_begin())
		return -1;
	interpreter_look();
	return real.sem_trywait(sem);
}
