/* See suspects.h. */
#include "base/list.h"
#include "scan/suspects.h"

struct noted {
	uintptr_t block;
	struct suspect why;
};

static struct list suspects;

bool suspects_add(uintptr_t block, struct suspect why)
{
	struct noted noted = {block, why};

	return list_add(&suspects, &noted, sizeof noted);
}

bool suspects_exist(void)
{
	return suspects.n;
}

void suspects_each(void (*visit)(uintptr_t block))
{
	const struct noted *list = suspects.list;
	uint32_t i;

	for (i = 0; i < suspects.n; i++)
		visit(list[i].block);
}

struct suspect suspects_why(uintptr_t block)
{
	const struct noted *list = suspects.list;
	uint32_t i;

	for (i = 0; i < suspects.n; i++)
		if (list[i].block == block)
			return list[i].why;
	return (struct suspect){0};
}
