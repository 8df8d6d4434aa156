/* See runtime.h. */
#include <errno.h>
#include "base/large.h"
#include "base/arena.h"
#include "scan/declare.h"
#include "scan/runtime.h"

#define WARNINGS 64

static const struct runtime *runtimes[RUNTIMES_MAX];
static uint32_t runtimes_n;
static const char *warnings[WARNINGS] LARGE;
static uint32_t warnings_n;

bool runtime_register(const struct runtime *runtime)
{
	uint32_t i;

	for (i = 0; i < runtimes_n; i++)
		if (runtimes[i] == runtime)
			return true;
	if (runtimes_n == RUNTIMES_MAX)
		return false;
	runtimes[runtimes_n++] = runtime;
	return true;
}

const struct runtime *runtime_get(uint32_t number)
{
	return number < runtimes_n ? runtimes[number] : NULL;
}

bool runtimes_are_here(void)
{
	uint32_t i;

	for (i = 0; i < runtimes_n; i++)
		if (runtimes[i]->is_here())
			return true;
	return false;
}

int runtimes_declare(struct arena *arena)
{
	uint32_t i;
	int err = 0;

	for (i = 0; i < runtimes_n && err != -ENOMEM; i++) {
		if (!runtimes[i]->is_here())
			continue;
		declare_begin(i);
		err = runtimes[i]->declare(arena);
		if (err && err != -ENOMEM)
			declare_forget();
	}
	return err == -ENOMEM ? err : declare_end(arena);
}

void runtime_warn(const char *what)
{
	uint32_t i;

	for (i = 0; i < warnings_n; i++)
		if (warnings[i] == what)
			return;
	if (warnings_n < WARNINGS)
		warnings[warnings_n++] = what;
}

const char *runtime_warning(uint32_t i)
{
	return i < warnings_n ? warnings[i] : NULL;
}
