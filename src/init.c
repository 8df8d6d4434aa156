/*
 * See init.h. The first hook may come before any constructor (another
 * library's allocates, or the loader), in the one thread that there is then.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>
#include "arena.h"
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
#include "signals.h"
#include "snapshot.h"
#include "stack.h"
#include "stop.h"
#include "sys.h"
#include "trigger.h"

static enum { NOTHING, BUSY, EARLY, DONE, FAILED } state;
static int32_t pid;

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
	state = heap_init(real_is_glibc ? 32 : 16) ? FAILED : EARLY;
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

static const char *option_words(char **envp)
{
	for (; envp && *envp; envp++)
		if (!strncmp(*envp, "GORDIAN_OPTIONS=", 16))
			return *envp + 16;
	return NULL;
}

__attribute__((constructor(101))) static void init(int argc, char **argv,
						   char **envp)
{
	struct thread *self = guard_enter(FRAME);

	(void)argc;
	(void)argv;
	if (state != EARLY)
		return;
	mark_memory();
	out_init();
	config_read(option_words(envp));
	set_options(option_words(envp));
	edit_environment(envp);
	file_init();
	stack_init(file_is_kept());
	nptl_init();
	freed_init();
	if (stop_init() || snapshot_init()) {
		out_note("no memory: nothing is tracked");
		return;
	}
	family_init();
	file_begin();
	if (config.warning[0]) {
		file_warning(config.warning);
		if (config.plain)
			out_note(config.warning);
	}
	trigger_init();
	fork_init();
	signals_init();
	state = DONE;
	if (self)
		guard_leave(self, NULL);
}
