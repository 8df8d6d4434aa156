/*
 * What is said of a finding in the forms that have room for a few sentences.
 * All strings are in the report's memory.
 */
#ifndef SAID_H
#define SAID_H

struct finding;
struct report;

/* "reference cycle: 5 × Club ⇄ Member, 920 bytes. Make Club::owner a
 * std::weak_ptr<Member>." */
const char *finding_said(struct report *report, const struct finding *finding);
/* What the text form prints of it, in UTF-8 and without colours. */
const char *finding_passage(struct report *report,
			    const struct finding *finding);
/* Says on standard error that so many findings are left out of the form. */
void left_out(unsigned long n, const char *form, unsigned long limit);

#endif
