/*
 * A file of rules, as the library takes it.
 */
#include "fuzz.h"
#include "inputs.h"
#include "rules/rulings.h"

static void refuse(uint32_t line, const char *why, void *data)
{
	(void)line;
	(void)why;
	(void)data;
}

void rules_input(const uint8_t *bytes, size_t n)
{
	rulings_read((const char *)bytes, n, refuse, NULL);
	rulings_know("libglib-2.0.so.0");
}
