/*
 * Values of the JSON report that several of its parts have. Each is a new
 * reference, which the caller owns.
 */
#ifndef JSON_VALUE_H
#define JSON_VALUE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct stack;

/* null, of NULL */
json_t *text_json(const char *text);
json_t *number_json(uint64_t number);
json_t *indices_json(const size_t *indices, size_t n);
/* Its frames, those inlined among them. */
json_t *stack_json(const struct stack *stack);
/* For json_dump_callback(), `out` being a FILE: what could delete is escaped.
 */
int json_part_print(const char *part, size_t size, void *out);
/* Prints value, and takes it over. */
void json_print(FILE *out, json_t *value);

#endif
