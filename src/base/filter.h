/*
 * What a seccomp filter answers: an interpreter of the classic BPF that the
 * kernel accepts for seccomp. Pure: no system calls, no memory but its
 * arguments.
 */
#ifndef FILTER_H
#define FILTER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether the kernel would accept the filter: it knows each instruction, each
 * jump stays inside, and the last instruction is a return. */
bool filter_is_valid(const struct sock_filter *program, uint32_t n);
/* The filter's verdict, as the kernel forms it: an action and its data. The
 * filter must be valid. */
uint32_t filter_run(const struct sock_filter *program, uint32_t n,
		    const struct seccomp_data *data);
/* The one of two filters' verdicts that the kernel obeys. */
uint32_t filter_stricter(uint32_t a, uint32_t b);

#endif
