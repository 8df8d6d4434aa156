/*
 * The findings of a report in short, and the places that grow: how many of each
 * id. A ledger is made of a report's file, or of the JSON that `gordian report
 * --format=json` prints.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

struct finding;
struct report;

struct known {
	const char *id;
	uint64_t count, bytes;
	bool is_alarm;
	/* One of these, of a finding. */
	const struct finding *finding;
	const json_t *json;
	UT_hash_handle hh;
};

struct ledger {
	struct known *all;     /* hash by id, in the order of the report; of
				  those that are not gone */
	struct known *growing; /* hash by id: how many blocks at the end */
	struct report *report; /* of a file, explained; or NULL */
	json_t *json;	       /* or NULL */
};

/* Reads a file. What is wrong with it, damage too, ends the command with that
 * status. */
struct ledger ledger_open(const char *path, int status);
struct known *ledger_find(const struct ledger *ledger, const char *id);
void ledger_close(struct ledger *ledger);

/* Marks the alarms of an explained report that a ledger has, in no smaller
 * number, and the places that grow in both. */
void report_settle(struct report *report, const struct ledger *baseline);

#endif
