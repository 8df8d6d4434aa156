/*
 * The files that names are taken from.
 */
#ifndef MODULES_H
#define MODULES_H

struct module;
struct report;
struct symbols;

/* Opened when they are first asked for; a report warns of what cannot be. */
struct symbols *symbols_of(struct report *report, struct module *module);
void modules_close(struct report *report);

#endif
