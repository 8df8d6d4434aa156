/*
 * Everything that others may give to Gordian. Where the code under test ends
 * the command, the function is left, and what it had allocated is lost.
 */
#ifndef INPUTS_H
#define INPUTS_H

#include <stddef.h>
#include <stdint.h>

/* To the command. */
void baseline_input(const uint8_t *bytes, size_t n);
void image_input(const uint8_t *bytes, size_t n);
void module_input(const uint8_t *bytes, size_t n);
void path_input(const uint8_t *bytes, size_t n);
void report_input(const uint8_t *bytes, size_t n);
void suppressions_input(const uint8_t *bytes, size_t n);
void words_input(const uint8_t *bytes, size_t n);

/* To the library. */
void options_input(const uint8_t *bytes, size_t n);
void rules_input(const uint8_t *bytes, size_t n);

#endif
