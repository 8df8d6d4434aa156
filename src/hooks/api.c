/*
 * The macros of gordian.h, and the table through which the header finds them.
 * Any thread. Each macro enters the guard, takes the stack of its caller, where
 * the macro stands, and leaves like a hook. From a handler that interrupted the
 * guard macros count all the same, without a stack.
 */
#include <errno.h>
#define GORDIAN_TABLE_ONLY
#include "base/export.h"
#include "base/likely.h"
#include "base/lock.h"
#include "base/sys.h"
#include "gordian.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "heap/range.h"
#include "hooks/block.h"
#include "hooks/gc.h"
#include "process/guard.h"
#include "process/tally.h"
#include "process/thread.h"
#include "refs/refs.h"

static inline struct thread *enter(const void *frame)
	__attribute__((always_inline));
static inline struct thread *enter(const void *frame)
{
	struct thread *self = guard_enter(frame);

	if (likely(self != NULL)) {
		self->macros++;
		latch_recover();
		(void)!refs_init(); /* without memory nothing is noted */
	}
	return self;
}

static inline uint32_t stack_of(struct thread *self, const void *frame)
{
	if (unlikely(!self))
		return 0;
	tally_capture(&self->tally);
	return block_stack(self, frame);
}

static inline uintptr_t word(const void *p)
{
	return (uintptr_t)p;
}

static void api_object(const void *p, const char *type, int count)
{
	struct thread *self = enter(FRAME);

	refs_object(word(p), type, count, stack_of(self, FRAME));
	guard_end(self);
}

static void api_ref(const void *p)
{
	struct thread *self = enter(FRAME);

	refs_ref(word(p), stack_of(self, FRAME));
	guard_end(self);
}

static void api_unref(const void *p)
{
	struct thread *self = enter(FRAME);

	refs_unref(word(p), stack_of(self, FRAME));
	guard_end(self);
}

static void api_link(const void *owner, const void *slot, const char *field,
		     const void *target)
{
	struct thread *self = enter(FRAME);

	refs_link(word(owner), word(slot), field, word(target),
		  stack_of(self, FRAME));
	guard_end(self);
}

static void api_unlink(const void *owner, const void *slot)
{
	struct thread *self = enter(FRAME);

	if (owner && !refs_unlink(word(slot)))
		refs_misuse(refs_bad_unlink, word(slot), stack_of(self, FRAME));
	guard_end(self);
}

/* On the stack, which may be an unknown one of a fiber's. */
#define NEAR (64ul << 10)

static void api_weak(const void *owner, const void *slot, const char *field)
{
	struct thread *self = enter(FRAME);

	if (owner && word(slot) - word(FRAME) >= NEAR)
		refs_weak(word(owner), word(slot), field,
			  stack_of(self, FRAME));
	guard_end(self);
}

static void api_count_field(const char *type, size_t offset, size_t size)
{
	struct thread *self = enter(FRAME);

	refs_count_field(type, offset, size);
	guard_end(self);
}

static void api_finalizer(const void *p, const char *name)
{
	struct thread *self = enter(FRAME);

	refs_finalizer(word(p), name, stack_of(self, FRAME));
	guard_end(self);
}

static void api_resource(const void *p, int fd)
{
	struct thread *self = enter(FRAME);

	if (fd >= 0)
		refs_resource(word(p), fd, stack_of(self, FRAME));
	guard_end(self);
}

static const char bad_size[] =
	"a pool's block that is larger than the memory it lies in";
static const char bad_root[] = "a root that reaches over no memory";

#define LARGE (64ul << 10)
#define SPACE_END (1ul << 47)

/* Whether it may be a size. One that reaches to where there is no memory is
 * wrong. A small one is believed. */
static bool is_size(const void *p, size_t size)
{
	unsigned char in_core;

	if (size < LARGE)
		return true;
	if (word(p) >= SPACE_END || size > SPACE_END - word(p))
		return false;
	return sys(SYS_mincore, (word(p) + size - 1) & -4096l, 4096,
		   &in_core) != -ENOMEM;
}

/* Whether it begins in a block and ends outside. */
static bool is_beyond(const void *p, size_t size)
{
	struct heap_entry outer;

	return heap_find(p, &outer) && outer.address != word(p) &&
	       size > outer.address + outer.size - word(p);
}

/* A block that the pool took back unseen, and makes anew, is another one. */
static void api_pool_alloc(const void *pool, const void *p, size_t size)
{
	struct thread *self = enter(FRAME);
	void *block = (void *)(uintptr_t)p;
	struct heap_entry outer;

	(void)pool;
	if (p && (!is_size(p, size) || is_beyond(p, size)))
		refs_misuse(bad_size, word(p), stack_of(self, FRAME));
	else if (p && refs_pool_around(word(p), size, &outer)) {
		block_note(self, block, size, FRAME, HEAP_SHARED);
		refs_pool_made(word(p), size, &outer);
	} else if (p) {
		refs_pool_mapped = true;
		block_gone(self, block);
		block_note(self, block, size, FRAME, HEAP_SHARED);
	}
	guard_end(self);
}

static void api_pool_free(const void *pool, const void *p)
{
	struct thread *self = enter(FRAME);
	struct heap_entry outer, here;
	bool is_known = heap_find(p, &here) && here.address == word(p);

	(void)pool;
	if (p && is_known && refs_pool_leave(word(p), &outer)) {
		block_gone(self, (void *)(uintptr_t)p);
		refs_pool_back(&outer, here.size);
	} else if (p) {
		block_gone(self, (void *)(uintptr_t)p);
	}
	guard_end(self);
}

static void api_ignore(const void *p)
{
	struct thread *self = enter(FRAME);

	heap_ignore(p);
	guard_end(self);
}

static void api_root(const void *p, size_t size)
{
	struct thread *self = enter(FRAME);

	if (p && !is_size(p, size))
		refs_misuse(bad_root, word(p), stack_of(self, FRAME));
	else if (p)
		ranges_add(&ranges_root, word(p), word(p) + size);
	heap_spare();
	guard_end(self);
}

static void api_breakable(const void *owner, const void *slot,
			  const char *field, gordian_clear_fn *clear)
{
	struct thread *self = enter(FRAME);

	if (owner)
		refs_breakable(word(owner), word(slot), field, clear,
			       stack_of(self, FRAME));
	guard_end(self);
}

/* For those who have no header, as Python's ctypes. */
EXPORT int gordian_check(void);
int gordian_check(void)
{
	__builtin_unwind_init();
	return gc_check();
}

EXPORT extern const struct gordian_api gordian_api_1;
const struct gordian_api gordian_api_1 = {
	.size = sizeof gordian_api_1,
	.object = api_object,
	.ref = api_ref,
	.unref = api_unref,
	.link = api_link,
	.unlink = api_unlink,
	.weak = api_weak,
	.count_field = api_count_field,
	.finalizer = api_finalizer,
	.resource = api_resource,
	.pool_alloc = api_pool_alloc,
	.pool_free = api_pool_free,
	.ignore = api_ignore,
	.root = api_root,
	.breakable = api_breakable,
	.check = gc_check,
	.collect = gc_collect,
	.enable = gc_enable,
	.threshold = gc_threshold,
	.stats = gc_stats,
	.baseline = gc_baseline,
	.is_tracked = gc_is_tracked,
	.referrers = gc_referrers,
	.referents = gc_referents,
	.callback = gc_callback,
	.debug = gc_debug,
};
