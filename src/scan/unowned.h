/*
 * Words that own nothing although they lead to blocks, by what runtimes and the
 * loader say.
 *
 * Snapshot child only.
 */
#ifndef UNOWNED_H
#define UNOWNED_H

#include <stdbool.h>
#include <stdint.h>

enum unowned {
	UNOWNED_WEAK,	  /* they hold nothing */
	UNOWNED_BORROWED, /* they hold what they lead to while the memory in
			     which they are is live, but explain no count, and
			     close no cycle */
};

/* Whether there are such words; then, whether that word is one. */
extern bool unowned_weak_exist, unowned_borrowed_exist;
bool unowned_is_weak(uintptr_t at);
bool unowned_is_borrowed(uintptr_t at);

/*
 * For declare.h and loader.h.
 */

/* The words of [low, high). 0 or -ENOMEM. */
int unowned_add(enum unowned kind, uintptr_t low, uintptr_t high)
	__attribute__((warn_unused_result));
/* unowned_forget(): takes out what was added since unowned_begin(). */
void unowned_begin(void);
void unowned_forget(void);
/* After the last. */
void unowned_sort(void);

#endif
