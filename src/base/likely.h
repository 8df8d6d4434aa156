/* Which way a branch goes, for the compiler. */
#ifndef LIKELY_H
#define LIKELY_H

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#endif
