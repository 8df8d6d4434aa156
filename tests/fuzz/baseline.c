/*
 * What `--baseline` and `diff` are given: a report's file or its JSON.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/die.h"
#include "fuzz.h"
#include "inputs.h"
#include "known/ledger.h"

void baseline_input(const uint8_t *bytes, size_t n)
{
	int fd = input_file(bytes, n);
	struct ledger ledger;
	char path[32];

	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	ledger = ledger_open(path, STATUS_FAILED);
	ledger_find(&ledger, "00000000000000a1");
	ledger_close(&ledger);
	close(fd);
}
