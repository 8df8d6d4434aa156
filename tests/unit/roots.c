/* Which memory is a root, and of what kind: with mappings, ranges and threads
 * made by hand. */
#include <pthread.h>
#include <string.h>
#include "base/arena.h"
#include "heap-make.h"
#include "heap/bootstrap.h"
#include "heap/range.h"
#include "process/outside.h"
#include "process/real.h"
#include "process/stopped.h"
#include "process/thread.h"
#include "scan/maps.h"
#include "scan/root.h"
#include "scan/roots.h"

#define NONE 77
#define PAGE 4096ul

static struct map list[16];
static struct maps maps = {.list = list};
static struct stopped self = {.tid = 1};
static void *alternate;
static struct roots roots;

/* One behind another, from that page of the room on. */
static struct map *map(enum map_kind kind, unsigned page, unsigned pages)
{
	list[maps.n] = (struct map){
		.low = room + page * PAGE,
		.high = room + (page + pages) * PAGE,
		.kind = kind,
		.late = MAP_NO_ROOT,
		.read = true,
		.write = true,
	};
	return &list[maps.n++];
}

static uintptr_t page(unsigned number)
{
	return room + number * PAGE;
}

static void find(void)
{
	real_is_glibc = false;
	CHECK_EQUAL(blocks_build(NULL), 0);
	CHECK_EQUAL(roots_find(&self, &alternate, &maps, &roots), 0);
}

/* The only one that has the word. */
static const struct root *root_at(uintptr_t at)
{
	const struct root *found = NULL;
	uint32_t i;

	for (i = 0; i < roots.n; i++)
		if (at >= roots.list[i].low && at + 8 <= roots.list[i].high) {
			CHECK(!found);
			found = &roots.list[i];
		}
	return found;
}

static unsigned kind_at(uintptr_t at)
{
	const struct root *root = root_at(at);

	return root ? root->kind : NONE;
}

/* Both its first word and its last. */
static void all_is(uintptr_t low, uintptr_t high, unsigned kind)
{
	CHECK_EQUAL(kind_at(low), kind);
	CHECK_EQUAL(kind_at(high - 8), kind);
}

static void by_mapping(void)
{
	map(MAP_OF_MODULE, 0, 2);
	map(MAP_OF_HEAP, 2, 2);
	map(MAP_FOREIGN, 4, 2);
	map(MAP_NO_ROOT, 6, 2);
	map(MAP_FOREIGN, 8, 2)->shared = true;
	map(MAP_FOREIGN, 10, 2)->code = true;
	find();
	all_is(page(0), page(2), ROOT_STRONG);
	all_is(page(2), page(4), ROOT_FOREIGN);
	all_is(page(4), page(6), ROOT_FOREIGN);
	all_is(page(6), page(8), NONE);
	all_is(page(8), page(10), ROOT_FOREIGN);
	CHECK_EQUAL(root_at(page(4))->how, ROOT_PRIVATE);
	CHECK_EQUAL(root_at(page(8))->how, ROOT_SHARED);
	CHECK(!root_at(page(4))->code && root_at(page(10))->code);
	CHECK(!root_at(page(4))->explicit);
}

/* Ours, allocators' and registered ranges, also across two mappings. */
static void known_ranges(void)
{
	uintptr_t ours = (uintptr_t)arena_map(PAGE);

	map(MAP_OF_MODULE, 0, 4);
	map(MAP_FOREIGN, 4, 8);
	list[maps.n++] = (struct map){
		.low = ours - 8 * PAGE,
		.high = ours + PAGE,
		.kind = MAP_FOREIGN,
	};
	ranges_add(&ranges_allocator, page(3), page(5));
	ranges_add(&ranges_ours, page(6), page(7));
	ranges_add(&ranges_root, page(8) + 16, page(8) + 64);
	find();
	all_is(page(0), page(3), ROOT_STRONG);
	all_is(page(3), page(5), NONE);
	all_is(page(5), page(6), ROOT_FOREIGN);
	all_is(page(6), page(7), NONE);
	all_is(page(7), page(8) + 16, ROOT_FOREIGN);
	all_is(page(8) + 16, page(8) + 64, ROOT_STRONG);
	CHECK(root_at(page(8) + 16)->explicit);
	all_is(page(8) + 64, page(12), ROOT_FOREIGN);
	CHECK_EQUAL(kind_at(ours), NONE);
	CHECK_EQUAL(kind_at((uintptr_t)&alternate), ROOT_STRONG);
}

static void early_memory(void)
{
	uintptr_t early = (uintptr_t)bootstrap_alloc(16, 100);

	find();
	CHECK_EQUAL(kind_at(early), ROOT_STRONG);
}

static void *attach(void *arg)
{
	*(struct thread **)arg = thread_attach();
	return NULL;
}

/* The record of a thread that ends at once, and a stack of our choice. */
static struct thread *thread(int32_t tid, unsigned low, unsigned high)
{
	struct thread *t = NULL;
	pthread_t thread;

	CHECK_EQUAL(pthread_create(&thread, NULL, attach, &t), 0);
	CHECK_EQUAL(pthread_join(thread, NULL), 0);
	CHECK(t != NULL);
	t->tid = tid;
	t->stack_low = page(low);
	t->stack_high = page(high);
	t->descriptor = page(high) - 2048;
	t->start_frame = page(high) - 3072;
	return t;
}

/* From its pointer on, with its registers, wherever those are. */
static void a_stack(void)
{
	thread(99, 0, 8);
	map(MAP_FOREIGN, 0, 16);
	self = (struct stopped){
		.tid = 99,
		.sp = page(5) + 8,
		.regs_low = page(2),
		.regs_high = page(2) + 64,
		.ext_low = page(3) + 64,
		.ext_high = page(3) + 128,
	};
	find();
	all_is(page(0), page(2), NONE);
	all_is(page(2), page(2) + 64, ROOT_STRONG);
	all_is(page(3) + 64, page(3) + 128, ROOT_STRONG);
	all_is(page(3) + 128, page(5) + 8, NONE);
	all_is(page(5) + 8, page(8), ROOT_STRONG);
	all_is(page(8), page(16), ROOT_FOREIGN);
}

/* Around it, in its block, is the program's own. */
static void a_stack_in_a_block(void)
{
	thread(99, 2, 4);
	map(MAP_FOREIGN, 0, 16);
	block(page(1), 5 * PAGE);
	self = (struct stopped){.tid = 99, .sp = page(3)};
	find();
	CHECK_EQUAL(roots.stack_blocks, 1);
	CHECK_EQUAL(roots.stack_block[0], page(1));
	all_is(page(1), page(2), ROOT_STRONG);
	all_is(page(2), page(3), NONE);
	all_is(page(3), page(4), ROOT_STRONG);
	all_is(page(4), page(6), ROOT_STRONG);
	all_is(page(6), page(16), ROOT_FOREIGN);
}

/* It is on another one than we were told: its own waits, whole. */
static void an_unknown_stack(void)
{
	thread(99, 0, 4);
	map(MAP_FOREIGN, 0, 4);
	map(MAP_FOREIGN, 8, 4);
	self = (struct stopped){.tid = 99, .sp = page(9)};
	find();
	all_is(page(0), page(4), ROOT_STRONG);
	all_is(page(8), page(9), ROOT_STALE);
	all_is(page(9), page(12), ROOT_STRONG);
}

static void an_unknown_stack_in_a_block(void)
{
	map(MAP_FOREIGN, 0, 16);
	block(page(1), 4 * PAGE);
	self = (struct stopped){.tid = 99, .sp = page(3)};
	find();
	CHECK_EQUAL(roots.stack_blocks, 1);
	CHECK(!root_at(page(1))->explicit); /* no blocks are read there */
	all_is(page(3), page(5), ROOT_STRONG);
}

/* What libc keeps for the next thread holds nothing, up to the descriptor. */
static void an_ended_thread(void)
{
	struct thread *t = thread(98, 0, 8);

	map(MAP_FOREIGN, 0, 8);
	map(MAP_FOREIGN, 8, 8);
	find();
	all_is(page(0), t->descriptor, NONE);
	all_is(t->descriptor, page(8), ROOT_STRONG);
	all_is(page(8), page(16), ROOT_FOREIGN);
}

/* A stack that the program made is its memory again. */
static void an_ended_thread_on_its_own(void)
{
	struct thread *t = thread(98, 0, 8);

	t->own_stack = true;
	map(MAP_OF_MODULE, 0, 8);
	map(MAP_FOREIGN, 8, 8);
	find();
	all_is(page(0), page(8), ROOT_STRONG);
}

static void an_ended_thread_on_its_own_map(void)
{
	struct thread *t = thread(98, 0, 8);

	t->own_stack = true;
	map(MAP_FOREIGN, 0, 8);
	find();
	all_is(page(0), page(8), ROOT_FOREIGN);
}

/* Modules are mapped where its stack was. */
static void in_its_place(void)
{
	thread(98, 0, 8);
	map(MAP_FOREIGN, 0, 2);
	map(MAP_OF_MODULE, 2, 2);
	map(MAP_FOREIGN, 4, 2)->file = true;
	find();
	all_is(page(0), page(2), NONE);
	all_is(page(2), page(4), ROOT_STRONG);
	all_is(page(4), page(6), ROOT_FOREIGN);
}

/* libc's words outside of main are none of the program's. */
static void outside_of_main(void)
{
	thread(99, 0, 8);
	outside_note(page(6), page(7));
	map(MAP_FOREIGN, 0, 8);
	self = (struct stopped){.tid = 99, .sp = page(4)};
	find();
	all_is(page(4), page(6), ROOT_STRONG);
	all_is(page(6), page(7), NONE);
	all_is(page(7), page(8), ROOT_STRONG);
}

/* What a record has of the program's: the argument of its function. */
static void arguments(void)
{
	struct thread *t = thread(99, 0, 8);

	find();
	CHECK_EQUAL(kind_at((uintptr_t)&t->arg), ROOT_STRONG);
	CHECK_EQUAL(kind_at((uintptr_t)&t->program_stack), ROOT_STRONG);
	CHECK_EQUAL(kind_at((uintptr_t)&t->memo), NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(by_mapping),
		IN_CHILD(known_ranges),
		IN_CHILD(early_memory),
		IN_CHILD(a_stack),
		IN_CHILD(a_stack_in_a_block),
		IN_CHILD(an_unknown_stack),
		IN_CHILD(an_unknown_stack_in_a_block),
		IN_CHILD(an_ended_thread),
		IN_CHILD(an_ended_thread_on_its_own),
		IN_CHILD(an_ended_thread_on_its_own_map),
		IN_CHILD(in_its_place),
		IN_CHILD(outside_of_main),
		IN_CHILD(arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
