/*
 * A profile in the form of pprof (profile.proto), while it is made. All texts
 * and stacks are borrowed until profile_free(); none may be NULL. Memory that
 * runs out ends the command.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct profile;
struct stack;

#define PROFILE_VALUES 4 /* of each sample */

struct value_name {
	const char *type, *unit;
};

/* shown: the value that is shown if nobody asks for another. */
struct profile *profile_new(const struct value_name names[PROFILE_VALUES],
			    size_t shown);
void profile_sample(struct profile *profile, const struct stack *stack,
		    const int64_t values[PROFILE_VALUES]);
/* Of the last sample. */
void profile_label(struct profile *profile, const char *key, const char *text);
/* Compressed by gzip; false: it cannot be. Errors of out are its owner's to
 * see. */
bool profile_write(struct profile *profile, FILE *out);
void profile_free(struct profile *profile);

#endif
