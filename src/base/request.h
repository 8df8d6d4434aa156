/*
 * `gordian check` asks a running program for a scan by this signal, sent with
 * sigqueue and this value. A signal with another value is not ours. The
 * program's side and the command share this file and the report format, nothing
 * else.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdint.h>

#define GORDIAN_SIGNAL (SIGRTMAX - 3)
#define GORDIAN_REQUEST 0x60d1a
/* Requests about something have a value of 64 bits, with this in front and an
 * address behind. `gordian why`: what holds the block there? */
#define GORDIAN_ABOUT_BITS 47
#define GORDIAN_WHY (0x60d1ull << GORDIAN_ABOUT_BITS)
/* `gordian snapshot`: write the whole heap beside the report, to a file whose
 * name ends with that number. */
#define GORDIAN_HEAP (0x60d3ull << GORDIAN_ABOUT_BITS)
#define GORDIAN_ABOUT ((1ull << GORDIAN_ABOUT_BITS) - 1)
#define GORDIAN_STOP 0x60d1b  /* between threads of one program */
#define GORDIAN_NUDGE 0x60d1c /* from a timer of a thread's own (calls.h) */

/* An answer that could not be written, as on a full disk, is not in the report.
 * The program's mapping of the report tells of it in /proc/PID/maps. Its
 * offset, in pages, has how often that happened and why (errno). No byte of the
 * mapping is ever read. */
#define UNANSWERED(times, why) ((uint64_t)((times)&0xffff) << 8 | (why))
#define UNANSWERED_WHY(pages) ((int)((pages)&0xff))

#endif
