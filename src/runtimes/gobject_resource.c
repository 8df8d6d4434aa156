/*
 * See gobject_resource.h. The instance has a pointer to its private data, where
 * the descriptor is. The pointer is right when it leads to the memory before
 * the instance.
 */
#include <string.h>
#include "runtimes/gobject_quark.h"
#include "runtimes/gobject_resource.h"
#include "runtimes/gobject_types.h"
#include "scan/fault.h"

static const struct holder {
	const char *type;
	uint8_t pointer, descriptor; /* offsets */
} holders[] = {
	{"GSocket", 24, 12},
	{"GUnixInputStream", 32, 0},
	{"GUnixOutputStream", 32, 0},
	{"GLocalFileInputStream", 40, 0},
	{"GLocalFileOutputStream", 40, 36},
};

static const struct holder *holder_of(const struct gobject_type *type)
{
	char name[64];
	uint32_t i;

	if (!gobject_quark(type->name, name, sizeof name))
		return NULL;
	for (i = 0; i < sizeof holders / sizeof *holders; i++)
		if (!strcmp(name, holders[i].type))
			return &holders[i];
	return NULL;
}

int gobject_descriptor(uintptr_t block, const struct gobject_type *type)
{
	const struct holder *holder = holder_of(type);
	uintptr_t data;
	int fd;

	if (!holder ||
	    type->size - type->before < holder->pointer + sizeof data)
		return -1;
	fault_copy(&data, block + type->before + holder->pointer, sizeof data);
	if (data < block || data - block >= type->before ||
	    type->before - (data - block) < holder->descriptor + sizeof fd)
		return -1;
	fault_copy(&fd, data + holder->descriptor, sizeof fd);
	return fd;
}
