/*
 * The forms in which other tools read a report. Each is printed from the same
 * findings, in the order of the text form: alarms, and what is pending where
 * the form can say so. Suspects and what is gone are on the page alone.
 */
#ifndef FORMS_H
#define FORMS_H

#include <stdio.h>

struct report;

struct form;

/* By its name, as for --format=; NULL: there is no such form. */
const struct form *form_find(const char *name);
/* What the report holds must be explained before. Errors of out are its owner's
 * to see. */
void form_print(const struct form *form, struct report *report, FILE *out);

#endif
