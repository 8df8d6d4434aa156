/*
 * What the library reads.
 */
#include "fuzz.h"
#include "inputs.h"

const struct fuzzer fuzzers[] = {{"options", options_input, false},
				 {"rules", rules_input, false},
				 {NULL, NULL, false}};
