/*
 * The files from which names are taken.
 */
#ifndef MODULES_H
#define MODULES_H

struct module;
struct report;
struct symbols;

/* Opens a module when it is first asked for. The report warns when that
 * fails. */
struct symbols *symbols_of(struct report *report, struct module *module);
void modules_close(struct report *report);

#endif
