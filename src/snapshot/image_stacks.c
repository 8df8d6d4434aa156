/* See image_stacks.h. */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/bits.h"
#include "snapshot/image_stacks.h"
#include "snapshot/stream.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/python_code.h"
#include "stack/python_frames.h"
#include "stack/stack.h"

static uint64_t *noted; /* bits: that node of the depot is wanted */
static uint32_t nodes;	/* of the depot, as of the beginning */

int image_stacks_begin(void)
{
	nodes = depot_count();
	noted = arena_map((nodes / 64 + 1) * sizeof *noted);
	return noted ? 0 : -ENOMEM;
}

void image_note_stack(uint32_t stack)
{
	while (stack && stack <= nodes && !bit_is_set(noted, stack)) {
		bit_set(noted, stack);
		stack = depot_frame(stack).parent;
	}
}

void image_place(struct stream *s, uint32_t module, uintptr_t address)
{
	stream_number(s, module);
	if (module && module != python_module())
		address -= module_get(module)->bias;
	stream_number(s, address);
}

static void write_text(struct stream *s, const char *text)
{
	stream_text(s, text ? text : "", text ? strlen(text) : 0);
}

static void write_python(struct stream *s, uintptr_t address)
{
	struct python_place place = python_place(address);

	write_text(s, place.function);
	write_text(s, place.file);
	stream_number(s, place.line > 0 ? (uint64_t)place.line : 0);
}

/* Parents come before their children. Frames of ours are left out by what reads
 * them. */
int image_stacks(struct stream *s)
{
	uint32_t i, last = 0;

	stream_number(s, python_module());
	for (i = 1; i <= nodes && !s->err; i++) {
		struct depot_frame frame;

		if (!bit_is_set(noted, i))
			continue;
		frame = depot_frame(i);
		stream_number(s, i - last);
		last = i;
		stream_number(s, frame.parent);
		stream_number(s, stack_is_own(frame.pc));
		image_place(s, frame.module, frame.pc);
		if (frame.module && frame.module == python_module())
			write_python(s, frame.pc);
	}
	stream_number(s, 0);
	return 0;
}

void image_modules(struct stream *s)
{
	uint32_t i, n = module_count();

	stream_number(s, n);
	for (i = 1; i < n; i++) {
		const struct module *m = module_get(i);

		write_text(s, m->path);
		stream_text(s, (const char *)m->build_id, m->build_id_n);
	}
}
