/*
 * What a seccomp filter answers: an interpreter of the classic BPF that the
 * kernel accepts there. Pure: no system call, no memory but its arguments.
 */
#ifndef FILTER_H
#define FILTER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

/* The kernel would take it: each instruction is known, each jump stays inside,
 * it ends with a return. */
bool filter_is_valid(const struct sock_filter *program, uint32_t n);
/* Its verdict, as the kernel forms it: an action and its data. The program is
 * valid. */
uint32_t filter_run(const struct sock_filter *program, uint32_t n,
		    const struct seccomp_data *data);
/* Of two filters' verdicts the one that the kernel obeys. */
uint32_t filter_stricter(uint32_t a, uint32_t b);

#endif
