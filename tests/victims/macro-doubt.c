/* A field on a stack was weak, and its place holds what another function
 * keeps, also on a fiber's; or one of an object whose memory the program gave
 * to the next. A count field lies beyond the object, or has been unmapped, and
 * so have blocks of a pool. What a suspect may hold by a linked field is no
 * certain leak. */
#include <sys/mman.h>
#include <ucontext.h>
#include "macro.h"

struct far {
	char before[1ul << 33];
	int refs;
};

static struct obj *volatile kept;

static NOINLINE int frame(int weak)
{
	struct obj watcher = {0};
	int found = 0;

	USE(&watcher);
	if (weak) {
		GORDIAN_WEAK(&watcher, first);
		GORDIAN_WEAK(&watcher, second);
		USE(&watcher);
		return 0;
	}
	watcher.first = MALLOC(40);
	watcher.second = MALLOC(50);
	clobber();
	found = gordian_check();
	USE(&watcher);
	free(watcher.first);
	free(watcher.second);
	return found;
}

static NOINLINE void stack(void)
{
	frame(1);
	MUST_BE(frame(0), 0);
}

static ucontext_t back, fiber;

static void on_fiber(void)
{
	stack();
	swapcontext(&fiber, &back);
}

static NOINLINE void fibers(void)
{
	getcontext(&fiber);
	fiber.uc_stack.ss_size = 256 << 10;
	fiber.uc_stack.ss_sp = MALLOC(fiber.uc_stack.ss_size);
	makecontext(&fiber, on_fiber, 0);
	swapcontext(&back, &fiber);
	free(fiber.uc_stack.ss_sp);
}

static NOINLINE void again(void)
{
	struct obj *obj = obj_new("child");

	GORDIAN_WEAK(obj, first);
	GORDIAN_UNREF(obj);
	GORDIAN_OBJECT(obj, "parent");
	obj->first = CALLOC(70);
	kept = obj;
	MUST_BE(gordian_check(), 0);
	free(obj->first);
	free(obj);
}

static NOINLINE char *map(void)
{
	char *p = mmap(NULL, 64 << 10, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		_exit(99);
	return p;
}

static NOINLINE void fields(void)
{
	char *chunk = map() + 4096;

	GORDIAN_COUNT_FIELD("far", struct far, refs);
	GORDIAN_COUNT_FIELD("gone", struct obj, refs);
	kept = obj_new("far");
	kept->first = obj_new("kept");
	GORDIAN_LINK(kept, first, kept->first);
	GORDIAN_OBJECT(chunk + 64, "gone");
	GORDIAN_POOL_ALLOC(chunk, chunk + 128, 64);
	GORDIAN_OBJECT(chunk + 128, "gone");
	munmap(chunk, 4096); /* a hole that nothing else fits in */
	MUST_BE(gordian_check(), 0);
	GORDIAN_POOL_FREE(chunk, chunk + 128);
}

static NOINLINE void suspect(void)
{
	char **words = (char **)map();
	char **array = MALLOC(200);
	struct obj *plain = CALLOC(sizeof(*plain));
	struct obj *a = obj_new("a"), *b = obj_new("b");

	words[1] = (char *)array + 88;
	array[2] = (char *)plain;
	plain->first = ref(a);
	GORDIAN_LINK(plain, first, a);
	a->first = ref(b);
	GORDIAN_LINK(a, first, b);
	b->second = ref(a);
	GORDIAN_LINK(b, second, a);
	unref(a);
	unref(b);
}

int main(void)
{
	say("expect lost bytes=200 confidence=suspect");
	say("expect cycle members=2 type=a,b confidence=suspect");
	say("total findings=0");
	say("warning none");
	away(stack);
	away(fibers);
	away(again);
	away(fields);
	away(suspect);
	return 0;
}
