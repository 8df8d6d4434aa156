/*
 * The blocks that a doubtful word leads to, and those words.
 *
 * Snapshot child only.
 */
#ifndef SUSPECTS_H
#define SUSPECTS_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/root.h"

/* Why a suspect is one. */
struct suspect {
	uintptr_t at; /* the word; 0: none */
	enum root_kind kind;
};

/* One that was not added before; false when memory is short. */
bool suspects_add(uintptr_t block, struct suspect why)
	__attribute__((warn_unused_result));
bool suspects_exist(void);
void suspects_each(void (*visit)(uintptr_t block));
/* The word that alone reaches the block, if it is known. */
struct suspect suspects_why(uintptr_t block);

#endif
