/*
 * What scans may cost the program. Threshold and interval scans get a share of
 * the wall time.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct rusage;

/* The time now, in µs, by a clock that costs no system call. */
uint64_t budget_now_us(void);
void budget_init(uint64_t now_us);
/* Whether a scan that costs about so much may begin. */
bool budget_allows(uint64_t now_us, uint64_t expected_us);
/* When such a scan may begin, if nothing else is charged. */
uint64_t budget_when(uint64_t now_us, uint64_t expected_us);
/* Charges what a scan has cost, whoever asked for it. */
void budget_charge(uint64_t now_us, uint64_t cost_us);
/* What the last scan cost. */
uint64_t budget_last_us(void);
/* Charges time that hooks spent on beginning scans. Any thread. */
void budget_spend(uint64_t us);

/* A scan's cost: the child's CPU time, the pause, and the pages that the
 * program had to copy while the child lived. */
uint64_t budget_cost_us(uint64_t cpu_us, uint64_t pause_us, uint64_t copied);
uint64_t budget_cpu_us(const struct rusage *use);

/* The program's minor faults so far. */
uint64_t budget_faults(void);
/* In the child. The program's memory now, in pages; budget_copied() counts from
 * here. 0 when it cannot be known. */
uint64_t budget_watch(void);
/* At most so many pages the program had to copy since then. */
uint64_t budget_copied(uint64_t faults_before);

#endif
