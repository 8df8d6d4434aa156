/*
 * The blocks to which a doubtful word leads, and those words.
 *
 * Snapshot child only.
 */
#ifndef SUSPECTS_H
#define SUSPECTS_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/root.h"

/* Why a block is a suspect. */
struct suspect {
	uintptr_t at; /* the word; 0: none */
	enum root_kind kind;
};

/* Adds a block that was not added before. False when memory is short. */
bool suspects_add(uintptr_t block, struct suspect why)
	__attribute__((warn_unused_result));
bool suspects_exist(void);
void suspects_each(void (*visit)(uintptr_t block));
/* The doubtful word that reaches the block, if it is known. */
struct suspect suspects_why(uintptr_t block);

#endif
