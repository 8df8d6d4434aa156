/*
 * The constructor: makes what library_begin() has not made at the first hook.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>
#include "base/config.h"
#include "base/out.h"
#include "base/pages.h"
#include "base/sandbox.h"
#include "base/sys.h"
#include "base/text.h"
#include "heap/bootstrap.h"
#include "heap/heap.h"
#include "hooks/checker.h"
#include "hooks/fork.h"
#include "hooks/handlers.h"
#include "hooks/serve.h"
#include "process/chosen.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/room.h"
#include "process/signals.h"
#include "process/starts.h"
#include "process/stop.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "report/file.h"
#include "report/lastline.h"
#include "report/warning.h"
#include "rules/ranged.h"
#include "rules/redirect.h"
#include "rules/rulesfile.h"
#include "runtimes/runtimes.h"
#include "scan/nptl.h"
#include "scan/runtime.h"
#include "snapshot/rehearsal.h"
#include "snapshot/relief.h"
#include "snapshot/trigger.h"
#include "stack/rule.h"
#include "stack/stack.h"

/* When the address space is limited, a scan needs so much of it. */
#define ROOM_SCAN (8ul << 20)

/* For a run without `gordian run`: its programs and children know each other by
 * a token that we make. */
static void make_token(void)
{
	struct text t = {config.run, sizeof config.run, 0};
	uint64_t random = 0;

	sys(SYS_getrandom, &random, sizeof random, 1 /* GRND_NONBLOCK */);
	text_number(&t, pid_own());
	text_add(&t, "-");
	text_hex(&t, random);
}

/* Sets what programs that this one executes find in GORDIAN_OPTIONS. */
static void set_options(const char *given)
{
	struct text t = {config.options, config.room, 0};

	text_add(&t, "GORDIAN_OPTIONS=");
	text_add(&t, given ? given : "");
	if (!config.run[0]) {
		make_token();
		config.first = true;
		text_add(&t, given && *given ? ":run=" : "run=");
		text_add(&t, config.run);
		text_add(&t, ":plain=yes:main=");
		text_number(&t, pid_own());
		config.main_pid = pid_own();
	}
}

/* Programs that libc itself executes (system, popen) inherit these words. So
 * they are changed in place. */
static void edit_environment(char **envp)
{
	char **from, **to = envp;

	for (from = envp; from && *from; from++) {
		bool options = !strncmp(*from, "GORDIAN_OPTIONS=", 16);
		bool preload = !strncmp(*from, "LD_PRELOAD=", 11) &&
			       strstr(*from, "libgordian.so") &&
			       !strchr(*from + 11, ':') &&
			       !strchr(*from + 11, ' ');

		if (!config.follow && (options || preload))
			continue;
		*to++ = options ? config.options : *from;
	}
	if (to)
		*to = NULL;
}

/* What a privileged program executes may be root for good, and must not obey
 * the options either: takes them out. */
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
		warning_missing(text);
	out_note(text);
}

/* Gives back what was mapped, unless another thread, or a macro, may use it.
 * The constructor mostly runs before any of these. */
static void stand_aside(void)
{
	bool alone = thread_self && thread_is_alone() && !refs_objects_n() &&
		     !sys_gate; /* seccomp filters are asked */

	library_fail();
	heap_stop();
	if (!alone)
		return;
	pid_unmark_memory();
	thread_stop();
	starts_stop();
	rules_stop();
	pages_give_back(bootstrap_owns_slow);
}

/* The user does not want this program looked at. What it executes is another
 * matter: the environment stays. */
static void leave_alone(char **envp)
{
	if (!config.follow)
		edit_environment(envp);
	file_init();
	lastline_aside();
	stand_aside();
}

/* What is wrong with the options, or with a file that they name. */
static void say_wrong(const char *text)
{
	if (!file_is_kept() && !config.first)
		return;
	if (!config.plain || !config.first) {
		warning_add(text);
		return;
	}
	warning_told(text);
	out_note(text);
}

static void begin_rules(void)
{
	const char *path;

	for (path = config.rules; *path; path += strlen(path) + 1)
		rulesfile_read(path, say_wrong);
	redirect_look();
}

__attribute__((constructor(101))) static void init(int argc, char **argv,
						   char **envp)
{
	struct thread *self = guard_enter(FRAME);
	const char *refused;

	(void)argc;
	out_init();
	guard_server = serve;
	if (library_is_new())
		return;
	if (library_is_privileged()) {
		drop_options(envp);
		return;
	}
	config_read(option_words(envp));
	if (!chosen_is(argv[0])) {
		leave_alone(envp);
		return;
	}
	set_options(option_words(envp));
	edit_environment(envp);
	refused = rehearsal_begin();
	sandbox_close(refused);
	file_init();
	checker_init();
	if (library_has_failed()) {
		say_too_little();
		return;
	}
	pid_mark_memory();
	/* later it may be barred, or another thread hold the loader's lock */
	stack_init(!thread_is_alone() || (file_is_kept() && sys_gate));
	nptl_init();
	relief_init();
	if (room_left() < ROOM_SCAN) {
		say_too_little();
		stand_aside();
		return;
	}
	stop_init();
	file_begin();
	if (refused)
		warning_missing(refused);
	if (config.warning[0])
		say_wrong(config.warning);
	checker_tell();
	runtimes_init();
	(void)runtime_register(&ranged_runtime);
	trigger_init();
	fork_init();
	signals_init(handle_ours, handle_end);
	library_set_ready();
	begin_rules();
	guard_end(self);
}
