/*
 * Objects: their counts, and the references that a thread took or released
 * last. Inside the guard, or in a handler that interrupted it.
 *
 * Each thread remembers who took and who released, for the objects that it used
 * last. So a link knows which reference it holds, and a release beside an
 * unlink takes out that very one. These words are stored inverted, so that the
 * scan does not take them for pointers.
 */
#include <string.h>
#include "base/names.h"
#include "refs/refs.h"
#include "refs/refs_block.h"
#include "refs/refs_entry.h"
#include "refs/refs_object.h"
#include "refs/refs_table.h"

#define RECENT 16 /* objects a thread remembers */

struct recent {
	uintptr_t turned;  /* ~ the object's address */
	uint32_t acquired; /* stack of the thread's last acquire */
	uint32_t released; /* stack of a release just now, to be matched */
	uint32_t unlinked; /* stack of the acquire whose link has just ended */
};

static __thread struct recent recents[RECENT]
	__attribute__((tls_model("initial-exec")));

static inline struct recent *recent_of(uintptr_t p)
{
	return &recents[(p >> 3) * 0x9e3779b97f4a7c15u >> 60];
}

static inline struct recent *recent_make(uintptr_t p)
{
	struct recent *recent = recent_of(p);

	if (recent->turned != ~p)
		*recent = (struct recent){.turned = ~p};
	return recent;
}

static void recent_acquire(uintptr_t p, uint32_t stack)
{
	*recent_of(p) = (struct recent){.turned = ~p, .acquired = stack};
}

/* What was seen of its calls before is void: macros know better. */
static void object_begin(struct ref_shard *shard, struct ref_object *object,
			 int count, uint32_t stack)
{
	if (!object->counted)
		refs_entries_drop(shard, object);
	object->counted = true;
	object->count = count;
	object->born = refs_now();
	while (count-- > 0)
		refs_entry_acquire(shard, object, stack);
}

struct ref_object *refs_object_record(uintptr_t p, uintptr_t block,
				      struct ref_shard **shard, bool *fresh)
{
	struct ref_object *object;

	*shard = shard_take(p);
	if (!*shard)
		return NULL;
	object = table_find(*shard, REFS_OBJECTS, p);
	*fresh = !object;
	if (object)
		return object;
	object = table_make(*shard, REFS_OBJECTS, p);
	if (object)
		object->block = block;
	else
		shard_drop(*shard);
	return object;
}

/* Makes sure that the object's record exists: another thread may make it
 * meanwhile; otherwise it is made and put on its block's chain. False in freed
 * memory. */
static bool object_make(uintptr_t p, int count, uint32_t stack, bool birth)
{
	struct ref_object *object;
	struct ref_shard *shard;
	uintptr_t block;
	uint32_t made_by;
	bool fresh;

	if (!refs_place(p, &block, &made_by))
		return false;
	object = refs_object_record(p, block, &shard, &fresh);
	if (!object)
		return true;
	if (!object->counted && count >= 0)
		object_begin(shard, object, count,
			     birth || !made_by ? stack : made_by);
	shard_drop(shard);
	if (fresh)
		refs_chain_object(object);
	return true;
}

struct ref_object *refs_object_find(uintptr_t p, struct ref_shard **shard)
{
	struct ref_object *object;

	*shard = shard_take(p);
	if (!*shard)
		return NULL;
	object = table_find(*shard, REFS_OBJECTS, p);
	if (!object)
		shard_drop(*shard);
	return object;
}

struct ref_object *refs_object_take(uintptr_t p, uint32_t stack,
				    struct ref_shard **shard, bool *freed)
{
	struct ref_object *object = refs_object_find(p, shard);

	*freed = false;
	if (__builtin_expect(object && object->counted, 1))
		return object;
	if (object)
		shard_drop(*shard);
	*freed = !object_make(p, 1, stack, false);
	return *freed ? NULL : refs_object_find(p, shard);
}

/* An object that has come to no reference and is named again is another one, in
 * memory that the program keeps for the next. */
static void object_again(struct ref_shard *shard, struct ref_object *object,
			 int count, uint32_t stack)
{
	if (object->counted && (object->count || !object->entries))
		return;
	refs_entries_drop(shard, object);
	if (object->counted)
		object->again = refs_now();
	object_begin(shard, object, count, stack);
}

void refs_object(uintptr_t p, const char *type, int count, uint32_t stack)
{
	const char *name = name_intern(type);
	struct ref_object *object;
	struct ref_shard *shard;

	if (!p)
		return;
	object = refs_object_find(p, &shard);
	if (object) {
		object_again(shard, object, count, stack);
		shard_drop(shard);
	} else if (!object_make(p, count, stack, true)) {
		refs_misuse("an object in freed memory", p, stack);
	}
	object = refs_object_find(p, &shard);
	if (!object)
		return;
	object->type = name;
	shard_drop(shard);
	if (count)
		recent_acquire(p, stack);
}

static bool is_counting;

bool refs_is_counting(void)
{
	return is_counting;
}

static inline void counting(void)
{
	if (__builtin_expect(!is_counting, 0))
		is_counting = true;
}

void refs_ref(uintptr_t p, uint32_t stack)
{
	struct ref_object *object;
	struct ref_shard *shard;
	bool freed;

	if (!p)
		return;
	object = refs_object_take(p, stack, &shard, &freed);
	if (freed)
		refs_misuse("a reference to freed memory", p, stack);
	if (!object)
		return;
	object->count++;
	refs_entry_acquire(shard, object, stack);
	shard_drop(shard);
	counting();
	recent_acquire(p, stack);
}

/* A release after a link has just ended releases the link's acquire. */
static void release(struct ref_shard *shard, struct ref_object *object,
		    uint32_t stack)
{
	struct recent *recent = recent_make(object->at);
	uint32_t unlinked = recent->unlinked;

	object->count--;
	recent->unlinked = recent->released = 0;
	if (unlinked && refs_entry_take_out(object, unlinked))
		return;
	refs_entry_release(shard, object, stack);
	recent->released = stack;
}

void refs_unref(uintptr_t p, uint32_t stack)
{
	struct ref_object *object;
	struct ref_shard *shard;
	bool freed, below;

	if (!p)
		return;
	object = refs_object_take(p, stack, &shard, &freed);
	if (freed)
		refs_misuse("a release in freed memory", p, stack);
	if (!object)
		return;
	below = object->count <= 0;
	if (!below)
		release(shard, object, stack);
	shard_drop(shard);
	counting();
	if (below)
		refs_misuse("a release of an object without references", p,
			    stack);
}

uint32_t refs_acquired(const struct ref_object *target)
{
	struct recent *recent = recent_make(target->at);
	const struct ref_entry *entry;
	uint32_t only = 0;

	recent->unlinked = recent->released = 0;
	if (recent->acquired)
		return recent->acquired;
	for (entry = target->entries; entry; entry = entry->next) {
		if (entry->acquires <= entry->releases)
			continue;
		if (only)
			return 0;
		only = entry->stack;
	}
	return only;
}

/* The release came before the unlink: it was that of this acquire. */
static bool take_back(uintptr_t p, uint32_t released, uint32_t acquire)
{
	struct ref_shard *shard;
	struct ref_object *object = refs_object_find(p, &shard);
	struct ref_entry *entry;
	bool done = false;

	if (!object)
		return false;
	entry = refs_entry_find(object, released);
	if (entry && entry->releases && refs_entry_take_out(object, acquire)) {
		entry->releases--;
		done = true;
	}
	shard_drop(shard);
	return done;
}

void refs_let_go(uintptr_t target, uint32_t acquire)
{
	struct recent *recent = recent_make(target);
	uint32_t released = recent->released;

	recent->released = 0;
	if (!acquire || (released && take_back(target, released, acquire)))
		return;
	recent->unlinked = recent->acquired = acquire;
}

/* A record in which something is noted. It is not counted unless it is
 * already. */
static struct ref_object *object_note(uintptr_t p, uint32_t stack,
				      struct ref_shard **shard)
{
	struct ref_object *object = p ? refs_object_find(p, shard) : NULL;

	if (object || !p)
		return object;
	if (!object_make(p, -1, stack, false)) {
		refs_misuse("a note on freed memory", p, stack);
		return NULL;
	}
	return refs_object_find(p, shard);
}

void refs_finalizer(uintptr_t p, const char *text, uint32_t stack)
{
	const char *name = name_intern(text);
	struct ref_shard *shard;
	struct ref_object *object = object_note(p, stack, &shard);

	if (!object)
		return;
	object->finalizer = name;
	shard_drop(shard);
}

#define FDS_MAX 256

/* Makes room for 4, 8, 16… The memory of the old list is lost. */
static void add_fd(struct ref_shard *shard, struct ref_object *object, int fd)
{
	uint32_t i, n = object->fds_n;
	int32_t *fds;

	for (i = 0; i < n; i++)
		if (object->fds[i] == fd)
			return;
	if (n == FDS_MAX)
		return;
	if (!n || (n >= 4 && !(n & (n - 1)))) {
		fds = shard_alloc(shard, (n ? 2 * n : 4) * sizeof *fds);
		if (!fds)
			return;
		if (n)
			memcpy(fds, object->fds, n * sizeof *fds);
		object->fds = fds;
	}
	object->fds[object->fds_n++] = fd;
}

void refs_resource(uintptr_t p, int fd, uint32_t stack)
{
	struct ref_shard *shard;
	struct ref_object *object = object_note(p, stack, &shard);

	if (!object)
		return;
	add_fd(shard, object, fd);
	shard_drop(shard);
}
