/*
 * Whose a finding is: the program's, or a library's.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

struct finding;
struct report;

/* "program", or the name of the library in which its blocks were made, as the
 * innermost frame tells that is no runtime's and no allocator's. A cycle is the
 * program's when one object of its ring is. GLib's it is only where nothing
 * else tells. NULL: no stack tells. After members_arrange(). */
const char *finding_origin(struct report *report,
			   const struct finding *finding);

#endif
