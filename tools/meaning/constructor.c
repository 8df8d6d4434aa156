/*
 * See constructor.h. "new Object" calls the allocator, then the constructor, in
 * one function. What the constructor allocates has a stack that leads through
 * it to that second call, and is equal further out.
 */
#include <string.h>

#include "meaning/constructor.h"
#include "meaning/cxxname.h"
#include "model/model.h"

/* From the return address of the one call to that of the other there are the
 * moves of its arguments, and maybe a few stores. */
#define CALL_DISTANCE 32

static bool frame_equal(const struct frame *a, const struct frame *b)
{
	return a->module == b->module && a->address == b->address;
}

static const char *frame_function(const struct frame *frame)
{
	return frame->place->symbols[frame->place->n - 1].function;
}

/* How many of the outermost frames are the same. */
static size_t common_frames(const struct stack *a, const struct stack *b)
{
	size_t n = 0;

	while (n < a->n && n < b->n &&
	       frame_equal(&a->frames[a->n - n - 1], &b->frames[b->n - n - 1]))
		n++;
	return n;
}

static bool is_near(const struct frame *first, const struct frame *second)
{
	return second->address > first->address &&
	       second->address - first->address <= CALL_DISTANCE;
}

/* Both calls stand in one function, as far as is known. */
static bool is_same_function(const struct frame *a, const struct frame *b)
{
	const char *f = frame_function(a), *g = frame_function(b);

	if (a->module != b->module || b->address <= a->address)
		return false;
	return f && g ? !strcmp(f, g) : is_near(a, b);
}

/* All that the owner's maker called was there to allocate. */
static bool only_allocates(const struct stack *stack, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *function = frame_function(&stack->frames[i]);

		if (!function || !cxx_is_standard(function))
			return false;
	}
	return true;
}

/* The next call from the frame inwards that is not the standard library's:
 * frame number `at` of the stack has been called by the maker, or holds what is
 * inlined into it. NULL: the names are not known. */
static const char *called_function(const struct stack *stack, size_t at,
				   bool skip_outermost)
{
	size_t i = at + 1;

	while (i-- > 0) {
		const struct place *place = stack->frames[i].place;
		size_t k = place->n;

		if (i == at && skip_outermost)
			k--;
		while (k-- > 0) {
			const char *function = place->symbols[k].function;

			if (!function)
				return NULL;
			if (!cxx_is_standard(function))
				return function;
		}
	}
	return NULL;
}

/* Whether a class of that name, or of one derived from it, may be the
 * member's. */
static bool may_be_of(const struct member *member, struct piece class,
		      bool near)
{
	if (!member->type)
		return near;
	return piece_equal(cxx_last(member->type), class);
}

bool constructor_made(const struct member *owner, const struct member *part,
		      bool *sure)
{
	const struct stack *a = owner->stack, *b = part->stack;
	size_t common = common_frames(a, b), x, y;
	const struct frame *made, *called;
	const char *function;
	struct piece class;

	*sure = false;
	if (common >= a->n || common >= b->n)
		return false;
	x = a->n - common - 1;
	y = b->n - common - 1;
	made = &a->frames[x];
	called = &b->frames[y];
	if (!is_same_function(made, called) || !only_allocates(a, x))
		return false;
	function = called_function(b, y, true);
	if (!function)
		return y && !frame_function(called) && is_near(made, called);
	class = cxx_constructor_of(function);
	*sure = class.n && may_be_of(owner, class, is_near(made, called));
	return *sure;
}
