/*
 * One finding as text.
 */
#ifndef PASSAGE_H
#define PASSAGE_H

struct finding;
struct page;

/* holder: another finding, below which this one stands; or NULL. */
void finding_print(const struct page *page, const struct finding *finding,
		   const struct finding *holder);

#endif
