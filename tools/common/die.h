/*
 * The ways in which the command speaks to its user, and its exit codes. The
 * command has one thread and no locks.
 */
#ifndef DIE_H
#define DIE_H

#include <stdarg.h>
#include <stdbool.h>

/* Exit codes: `run` is like env and timeout, the other verbs like diff. */
enum status {
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_RUN_FAILED = 125,
	STATUS_CANNOT_EXECUTE = 126,
	STATUS_NOT_FOUND = 127,
};

/* One line on standard error, "gordian: ...". Notes are dropped when quiet,
 * complaints never. die() ends the command with that status. */
extern bool messages_quiet;
/* A line that the next message takes away stands on the terminal. */
extern bool messages_over;
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(int status, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));
/* The line begins with "gordian" and whose. */
void say(const char *whose, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

#endif
