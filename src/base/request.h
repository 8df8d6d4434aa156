/*
 * How `gordian check` asks a running program for a scan: this signal, sent
 * with sigqueue and this value. Any other value is not ours. The program's
 * side and the command share this file and the report format, nothing else.
 */
#ifndef REQUEST_H
#define REQUEST_H

#define GORDIAN_SIGNAL (SIGRTMAX - 3)
#define GORDIAN_REQUEST 0x60d1a
#define GORDIAN_STOP 0x60d1b  /* between threads of one program */
#define GORDIAN_NUDGE 0x60d1c /* from a timer of a thread's own (calls.h) */

#endif
