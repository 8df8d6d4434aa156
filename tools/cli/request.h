/*
 * A request to a running process, whose answer is a record in its report.
 */
#ifndef REQUEST_MAKE_H
#define REQUEST_MAKE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct verb;

/* Whether the record answers. seen: the last scan before the request. */
typedef bool answer_fn(const json_t *record, uint64_t seen, void *data);

struct wanted {
	uint64_t value;	  /* of the signal: base/request.h */
	const char *type; /* of the records that may answer */
	const char *done; /* "scanned" */
	answer_fn *answers;
	void *data;
};

/* Sends the request and waits for the answer. Returns a descriptor of the
 * report, which the caller closes. When there is no answer it ends the command:
 * says why. */
int request_make(pid_t pid, const struct wanted *wanted);
/* The word as a process id; wrong usage of the verb when it is none. */
pid_t pid_read(const struct verb *verb, const char *word);

#endif
