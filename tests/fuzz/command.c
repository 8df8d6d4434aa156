/*
 * What the command reads.
 */
#include "fuzz.h"
#include "inputs.h"

const struct fuzzer fuzzers[] = {{"baseline", baseline_input, true},
				 {"image", image_input, false},
				 {"module", module_input, false},
				 {"path", path_input, true},
				 {"report", report_input, true},
				 {"suppressions", suppressions_input, false},
				 {"words", words_input, false},
				 {NULL, NULL, false}};
