/*
 * See cpython_traverse.h. A copy of the child asks one object after the other,
 * and writes down, in memory that both share, what is visited. What the code
 * changes of its objects ends with the copy. When it has no more room, or has
 * died, the next copy goes on.
 */
#include <errno.h>
#include <sys/mman.h>
#include "base/arena.h"
#include "base/sys.h"
#include "base/text.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_traverse.h"
#include "runtimes/cpython_types.h"
#include "runtimes/cpython_visits.h"
#include "scan/blocks_build.h"
#include "scan/fault.h"
#include "scan/foreign.h"
#include "scan/runtime.h"

#define ROOM_LEAST (1ul << 17)
#define ROOM_MOST (1ul << 28)
#define NAME_BYTES 100
#define LIES " visits what its object does not hold"

#define TOO_MANY 99u /* visits, in the place of enum foreign */

/* What was learned of an object. */
struct answer {
	uint32_t object; /* its index */
	uint32_t how;	 /* enum foreign */
	uint64_t n;	 /* visits */
	uintptr_t visit[];
};
#define HEAD (sizeof(struct answer) / sizeof(uintptr_t))

/* What both share: the words are answers, one after the other. */
struct answers {
	uint32_t at; /* the object that is being asked, or is to be next */
	uint64_t n;  /* words of whole answers */
	uintptr_t word[];
};

static struct answers *answers;
static uint64_t room; /* words */
static uint64_t used; /* words up to the answer that is used next */
static uint32_t next; /* the first object that no answer is about */
static bool failed;

bool cpython_is_asked(const struct cpython_object *o)
{
	return o->bits & MARK_DECLARED && o->bits & MARK_TRACKED &&
	       !object_type(o)->exact && !object_type(o)->opaque;
}

/*
 * In the copy.
 */

static uint64_t end; /* words that are written */
static bool full;

static int note_visit(void *object, void *data)
{
	(void)data;
	if (end == room) {
		full = true;
		foreign_leave();
	}
	answers->word[end++] = (uintptr_t)object;
	return 0;
}

static long traverse(void *data)
{
	const struct cpython_object *o = data;
	int (*call)(uintptr_t, int (*)(void *, void *), void *) =
		(int (*)(uintptr_t, int (*)(void *, void *),
			 void *))object_type(o)
			->traverse;

	return call(object_at(o), note_visit, NULL);
}

/* False: the next copy has more room for it. */
static bool ask(struct cpython_object *o)
{
	uint64_t from = answers->n;
	struct answer *answer = (struct answer *)&answers->word[from];
	uint32_t how;

	if (room - from < HEAD)
		return false;
	end = from + HEAD;
	full = false;
	how = foreign_call(traverse, o);
	if (full && from)
		return false;
	answer->object = (uint32_t)(o - cpython_objects);
	answer->how = full ? TOO_MANY : how;
	answer->n = end - from - HEAD;
	answers->n = end;
	object_type(o)->opaque = answer->how != FOREIGN_RETURNED;
	return true;
}

static void ask_all(void *data)
{
	uint32_t i;

	(void)data;
	if (foreign_begin())
		return;
	for (i = next; i < cpython_objects_n; i++) {
		answers->at = i;
		if (cpython_is_asked(&cpython_objects[i]) &&
		    !ask(&cpython_objects[i]))
			return;
	}
	answers->at = i;
}

/*
 * In the child.
 */

static void give_up(struct cpython_type *type, const char *why,
		    struct arena *arena)
{
	char name[NAME_BYTES], *line = arena_alloc(arena, 2 * NAME_BYTES);
	struct text text = {line, 2 * NAME_BYTES, 0};

	type->opaque = true;
	if (!line)
		return;
	fault_copy(name, word_at(type->at + TYPE_NAME), sizeof name);
	name[sizeof name - 1] = 0;
	text_add(&text, "tp_traverse of Python's type ");
	text_add(&text, name);
	text_add(&text, why);
	text_add(&text, ": what its objects hold is not known");
	runtime_warn(line);
}

/* All objects together visit hardly more words than there are. */
static bool have_room(void)
{
	uint64_t words = blocks.bytes / sizeof(uintptr_t);
	long pages;

	words = words < ROOM_LEAST  ? ROOM_LEAST
		: words > ROOM_MOST ? ROOM_MOST
				    : words;
	for (; !answers && words >= ROOM_LEAST; words /= 2) {
		pages = sys(SYS_mmap, 0, sizeof *answers + words * 8,
			    PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (sys_failed(pages))
			continue;
		answers = (struct answers *)pages;
		room = words;
	}
	return answers;
}

/* Code that went astray may have written anything there. */
static bool is_sound(bool died)
{
	uint32_t at = answers->at;

	return answers->n <= room && at >= next && at <= cpython_objects_n &&
	       (died ? at < cpython_objects_n : at > next);
}

/* Lets a copy ask from `next` on. */
static void ask_more(struct arena *arena)
{
	int err = have_room() ? 0 : -ENOMEM;

	if (!err) {
		*answers = (struct answers){.at = next};
		used = 0;
		err = foreign_apart(ask_all, NULL);
	}
	if ((err && err != -EFAULT) || !is_sound(err)) {
		failed = true;
		runtime_warn("what objects of Python hold is not known: no "
			     "process could be made that asks them");
		return;
	}
	next = answers->at;
	if (err)
		give_up(object_type(&cpython_objects[next++]), " crashes",
			arena);
}

/* The answer about an object; NULL: there is none. */
static const struct answer *answer_of(uint32_t object, struct arena *arena)
{
	const struct answer *answer;

	while (!failed && next <= object)
		ask_more(arena);
	while (answers && answers->n - used >= HEAD) {
		answer = (const struct answer *)&answers->word[used];
		if (answer->object > object ||
		    answer->n > answers->n - used - HEAD)
			return NULL;
		used += HEAD + answer->n;
		if (answer->object == object)
			return answer;
	}
	return NULL;
}

static bool is_object(const struct visit *visit)
{
	int64_t count;

	if (!is_pointer(visit->value) ||
	    !cpython_type(word_at(visit->value + OBJECT_TYPE)))
		return false;
	count = cpython_count(visit->value);
	return !count || visit->left <= count;
}

/* Why what was visited is of no use; NULL: it is. */
static const char *reason(const struct cpython_type *type,
			  const struct answer *answer)
{
	uint64_t i;

	switch (answer->how) {
	case FOREIGN_RETURNED:
		break;
	case FOREIGN_LATE:
		return " does not return";
	case FOREIGN_CALLED:
		return " makes a system call";
	case FOREIGN_GREEDY:
		return " allocates without end";
	case TOO_MANY:
		return LIES;
	default:
		return " crashes";
	}
	for (i = 0; i < answer->n; i++)
		if (!answer->visit[i] || !cpython_visits_add(answer->visit[i]))
			return LIES;
	/* the interpreter's own code is believed */
	if (type->traverse - cpython.low >= cpython.high - cpython.low &&
	    !cpython_visits_are(is_object))
		return LIES;
	return NULL;
}

bool cpython_traverse(const struct cpython_object *o, struct arena *arena)
{
	struct cpython_type *type = object_type(o);
	const struct answer *answer =
		answer_of((uint32_t)(o - cpython_objects), arena);
	const char *why;

	cpython_visits_clear();
	if (!answer)
		return false;
	why = reason(type, answer);
	if (why)
		give_up(type, why, arena);
	return !why;
}
