/*
 * gordian.h: tell Gordian which references a program counts.
 *
 * This file is the whole of it: nothing is linked, and a program that runs
 * without Gordian pays a load and a branch for each macro. Two lines in the
 * functions that count are enough to begin with:
 *
 *	#include <gordian.h>
 *	#include <stdlib.h>
 *	struct node { int refs; struct node *other; };
 *	void get(struct node *n) { GORDIAN_REF(n); n->refs++; }
 *	void put(struct node *n) { GORDIAN_UNREF(n); if (!--n->refs) free(n); }
 *	int main(void) {
 *	    struct node *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
 *	    a->refs = b->refs = 1;
 *	    get(a->other = b), get(b->other = a);
 *	    put(a), put(b);
 *	}
 *
 *	cc -g -O1 node.c -o node $(pkg-config --cflags gordian)
 *	gordian run ./node
 *
 * prints that two nodes hold each other, the count of each, and who took the
 * references. Further macros give more: OBJECT the name of the type; LINK,
 * UNLINK and WEAK the names of fields, and proof, so that cycles are found
 * although a registry or a back pointer still points at them; COUNT_FIELD an
 * audit of the program's own count, with no macro at each ref and unref.
 *
 * What holds for every macro: it is an expression of type void, in C89 to C23
 * and from C++98 on, for use in an `if` without braces too. Each argument is
 * evaluated once, with Gordian or without. A NULL object or owner does nothing.
 * Any thread may use any macro, several at once on the same object, also before
 * main and in destructors. A signal handler may do so only when the program (or
 * shared object) has used a macro before. errno stays. No macro fails. Wrong
 * use (a count below zero, an unknown slot, a link into freed memory) becomes a
 * warning in the report, once for each place, with its stack. Nothing is owned:
 * strings are copied, and objects are only addresses, on the heap, in a pool,
 * static or on a stack.
 *
 * An object is a block whose references are counted. It is born when a macro
 * first names it, with one reference (the creator's), and ends when the block
 * around it is freed; realloc moves it. Then all that was said of it and of
 * its fields is forgotten: there is no macro for the end of an object.
 *
 * Compiled with -DGORDIAN_OFF, or for another system than Linux, macros only
 * evaluate their arguments and functions return -1. (So do compilers other than
 * GNU C and its like; they do not evaluate a field.)
 */
#ifndef GORDIAN_H
#define GORDIAN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* For gordian_get_stats(). Scans and freed count from the start, all else is as
 * of the last scan. */
struct gordian_stats {
	unsigned long scans;
	unsigned long blocks;	/* live allocations */
	unsigned long bytes;	/* asked for in them */
	unsigned long objects;	/* known by the macros */
	unsigned long findings; /* in all, without suspects */
	unsigned long pause_us; /* for how long the threads stood still */
	unsigned long freed_blocks, freed_bytes; /* by gordian_collect() */
};

/* For gordian_set_callback(). */
enum gordian_event { GORDIAN_SCAN_START, GORDIAN_SCAN_END, GORDIAN_FINDING };
struct gordian_news {
	enum gordian_event event;
	unsigned long scan;  /* its number, from 1 */
	unsigned long id;    /* of the finding, as in the report; else 0 */
	unsigned long count; /* instances of the finding; at the end of a
				scan: new findings */
	unsigned long bytes; /* of the finding; at the end of a scan: leaked
				in all */
};
typedef void gordian_callback_fn(const struct gordian_news *news, void *data);

/* For GORDIAN_BREAKABLE(). */
typedef void gordian_clear_fn(void *owner);

/* The table by which header and library meet. It is only ever extended at its
 * end, so that an old header works with a new library, and the reverse. The
 * library exports `const struct gordian_api gordian_api_1`. Programs use what
 * is below instead. */
struct gordian_api {
	size_t size; /* of the library's table, in bytes */
	void (*object)(const void *p, const char *type, int count);
	void (*ref)(const void *p);
	void (*unref)(const void *p);
	void (*link)(const void *owner, const void *slot, const char *field,
		     const void *target);
	void (*unlink)(const void *owner, const void *slot);
	void (*weak)(const void *owner, const void *slot, const char *field);
	void (*count_field)(const char *type, size_t offset, size_t size);
	void (*finalizer)(const void *p, const char *name);
	void (*resource)(const void *p, int fd);
	void (*pool_alloc)(const void *pool, const void *p, size_t size);
	void (*pool_free)(const void *pool, const void *p);
	void (*ignore)(const void *p);
	void (*root)(const void *p, size_t size);
	void (*breakable)(const void *owner, const void *slot,
			  const char *field, gordian_clear_fn *clear);
	int (*check)(void);
	int (*collect)(void);
	int (*enable)(int on);	   /* -1: only ask; the state before */
	long (*threshold)(long n); /* -1: only ask; the one before */
	int (*stats)(struct gordian_stats *out);
	int (*baseline)(void);
	int (*is_tracked)(const void *p);
	int (*referrers)(const void *p, const void **out, int room);
	int (*referents)(const void *p, const void **out, int room);
	int (*callback)(gordian_callback_fn *fn, void *data);
	int (*debug)(int level); /* -1: only ask; the one before */
};

#ifndef GORDIAN_TABLE_ONLY /* the library itself needs no more */

#include <stdio.h>
#include <stdlib.h>

#ifdef __GNUC__
/* Inlined also where nothing is optimized: a frame of these functions would
 * hold stale words of frames before it, which hide leaks. */
#define GORDIAN_STATIC_ \
	static __inline__ __attribute__((__unused__, __always_inline__))
#else
#define GORDIAN_STATIC_ static
#endif

#if defined(__linux__) && defined(__GNUC__) && !defined(GORDIAN_OFF)
#include <dlfcn.h>
#include <errno.h>

/*
 * How the table is found: once in each program or shared object, on first use,
 * with dlsym. (A weak reference to gordian_api_1 would be simpler, but is
 * silently absent with -no-pie.) The two symbols are weak so that all source
 * files share them, and not static so that inline functions may use them.
 */
#define GORDIAN_SHARED_ __attribute__((__weak__, __visibility__("hidden")))
#define GORDIAN_UNASKED_ ((const struct gordian_api *)1)

extern const struct gordian_api *gordian_table_ GORDIAN_SHARED_;
const struct gordian_api *gordian_find_(size_t member) GORDIAN_SHARED_;

/* NULL: Gordian is not there. */
const struct gordian_api *gordian_table_ = GORDIAN_UNASKED_;

/* The table when the library is there and not older than this member. */
const struct gordian_api *gordian_find_(size_t member)
{
	const struct gordian_api *api =
		__atomic_load_n(&gordian_table_, __ATOMIC_RELAXED);

	if (api == GORDIAN_UNASKED_) {
		int error = errno;

		/* RTLD_DEFAULT, which <dlfcn.h> hides from strict C. */
		api = (const struct gordian_api *)dlsym((void *)0,
							"gordian_api_1");
		if (!api)
			dlerror(); /* the program's next one is not ours */
		__atomic_store_n(&gordian_table_, api, __ATOMIC_RELAXED);
		errno = error;
	}
	return api && api->size > member ? api : NULL;
}

#define GORDIAN_GET_(member)                                           \
	(__atomic_load_n(&gordian_table_, __ATOMIC_RELAXED)            \
		 ? gordian_find_(offsetof(struct gordian_api, member)) \
		 : NULL)
#else
#define GORDIAN_GET_(member) ((const struct gordian_api *)0)
#endif

#ifdef __GNUC__
/* A macro calls the library from where it stands, not through a function, so
 * that no frame of this file is in the stacks. (f)(x): not by a macro that the
 * program calls f. Names differ from macro to macro for -Wshadow. */
#define GORDIAN_TELL_(member, arguments)                               \
	const struct gordian_api *gordian_api_ = GORDIAN_GET_(member); \
	if (gordian_api_)                                              \
	(gordian_api_->member) arguments
#define GORDIAN_OF_(owner) __typeof__(&*(owner))
#define GORDIAN_SLOT_(owner, field) \
	((owner) ? (const void *)&(owner)->field : (const void *)0)

/* An offset also where C++ doubts offsetof. */
#define GORDIAN_OFFSET_(type, field) \
	((size_t)((const char *)&((type *)4096)->field - (const char *)4096))

/*
 * GORDIAN_OBJECT(ptr, "Type"): the block at ptr is an object of that type, born
 * with one reference. Use it right after the object's creation, or where a
 * wrapper first sees it. Without it REF alone knows the object, without a name.
 * An object that is known already gets the name and keeps its count. "Type"
 * NULL: no name. Costs about 150 ns under Gordian, with what it adds to the
 * free.
 */
#define GORDIAN_OBJECT(ptr, type)                                           \
	__extension__({                                                     \
		const void *gordian_object_ = (ptr);                        \
		const char *gordian_type_ = (type);                         \
		GORDIAN_TELL_(object, (gordian_object_, gordian_type_, 1)); \
	})

/* The same, born with no reference: for libraries whose first ref() makes the
 * count one. */
#define GORDIAN_OBJECT_ZERO(ptr, type)                                      \
	__extension__({                                                     \
		const void *gordian_object_ = (ptr);                        \
		const char *gordian_type_ = (type);                         \
		GORDIAN_TELL_(object, (gordian_object_, gordian_type_, 0)); \
	})

/*
 * GORDIAN_REF(ptr): the object's count goes up. The caller, whose stack this
 * is, took the reference. Use it in the function that counts, before or after
 * the program's own `refs++`.
 * GORDIAN_UNREF(ptr): the count goes down. Use it before the object may be
 * freed. Below zero is a warning, and the count stays zero.
 * Each takes a stack: the pair costs less than 100 ns under Gordian.
 */
#define GORDIAN_REF(ptr)                            \
	__extension__({                             \
		const void *gordian_ref_ = (ptr);   \
		GORDIAN_TELL_(ref, (gordian_ref_)); \
	})

#define GORDIAN_UNREF(ptr)                              \
	__extension__({                                 \
		const void *gordian_unref_ = (ptr);     \
		GORDIAN_TELL_(unref, (gordian_unref_)); \
	})

/*
 * GORDIAN_LINK(owner, field, target): owner->field now holds one of target's
 * references. The count does not change: REF took the reference before, or the
 * target's creation did. The link says where it is kept. owner is a typed
 * pointer. field is written as in the source (first, kids[i], at.parent), and
 * so becomes the edge's name. The slot is &owner->field, which may be in
 * another block (an array of kids). A second LINK on a slot replaces the first.
 * A NULL target is an UNLINK of a slot that may hold none. owner may be a plain
 * block or static memory. target in freed memory is a warning.
 * GORDIAN_UNLINK(owner, field): the slot no longer holds a reference. Use it
 * before or after UNREF, but before the block of the field is freed (which
 * unlinks too). A slot that was never linked is a warning.
 * Links prove nothing when no REF, UNREF or COUNT_FIELD tells the counts. The
 * pair costs less than 150 ns under Gordian.
 */
#define GORDIAN_LINK(owner, field, target)                                  \
	__extension__({                                                     \
		GORDIAN_OF_(owner) gordian_owner_ = (owner);                \
		const void *gordian_slot_ =                                 \
			GORDIAN_SLOT_(gordian_owner_, field);               \
		const void *gordian_target_ = (target);                     \
		GORDIAN_TELL_(link, (gordian_owner_, gordian_slot_, #field, \
				     gordian_target_));                     \
	})

#define GORDIAN_UNLINK(owner, field)                                    \
	__extension__({                                                 \
		GORDIAN_OF_(owner) gordian_owner_ = (owner);            \
		const void *gordian_slot_ =                             \
			GORDIAN_SLOT_(gordian_owner_, field);           \
		GORDIAN_TELL_(unlink, (gordian_owner_, gordian_slot_)); \
	})

/*
 * GORDIAN_WEAK(owner, field): owner->field never keeps alive what it points at:
 * a parent pointer, an observer list, a cache that is told when an object goes.
 * Use it once for each slot, before or after the slot is set. It ends with the
 * slot's block. owner may be static: GORDIAN_WEAK(&registry, items[i]). A field
 * on a stack is taken for any other word. About 50 ns.
 */
#define GORDIAN_WEAK(owner, field)                                            \
	__extension__({                                                       \
		GORDIAN_OF_(owner) gordian_owner_ = (owner);                  \
		const void *gordian_slot_ =                                   \
			GORDIAN_SLOT_(gordian_owner_, field);                 \
		GORDIAN_TELL_(weak, (gordian_owner_, gordian_slot_, #field)); \
	})

/*
 * GORDIAN_COUNT_FIELD("Type", type, field): objects named "Type" count their
 * references in that field of `type`: an integer of 1, 2, 4 or 8 bytes, no
 * bit-field. Scans read it instead of counting REF and UNREF, and check it
 * against the references that exist. Use it once in a program, at any time.
 * "Type" NULL does nothing.
 */
#define GORDIAN_COUNT_FIELD(name, type, field)                              \
	__extension__({                                                     \
		const char *gordian_name_ = (name);                         \
		GORDIAN_TELL_(count_field,                                  \
			      (gordian_name_, GORDIAN_OFFSET_(type, field), \
			       sizeof(((type *)0)->field)));                \
	})

/*
 * GORDIAN_FINALIZER(ptr, function): function would run when the object is
 * destroyed. Reports say that it never does. It is named, not called: any words
 * will do. Use it once for each object.
 * GORDIAN_RESOURCE(ptr, fd): the object keeps that descriptor open. Reports say
 * which file or connection it is. It may be used several times; a negative fd
 * does nothing. A descriptor that is closed by then is not named, but its
 * number may be in use again.
 */
#define GORDIAN_FINALIZER(ptr, function)                                \
	__extension__({                                                 \
		const void *gordian_object_ = (ptr);                    \
		GORDIAN_TELL_(finalizer, (gordian_object_, #function)); \
	})

#define GORDIAN_RESOURCE(ptr, fd)                                        \
	__extension__({                                                  \
		const void *gordian_object_ = (ptr);                     \
		int gordian_fd_ = (fd);                                  \
		GORDIAN_TELL_(resource, (gordian_object_, gordian_fd_)); \
	})

/*
 * GORDIAN_POOL_ALLOC(pool, ptr, size): the program's own allocator hands out
 * size bytes at ptr. They are a block like malloc's from now on, with this
 * stack.
 * GORDIAN_POOL_FREE(pool, ptr): the allocator took them back.
 * pool is any address that tells one pool from another. The memory from which
 * it carves blocks stays its own. They cost about as much as a malloc and a
 * free under Gordian.
 */
#define GORDIAN_POOL_ALLOC(pool, ptr, size)                                    \
	__extension__({                                                        \
		const void *gordian_pool_ = (pool), *gordian_block_ = (ptr);   \
		size_t gordian_size_ = (size);                                 \
		GORDIAN_TELL_(pool_alloc,                                      \
			      (gordian_pool_, gordian_block_, gordian_size_)); \
	})

#define GORDIAN_POOL_FREE(pool, ptr)                                         \
	__extension__({                                                      \
		const void *gordian_pool_ = (pool), *gordian_block_ = (ptr); \
		GORDIAN_TELL_(pool_free, (gordian_pool_, gordian_block_));   \
	})

/*
 * GORDIAN_IGNORE(ptr): the block that ptr points to or into is never reported,
 * nor is what it keeps. That holds until the block is freed.
 * GORDIAN_ROOT(ptr, size): words in these bytes keep alive what they point at.
 * It is for memory that Gordian cannot know to be in use. It cannot be taken
 * back; memory that is unmapped later does no harm.
 */
#define GORDIAN_IGNORE(ptr)                              \
	__extension__({                                  \
		const void *gordian_block_ = (ptr);      \
		GORDIAN_TELL_(ignore, (gordian_block_)); \
	})

#define GORDIAN_ROOT(ptr, size)                                       \
	__extension__({                                               \
		const void *gordian_block_ = (ptr);                   \
		size_t gordian_size_ = (size);                        \
		GORDIAN_TELL_(root, (gordian_block_, gordian_size_)); \
	})

/*
 * GORDIAN_BREAKABLE(owner, field, clear): gordian_collect() may break a leaked
 * cycle at this field by clear(owner). clear does what the program itself would
 * do: it sets the field to NULL and gives its reference back. It may free
 * owner. clear NULL takes the permission back. Nothing else ever calls clear.
 */
#define GORDIAN_BREAKABLE(owner, field, clear)                           \
	__extension__({                                                  \
		GORDIAN_OF_(owner) gordian_owner_ = (owner);             \
		const void *gordian_slot_ =                              \
			GORDIAN_SLOT_(gordian_owner_, field);            \
		gordian_clear_fn *gordian_clear_ = (clear);              \
		GORDIAN_TELL_(breakable, (gordian_owner_, gordian_slot_, \
					  #field, gordian_clear_));      \
	})
#else
#define GORDIAN_OBJECT(ptr, type) ((void)(ptr), (void)(type))
#define GORDIAN_OBJECT_ZERO(ptr, type) ((void)(ptr), (void)(type))
#define GORDIAN_REF(ptr) ((void)(ptr))
#define GORDIAN_UNREF(ptr) ((void)(ptr))
#define GORDIAN_LINK(owner, field, target) ((void)(owner), (void)(target))
#define GORDIAN_UNLINK(owner, field) ((void)(owner))
#define GORDIAN_WEAK(owner, field) ((void)(owner))
#define GORDIAN_COUNT_FIELD(name, type, field) ((void)(name))
#define GORDIAN_FINALIZER(ptr, function) ((void)(ptr))
#define GORDIAN_RESOURCE(ptr, fd) ((void)(ptr), (void)(fd))
#define GORDIAN_POOL_ALLOC(pool, ptr, size) \
	((void)(pool), (void)(ptr), (void)(size))
#define GORDIAN_POOL_FREE(pool, ptr) ((void)(pool), (void)(ptr))
#define GORDIAN_IGNORE(ptr) ((void)(ptr))
#define GORDIAN_ROOT(ptr, size) ((void)(ptr), (void)(size))
#define GORDIAN_BREAKABLE(owner, field, clear) ((void)(owner), (void)(clear))
#endif

/*
 * The counterpart of Python's gc module. Any thread may call these functions,
 * but no callback or clear function of this file, and no signal handler. Each
 * returns -1 and does nothing when Gordian is not there or is older than the
 * function. What it returns otherwise is said below.
 */
#define GORDIAN_CALL_(member, arguments)                      \
	const struct gordian_api *api = GORDIAN_GET_(member); \
	return api ? (api->member)arguments : -1

/* Clears registers: what a compiler left there without need is no reference. It
 * saves what it still needs. A function that is asked for its frame keeps that
 * in rbp, and nothing else. */
#if defined(__x86_64__) && defined(__GNUC__)
#define GORDIAN_FORGET_REGISTERS_()                                         \
	__asm__ __volatile__("xor %%ebx, %%ebx\n\txor %%r12d, %%r12d\n\t"   \
			     "xor %%r13d, %%r13d\n\txor %%r14d, %%r14d\n\t" \
			     "xor %%r15d, %%r15d"                           \
			     :                                              \
			     : "r"(__builtin_frame_address(0))              \
			     : "rbx", "r12", "r13", "r14", "r15", "cc")
#else
#define GORDIAN_FORGET_REGISTERS_() ((void)0)
#endif

/* Scans now and waits for the result. Returns how many findings are new since
 * the last scan, without suspects; -1 also when no scan could be made. The
 * pause is short (milliseconds a gigabyte), the wait is longer. */
GORDIAN_STATIC_ int gordian_check(void)
{
	const struct gordian_api *api = GORDIAN_GET_(check);

	if (!api)
		return -1;
	GORDIAN_FORGET_REGISTERS_();
	return (api->check)();
}

/* Scans, then breaks every certain cycle that has a GORDIAN_BREAKABLE field, by
 * calling its clear function in this thread. Returns how many cycles were
 * broken. gordian_get_stats() says what that freed, and so does a line at debug
 * level 1. */
GORDIAN_STATIC_ int gordian_collect(void)
{
	GORDIAN_CALL_(collect, ());
}

/* Turn scans by threshold and interval on and off. They are on at first.
 * Requests, gordian_check() and the end of the program scan in any case. Both
 * return the state before. */
GORDIAN_STATIC_ int gordian_enable(void)
{
	GORDIAN_CALL_(enable, (1));
}

GORDIAN_STATIC_ int gordian_disable(void)
{
	GORDIAN_CALL_(enable, (0));
}

GORDIAN_STATIC_ int gordian_is_enabled(void)
{
	GORDIAN_CALL_(enable, (-1));
}

/* A scan begins when there are so many more blocks than at the last one. 0, the
 * default: a quarter more, and at least 10,000. set returns the value before. A
 * negative one only asks. */
GORDIAN_STATIC_ long gordian_set_threshold(long blocks)
{
	GORDIAN_CALL_(threshold, (blocks));
}

GORDIAN_STATIC_ long gordian_get_threshold(void)
{
	GORDIAN_CALL_(threshold, (-1));
}

/* Fills *stats without a scan. Returns 0, or -1 for NULL. */
GORDIAN_STATIC_ int gordian_get_stats(struct gordian_stats *stats)
{
	GORDIAN_CALL_(stats, (stats));
}

/* What is allocated now is never reported, as after Python's gc.freeze().
 * Returns 0. */
GORDIAN_STATIC_ int gordian_baseline(void)
{
	GORDIAN_CALL_(baseline, ());
}

/* Returns 1 when ptr points to or into a known block or object, otherwise 0,
 * also for NULL. */
GORDIAN_STATIC_ int gordian_is_tracked(const void *ptr)
{
	GORDIAN_CALL_(is_tracked, (ptr));
}

/* Referrers are the blocks that hold a pointer to (or into) the block of ptr,
 * referents those to which its words point. Writes at most room first addresses
 * to out, each once. Returns how many there are, which may be more; 0 for NULL
 * and for what is no block. out may be NULL when room is 0. get_referrers reads
 * the whole heap, and costs a scan's pause. */
GORDIAN_STATIC_ int gordian_get_referrers(const void *ptr, const void **out,
					  int room)
{
	GORDIAN_CALL_(referrers, (ptr, out, room));
}

GORDIAN_STATIC_ int gordian_get_referents(const void *ptr, const void **out,
					  int room)
{
	GORDIAN_CALL_(referents, (ptr, out, room));
}

/* From now on callback(news, data) is called at the start and at the end of
 * each scan, and before the end for each new finding. NULL: no more. Returns 0.
 * Calls come one at a time, in the thread that began the scan or in any other
 * that allocates or uses a macro. So it may run inside an allocation: it may
 * allocate, but must take no lock that the program holds while it allocates. */
GORDIAN_STATIC_ int gordian_set_callback(gordian_callback_fn *callback,
					 void *data)
{
	GORDIAN_CALL_(callback, (callback, data));
}

/* What is printed on standard error. 0, the default: nothing; 1: a line for
 * each scan; 2: also one for each new finding. set returns the level before. */
GORDIAN_STATIC_ int gordian_set_debug(int level)
{
	GORDIAN_CALL_(debug, (level));
}

GORDIAN_STATIC_ int gordian_get_debug(void)
{
	GORDIAN_CALL_(debug, (-1));
}

/* For test suites: scans, and when anything new has leaked prints where this
 * stands and how much, and calls abort(). Without Gordian it passes. A test
 * that insists on Gordian says assert(gordian_is_enabled() >= 0) before. */
#define GORDIAN_ASSERT_NO_NEW_LEAKS() \
	gordian_assert_no_new_leaks_(__FILE__, __LINE__)

GORDIAN_STATIC_ void gordian_assert_no_new_leaks_(const char *file, int line)
{
	int leaks = gordian_check();

	if (leaks <= 0)
		return;
	fprintf(stderr, "%s:%d: %d new leak%s, see Gordian's report\n", file,
		line, leaks, leaks == 1 ? "" : "s");
	abort();
}
#endif /* GORDIAN_TABLE_ONLY */

#ifdef __cplusplus
}
#endif
#endif
