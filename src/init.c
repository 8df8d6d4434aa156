/*
 * See init.h. The first hook may come before any constructor (another
 * library's allocates, or the loader), in the one thread that there is then.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>
#include "arena.h"
#include "bootstrap.h"
#include "checker.h"
#include "config.h"
#include "end.h"
#include "family.h"
#include "file.h"
#include "fork.h"
#include "freed.h"
#include "guard.h"
#include "heap.h"
#include "init.h"
#include "nptl.h"
#include "out.h"
#include "real.h"
#include "refs.h"
#include "rehearsal.h"
#include "relief.h"
#include "room.h"
#include "rule.h"
#include "sandbox.h"
#include "signals.h"
#include "snapshot.h"
#include "stack.h"
#include "stop.h"
#include "sys.h"
#include "trigger.h"

/* Address space that there has to be left where it is limited. What is in use
 * at first is a third of it; a quarter of the heap comes to that. */
#define ROOM_LEAST (32ul << 20)

static enum { NOTHING, BUSY, EARLY, DONE, FAILED } state;
static int32_t pid;

/* Whoever started it has fewer rights than it has: its words are not obeyed,
 * and what the program holds is not for its eyes. */
static bool is_privileged(void)
{
	return getauxval(AT_SECURE) != 0;
}

/* Where memory is short from the beginning it is all the program's: nothing is
 * mapped, nothing recorded, all calls are handed on. */
static bool may_begin(void)
{
	return !is_privileged() && room_left() >= ROOM_LEAST &&
	       !heap_init(real_is_glibc ? 32 : 16);
}

bool init_early(void)
{
	int saved;

	if (state != NOTHING)
		return init_is_up();
	saved = errno;
	state = BUSY;
	pid = sys(SYS_getpid);
	real_init();
	/* glibc's blocks are at least 32 bytes apart */
	state = may_begin() ? EARLY : FAILED;
	if (state == FAILED)
		rules_stop();
	errno = saved;
	return state == EARLY;
}

bool init_is_up(void)
{
	return state == EARLY || state == DONE;
}

bool init_done(void)
{
	return state == DONE;
}

int32_t init_pid(void)
{
	return pid;
}

bool init_is_vfork_child(void)
{
	return sys(SYS_getpid) != pid;
}

/* A word that the kernel wipes in whoever gets a copy of this memory. */
static volatile uint32_t *same;

static void mark_memory(void)
{
	if (!same)
		same = arena_map(sizeof *same);
	if (same && sys(SYS_madvise, same, 4096, MADV_WIPEONFORK))
		same = NULL;
	if (same)
		*same = true;
}

bool init_has_copy(void)
{
	return same && !*same;
}

void init_forked(void)
{
	pid = sys(SYS_getpid);
	mark_memory();
}

/* A run without `gordian run`: all its programs and children know each other
 * by a token of our own making. */
static void make_token(void)
{
	struct text t = {config.run, sizeof config.run, 0};
	uint64_t random = 0;

	sys(SYS_getrandom, &random, sizeof random, 1 /* GRND_NONBLOCK */);
	text_number(&t, pid);
	text_add(&t, "-");
	text_hex(&t, random);
}

/* What programs that this one executes are to find in GORDIAN_OPTIONS. */
static void set_options(const char *given)
{
	struct text t = {config.options, sizeof config.options, 0};

	text_add(&t, "GORDIAN_OPTIONS=");
	text_add(&t, given ? given : "");
	if (!config.run[0]) {
		make_token();
		config.first = true;
		text_add(&t, given && *given ? ":run=" : "run=");
		text_add(&t, config.run);
		text_add(&t, ":plain=yes:main=");
		text_number(&t, pid);
		config.main_pid = pid;
	}
}

/* Programs that it executes through libc's own means (system, popen) inherit
 * these words; they are changed where they stand. */
static void edit_environment(char **envp)
{
	char **from, **to = envp;

	for (from = envp; from && *from; from++) {
		bool options = !strncmp(*from, "GORDIAN_OPTIONS=", 16);
		bool preload = !strncmp(*from, "LD_PRELOAD=", 11) &&
			       strstr(*from, "libgordian.so") &&
			       !strpbrk(*from + 11, ": ");

		if (!config.follow && (options || preload))
			continue;
		*to++ = options ? config.options : *from;
	}
	if (to)
		*to = NULL;
}

/* Nor are they by what a privileged program executes, as root for good. */
static void drop_options(char **envp)
{
	char **from, **to = envp;

	for (from = envp; from && *from; from++)
		if (strncmp(*from, "GORDIAN_OPTIONS=", 16))
			*to++ = *from;
	if (to)
		*to = NULL;
}

static const char *option_words(char **envp)
{
	for (; envp && *envp; envp++)
		if (!strncmp(*envp, "GORDIAN_OPTIONS=", 16))
			return *envp + 16;
	return NULL;
}

static void say_too_little(void)
{
	static const char text[] = "not enough memory: nothing is tracked";

	if (!file_ensure_quietly())
		file_missing(text);
	out_note(text);
}

/* What was mapped goes back, unless another thread, or a macro, may use it: the
 * constructor mostly comes before any. */
static void stand_aside(void)
{
	bool alone = guard_self && thread_is_alone() && !refs_objects_n() &&
		     !sys_confined; /* filters are asked */

	state = FAILED;
	heap_stop();
	if (!alone)
		return;
	same = NULL;
	snapshot_stop();
	thread_stop();
	rules_stop();
	arena_give_back(bootstrap_owns_slow);
}

__attribute__((constructor(101))) static void init(int argc, char **argv,
						   char **envp)
{
	struct thread *self = guard_enter(FRAME);
	const char *refused;

	(void)argc;
	(void)argv;
	out_init();
	if (state != EARLY && state != FAILED)
		return;
	if (is_privileged()) {
		drop_options(envp);
		return;
	}
	config_read(option_words(envp));
	set_options(option_words(envp));
	edit_environment(envp);
	refused = rehearsal_refuses();
	sandbox_close(refused);
	file_init();
	checker_init();
	if (state == FAILED) {
		say_too_little();
		return;
	}
	mark_memory();
	stack_init(file_is_kept());
	nptl_init();
	freed_init();
	relief_init();
	if (stop_init() || snapshot_init()) {
		say_too_little();
		stand_aside();
		return;
	}
	family_init();
	file_begin();
	if (refused)
		file_missing(refused);
	if (config.warning[0] && (file_is_kept() || config.first)) {
		file_warning(config.warning);
		if (config.plain && config.first)
			out_note(config.warning);
	}
	checker_tell();
	trigger_init();
	fork_init();
	signals_init();
	state = DONE;
	if (self)
		guard_leave(self, NULL);
}
