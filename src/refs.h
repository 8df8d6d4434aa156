/*
 * The shadow graph: what the macros (and later adapters) say of objects, their
 * counts, the fields that hold counted references, and who took them. Any
 * thread, also several on one object; no global lock: tables in shards with a
 * lock each (LOCK_REFS), taken inside the guard. The scan reads it frozen.
 */
#ifndef REFS_H
#define REFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One stack that took or gave back references of an object. What is left
 * after matching (balance.h) are the outstanding acquires. */
struct ref_entry {
	uint32_t stack;
	uint32_t acquires, releases;
	uint64_t first; /* time stamp of the first acquire: the oldest wins */
	struct ref_entry *next;
};

enum slot_flag { SLOT_LINK = 1, SLOT_WEAK = 2 };

/* One field: what it is called and what it holds. */
struct ref_slot {
	uintptr_t at;	       /* the field's address: the key */
	uintptr_t owner;
	uintptr_t target;      /* of a link */
	const char *field;     /* interned: outlives its plugin */
	uint32_t stack;	       /* of the link */
	uint32_t flags;	       /* enum slot_flag */
	uint64_t time;	       /* of the link: the newest closed the cycle */
	void (*clear)(void *); /* breakable, or NULL */
	struct ref_slot *next, *sibling; /* in the table; of the same block */
};

/* One object, by the address that the macros are given. */
struct ref_object {
	uintptr_t at;
	const char *type;      /* interned, or NULL */
	int64_t count;	       /* shadow count; see refs_count() */
	bool counted;	       /* false: only an owner of slots or a name */
	const char *finalizer; /* interned, or NULL */
	struct ref_entry *entries;
	int32_t *fds;	       /* resources */
	uint32_t fds_n;
	struct ref_object *next, *sibling;
};

int refs_init(void) __attribute__((warn_unused_result));

/* The macros, inside the guard. stack: of the caller. NULL pointers are no
 * objects: nothing happens. */
void refs_object(uintptr_t p, const char *type, int count, uint32_t stack);
void refs_ref(uintptr_t p, uint32_t stack);
void refs_unref(uintptr_t p, uint32_t stack);
void refs_link(uintptr_t owner, uintptr_t slot, const char *field,
	       uintptr_t target, uint32_t stack);
void refs_unlink(uintptr_t owner, uintptr_t slot, uint32_t stack);
void refs_weak(uintptr_t owner, uintptr_t slot, const char *field);
void refs_breakable(uintptr_t owner, uintptr_t slot, const char *field,
		    void (*clear)(void *));
void refs_count_field(const char *type, size_t offset, size_t size);
void refs_finalizer(uintptr_t p, const char *name);
void refs_resource(uintptr_t p, int fd);
/* A block that carries shadow records is freed, or moved by realloc. Called
 * by block.c when the block's record is flagged HEAP_SHADOW. */
void refs_freed(uintptr_t block, size_t size);
void refs_moved(uintptr_t from, uintptr_t to, size_t size);

/* Wrong use: said once per place as a warning of the report, with its stack
 * (unref below zero, unlink of an unknown slot, link into freed memory).
 * refs.c collects them here; the scan writes them. */
struct ref_misuse {
	const char *what;
	uint32_t stack;
	uintptr_t at;
};

/* Frozen look, in the snapshot child. */
typedef void refs_object_fn(const struct ref_object *object, void *data);
typedef void refs_slot_fn(const struct ref_slot *slot, void *data);
void refs_objects(refs_object_fn *visit, void *data);
void refs_slots(refs_slot_fn *visit, void *data);
const struct ref_object *refs_find(uintptr_t p); /* exact address, or NULL */
const struct ref_slot *refs_slot_at(uintptr_t at);
/* The count, read from the program's own field where one is declared. */
int64_t refs_count(const struct ref_object *object);
uint32_t refs_objects_n(void);
const struct ref_misuse *refs_misuses(uint32_t *n);

void refs_fork_prepare(void);
void refs_fork_done(void);

#endif
