/*
 * A running process as it looks from outside, by /proc.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* Reads the value of "Key:\t..." in /proc/PID/status into value. False when
 * there is none. */
bool process_status(pid_t pid, const char *key, char value[256]);
/* The letter of its state, as in /proc; X: it is gone. */
char process_state(pid_t pid);
bool process_is_alive(pid_t pid);
/* Who made it; 0: it is gone. */
pid_t process_parent(pid_t pid);
/* One of its threads that has not ended; the first when possible. A first
 * thread that has ended shows nothing any more. */
pid_t process_thread(pid_t pid);
/* Whether it has a handler for the signal that asks for a scan. */
bool process_takes_requests(pid_t pid);
/* Whether it is about to execute a program, or is one that has hardly begun. */
bool process_ignores_requests(pid_t pid);
/* Whether its environment names our library. */
bool process_preloads(pid_t pid);
/* `gordian run … &` leaves the command's own PID in $!: then the program that
 * it runs is meant. Returns the PID itself when it is not this command, or has
 * no child. */
pid_t process_behind_command(pid_t pid);

#endif
