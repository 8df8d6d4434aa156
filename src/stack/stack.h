/*
 * Allocation stacks: walks the caller's frames and interns them in the depot.
 */
#ifndef STACK_H
#define STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stack_memo; /* memo.h */

/*
 * The id of the stack whose innermost frame is the caller of the function with
 * this __builtin_frame_address(0) (compiled with a frame pointer). 0 when
 * nothing is known.
 *
 * On the thread's own stack the last capture is joined, which is four times as
 * fast as a whole walk. The thread may run on another stack just now: that is
 * noticed, and the stack is read page by page, as the kernel allows. Without a
 * memo (NULL) there are 32 frames at most.
 *
 * Runs inside the guard: no libc allocation, no loader lock. Takes no lock that
 * a signal handler or fork could find held.
 */
uint32_t stack_capture(const void *frame, struct stack_memo *memo);

/* The frames of the last capture with this memo, innermost first, and its id.
 * Returns how many, at most UNWIND_MAX of unwind.h. */
size_t stack_last(const struct stack_memo *memo, uintptr_t *pcs, uint32_t *id);
/* The next frame outwards that is not ours: its node in the depot, 0 at the
 * end. Begin with the stack's id. */
uint32_t stack_outwards(uint32_t node);
/* Whether pc is in our own code. Innermost frames of ours are in no stack. */
bool stack_is_own(uintptr_t pc);

/* Once, from the constructor. now: opens libunwind at once (unwind.h). */
void stack_init(bool now);
/* From now on no stack is known. All memos are to be freed then. */
void stack_stop(void);
/* For fork(2) in a threaded program: holds the locks, and drops them in parent
 * and child. */
void stack_fork_prepare(void);
void stack_fork_done(void);

#endif
