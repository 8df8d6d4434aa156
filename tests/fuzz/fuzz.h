/*
 * What the fuzzers share. The command and the library are a program each, with
 * a table of inputs. With clang's libFuzzer (`make fuzz`) inputs are made up,
 * those of the kind that FUZZ names in the environment. Else (`make check`)
 * they are the files of a corpus.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct fuzzer {
	const char *name; /* also of its corpus; NULL: no more follow */
	void (*input)(const uint8_t *bytes, size_t n);
	bool is_json; /* lines of it */
};
extern const struct fuzzer fuzzers[];

/* The one of that name. One that there is not ends the program. */
const struct fuzzer *fuzzer_find(const char *name);
void fuzzer_try(const struct fuzzer *fuzzer, const uint8_t *bytes, size_t n);

/* The bytes as a file, at its beginning. */
int input_file(const uint8_t *bytes, size_t n);
/* Takes what is written, and keeps none of it. To be closed. */
FILE *output_file(void);

#endif
