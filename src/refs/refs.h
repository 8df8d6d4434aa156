/*
 * The shadow graph: what the macros (and later adapters) say of objects, their
 * counts, the fields that hold counted references, and who took them. Any
 * thread; several may use one object. There is no global lock: tables are in
 * shards with a latch each, taken inside the guard. The scan reads the graph
 * frozen.
 */
#ifndef REFS_H
#define REFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One stack that took or gave back references to an object. Matching
 * (balance.h) leaves the outstanding acquires. Entries that are balanced in
 * themselves mean nothing. */
struct ref_entry {
	uint32_t stack; /* 0: unknown */
	uint32_t acquires, releases;
	uint64_t first; /* time of the first acquire: the oldest wins */
	struct ref_entry *next;
};

/* Neither flag: the field is known and holds nothing. */
enum slot_flag { SLOT_LINK = 1, SLOT_WEAK = 2 };

/* One field: what it is called and what it holds. */
struct ref_slot {
	uintptr_t at;		  /* the field's address: the key */
	struct ref_slot *next;	  /* in the table */
	struct ref_slot *sibling; /* of the same block */
	uintptr_t block; /* the block in which it lies, or its owner; or 0 */
	uintptr_t owner;
	uintptr_t target;  /* of a link */
	const char *field; /* interned: outlives its plugin */
	uint32_t stack;	   /* of the link */
	uint32_t acquire; /* stack of the reference that it holds; 0: unknown */
	uint32_t flags;	  /* enum slot_flag */
	uint64_t time;	  /* of the link: the newest one closed the cycle */
	void (*clear)(void *); /* breakable, or NULL */
};

/* One object, by the address that the macros are given. */
struct ref_object {
	uintptr_t at;
	struct ref_object *next, *sibling; /* as above */
	uintptr_t block;
	const char *type; /* interned, or NULL */
	int64_t count;	  /* shadow count; see refs_count() */
	bool counted;  /* false: its count is not known, only what else stands
			  here */
	uint64_t born; /* links made before this are another object's */
	uint64_t
		again; /* when it was born once more, in memory that was kept */
	const char *finalizer; /* interned, or NULL */
	struct ref_entry *entries;
	uint32_t entries_n, sweep_at;
	int32_t *fds; /* resources */
	uint32_t fds_n;
};

/* Makes the tables at the first macro, so that programs without macros do not
 * pay. */
int refs_init(void) __attribute__((warn_unused_result));
/* With the other threads stopped: forgets everything. */
void refs_stop(void);

/* The macros, inside the guard. stack is the caller's. NULL pointers are no
 * objects: nothing happens. A link to NULL empties the field. */
void refs_object(uintptr_t p, const char *type, int count, uint32_t stack);
void refs_ref(uintptr_t p, uint32_t stack);
void refs_unref(uintptr_t p, uint32_t stack);
void refs_link(uintptr_t owner, uintptr_t slot, const char *field,
	       uintptr_t target, uint32_t stack);
/* False when that field holds no link: then tell refs_misuse(), with a stack,
 * which is not needed otherwise. */
bool refs_unlink(uintptr_t slot) __attribute__((warn_unused_result));
void refs_weak(uintptr_t owner, uintptr_t slot, const char *field,
	       uint32_t stack);
void refs_breakable(uintptr_t owner, uintptr_t slot, const char *field,
		    void (*clear)(void *), uint32_t stack);
void refs_count_field(const char *type, size_t offset, size_t size);
void refs_finalizer(uintptr_t p, const char *name, uint32_t stack);
void refs_resource(uintptr_t p, int fd, uint32_t stack);

/* The same of calls that rules name, inside the guard: who took a reference,
 * who gave one back, and who made an object. It gets no count. What is in no
 * block is no object. type is interned, or NULL. */
void refs_seen_ref(uintptr_t p, uint32_t stack);
void refs_seen_unref(uintptr_t p, uint32_t stack);
void refs_seen_new(uintptr_t p, const char *type, uint32_t stack);

/* Before the real free of a block that carries shadow records (HEAP_SHADOW).
 * The blocks that a pool has carved from it end, too: returns how many. */
uint32_t refs_freed(uintptr_t block, size_t size);
/* The same for memory that the program unmaps. It may have such blocks only
 * when refs_pool_mapped is set. */
extern bool refs_pool_mapped;
uint32_t refs_unmapped(uintptr_t low, uintptr_t high);
/* Such a block is about to move. Its records are taken out before the real
 * realloc and put back after it (to == from when that failed). Links to what
 * lies in the block are not changed: the program has to write those fields
 * anew, and to link them. */
struct refs_lifted {
	struct ref_object *objects;
	struct ref_slot *slots;
	uint32_t inner; /* blocks of a pool that ended */
};
struct refs_lifted refs_lift(uintptr_t block, size_t size);
void refs_put(struct refs_lifted lifted, uintptr_t from, size_t old_size,
	      uintptr_t to, size_t size);

/* A pool of the program's makes a block. refs_pool_around(), before the block
 * is recorded: whether its memory is part of another block. If so,
 * refs_pool_made() after that. */
struct heap_entry;
extern bool refs_pool_used; /* there may be blocks in blocks */
bool refs_pool_around(uintptr_t p, size_t size, struct heap_entry *outer);
void refs_pool_made(uintptr_t p, size_t size, const struct heap_entry *outer);
/* The pool takes the block back. refs_pool_leave(), before its record is
 * erased: whether the block has the place of another's record. If so,
 * refs_pool_back() after that. */
bool refs_pool_leave(uintptr_t p, struct heap_entry *outer);
void refs_pool_back(const struct heap_entry *outer, size_t size);

/* Wrong use of a macro, once for each (what, stack). The report warns of it. */
struct ref_misuse {
	const char *what; /* a literal of ours */
	uint32_t stack;
	uintptr_t at;
};
extern const char refs_bad_unlink[];
void refs_misuse(const char *what, uintptr_t at, uint32_t stack);

bool refs_is_known(uintptr_t p); /* while the program runs */

/* A look at the frozen graph, in the snapshot child. refs_slots(): the slots
 * that hold something or can be broken. Links to objects that were freed are
 * none. */
typedef void refs_object_fn(const struct ref_object *object, void *data);
typedef void refs_slot_fn(const struct ref_slot *slot, void *data);
void refs_objects(refs_object_fn *visit, void *data);
void refs_slots(refs_slot_fn *visit, void *data);
const struct ref_object *refs_find(uintptr_t p); /* exact address, or NULL */
const struct ref_slot *refs_slot_at(uintptr_t at);
/* The count; read from the program's own field when one is declared. */
int64_t refs_count(const struct ref_object *object);
bool refs_has_field(const struct ref_object *object);
/* Whether REF or UNREF was ever used: otherwise a count says nothing. */
bool refs_is_counting(void);
uint32_t refs_objects_n(void); /* about, while the program runs */
const struct ref_misuse *refs_misuses(uint32_t *n);

void refs_fork_prepare(void);
void refs_fork_done(void);
void refs_forked(void); /* the child, first */

#endif
