/*
 * The snapshot child: a copy of the program, frozen, in which nothing else
 * runs. All signals are blocked (but faults), no libc allocator or lock is
 * touched, no descriptor but the report is kept. It ends by exit_group.
 */
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/config.h"
#include "base/debug.h"
#include "base/fd.h"
#include "base/large.h"
#include "base/lock.h"
#include "base/sys.h"
#include "base/text.h"
#include "base/valgrind.h"
#include "evidence/resource.h"
#include "graph/finding.h"
#include "graph/findings.h"
#include "process/pid.h"
#include "process/stop.h"
#include "process/task.h"
#include "refs/refs.h"
#include "report/file.h"
#include "report/report.h"
#include "report/summary.h"
#include "report/warning.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/classes.h"
#include "scan/drop.h"
#include "scan/fault.h"
#include "scan/freeze.h"
#include "scan/judged.h"
#include "scan/late.h"
#include "scan/lone.h"
#include "scan/nodes.h"
#include "scan/read.h"
#include "scan/runtime.h"
#include "scan/scan.h"
#include "scan/scanned.h"
#include "snapshot/ask.h"
#include "snapshot/budget.h"
#include "snapshot/child.h"
#include "snapshot/closing.h"
#include "snapshot/figures.h"
#include "snapshot/frozen.h"
#include "snapshot/growing.h"
#include "snapshot/image.h"
#include "snapshot/left.h"
#include "snapshot/limits.h"
#include "snapshot/news.h"
#include "snapshot/prepare.h"
#include "snapshot/shared.h"
#include "snapshot/triggers.h"
#include "snapshot/why.h"
#include "stack/depot.h"

/* How long to wait for the pause: before the descriptors are closed, which may
 * delay the end of a pipe, and after. */
#define SHORTLY_NS 4000000
#define LONG_NS 500000000

static void be_first_to_go(void)
{
	long fd = fd_open_proc("self/oom_score_adj", O_WRONLY);

	if (sys_failed(fd))
		return;
	sys(SYS_write, fd, "1000", 4);
	sys(SYS_close, fd);
}

/* Allows all keys: the program may have shut memory off by its protection
 * keys. */
static void allow_keys(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(c & bit_OSPKE))
		return;
	__asm__ volatile("wrpkru" : : "a"(0), "c"(0), "d"(0) : "memory");
}

static void allow_faults(struct shared *shared)
{
	fault_survive(&shared->fault);
	allow_keys();
}

static struct scan scan LARGE;
static uint64_t program_pages; /* that it has in memory */

/* Another program prints the summary, with the program's environment. */
static bool may_print(const struct snapshot *snapshot)
{
	return config.plain && triggers_may_print(snapshot->trigger);
}

static __attribute__((noreturn)) void leave(void)
{
	/* valgrind warns of a process that ends in silence */
	valgrind_silence(-1);
	sys(SYS_exit_group, 0);
	__builtin_unreachable();
}

/* This scan says nothing: it lacked memory, or quiet, that the next one will
 * have. */
static __attribute__((noreturn)) void
say_nothing(const struct snapshot *snapshot)
{
	snapshot->shared->voided = snapshot->n;
	snapshot->shared->done = snapshot->n;
	leave();
}

/* Tells that a module frees past our hooks, which we could not bind. */
static void tell_freed(void)
{
	if (file_descriptor() >= 0)
		warning_add("a library freed blocks by libc's own free, unseen "
			    "by Gordian: these blocks are left out");
}

static void tell_hidden(void)
{
	if (!file_ensure())
		warning_missing(
			"memory that may hold blocks could not be read: "
			"what nothing else holds is in doubt");
}

/* Memory that could not be read may hold what is found. */
static void doubt(const struct snapshot *snapshot, struct findings *found)
{
	char line[200];
	struct text text = {line, sizeof line, 0};
	uint32_t i;

	for (i = 0; i < found->n; i++)
		if (found->list[i].confidence == CONFIDENCE_CERTAIN)
			found->list[i].confidence = CONFIDENCE_LIKELY;
	if (!read_disk_unread() || snapshot->shared->told_unread)
		return;
	snapshot->shared->told_unread = 1;
	text_number(&text, read_disk_unread() >> 10);
	text_add(&text, " kB of mapped files are not in memory and were not "
			"read: what only they hold may be among the findings");
	warning_add(line);
}

/* Tells what a runtime could not understand, each once. */
static void tell_runtimes(const struct snapshot *snapshot)
{
	uint64_t *told = snapshot->shared->told_runtime, hash;
	const char *what;
	uint32_t i, k;

	for (i = 0; (what = runtime_warning(i)); i++) {
		hash = text_hash(TEXT_HASH, what);
		for (k = 0; k < TOLD_RUNTIME && told[k] && told[k] != hash; k++)
			;
		if (k == TOLD_RUNTIME || told[k])
			continue;
		told[k] = hash;
		warning_add(what);
	}
}

static void tell_fresh(const struct finding *f, void *snapshot)
{
	news_finding(snapshot, f);
}

static int report_found(const struct snapshot *snapshot, struct arena *arena,
			const struct findings *found, struct written *written)
{
	struct reporting reporting = {
		.reported = &snapshot->shared->reported,
		.n = snapshot->n,
		.awaited = triggers_must(snapshot->trigger),
		.on_fresh = tell_fresh,
		.data = (void *)snapshot,
	};
	int err = report_findings(&reporting, &scan, found, arena, written);

	snapshot->shared->late.unripe += written->unripe;
	return err;
}

static int analyse(const struct snapshot *snapshot, struct findings *found,
		   struct written *written)
{
	static struct prepared prepared;
	struct arena *arena = &prepared.arena;
	int err = prepare(snapshot, program_pages, &prepared);

	if (!err)
		err = scan_run(&prepared.roots, snapshot->ask == ASK_NOTHING,
			       arena, &scan);
	tell_runtimes(snapshot);
	if (!err && late_tells_freed())
		tell_freed();
	if (!err && late_is_void())
		say_nothing(snapshot);
	if (!err && late_tells_hidden())
		tell_hidden();
	if (!err && snapshot->ask == ASK_HEAP)
		written->unwritten = image_write(snapshot, &prepared.roots);
	if (!err && !written->unwritten)
		written->unwritten =
			growing_scan(snapshot, &prepared.roots, &scan, arena);
	if (!err && !may_print(snapshot) && !judged_any())
		drop_live(&prepared.maps);
	if (!err)
		err = classes_find(&scan, arena);
	if (snapshot->ask == ASK_HELD)
		scan.graph.asked = nodes_find(blocks_find(snapshot->about)) + 1;
	if (!err)
		err = findings_find(&scan.graph, arena, found);
	scan.graph.room = NULL;
	scan.graph.stale = found->stale;
	if (!err && found->n)
		written->unwritten = file_ensure();
	if (!err && found->n &&
	    (late_is_unsure() || snapshot->shared->late.unsure))
		doubt(snapshot, found);
	if (!err && found->n)
		left_judge(found, &snapshot->shared->reported);
	if (!err && found->n)
		err = report_found(snapshot, arena, found, written);
	if (!err && snapshot->ask == ASK_CUTS)
		err = ask_cuts(snapshot, &scan, arena);
	if (!err && !written->unwritten)
		written->unwritten =
			report_misuses(&snapshot->shared->reported);
	debug_check(arena_is_valid(arena));
	debug_check(depot_is_valid());
	return err;
}

static void give_up(const struct snapshot *snapshot, int err)
{
	char buffer[160];
	struct text text = {buffer, sizeof buffer, 0};

	text_add(&text, "a scan was given up: ");
	if (err != -ENOMEM) {
		text_add(&text, "the kernel refused to say what is mapped "
				"(error ");
		text_number(&text, -err);
		text_add(&text, ")");
	} else if (arena_exceeded()) {
		text_add(&text, "it needed more than ");
		text_number(&text, arena_exceeded() >> 20);
		text_add(&text, " MB (memory=SIZE sets the limit)");
	} else {
		text_add(&text, "not enough memory");
	}
	warning_failure(buffer, snapshot->asked,
			&snapshot->shared->told_memory);
}

/* Blocks whose stack has no id are in the report without a stack. */
static void tell_lack(const struct snapshot *snapshot)
{
	uint32_t *told = &snapshot->shared->told_stacks;

	if (depot_lack() == DEPOT_LACKS_MEMORY)
		warning_failure("not all stacks are known: not enough memory",
				0, told);
	if (depot_lack() == DEPOT_LACKS_IDS)
		warning_failure("not all stacks are known: there are more than "
				"67 million frames of them",
				0, told);
}

static bool is_paused(const struct shared *shared)
{
	return __atomic_load_n(&shared->pause_us, __ATOMIC_ACQUIRE) ==
		       UINT32_MAX &&
	       pid_has_program();
}

/* The program was killed while it stood still: counts the pause up to now. */
static void end_pause(struct shared *shared)
{
	if (shared->pause_us == UINT32_MAX)
		shared->pause_us = sys_now_ns() / 1000 - stop_began_us();
}

/* Waits until the threads go on. They need the processors, and the report tells
 * how long they stood still. */
static void wait_for_pause(const struct shared *shared, int64_t ns)
{
	int64_t t[2] = {0, ns};

	sys(SYS_futex, &shared->pause_us, FUTEX_WAIT, UINT32_MAX, t);
}

/* A question alone has the number of the last scan. */
static __attribute__((noreturn)) void answer(const struct snapshot *snapshot)
{
	int err = 0;

	if (snapshot->ask == ASK_REFERRERS)
		snapshot->shared->answers.whole = !ask_referrers(snapshot);
	else
		err = why_path(snapshot, program_pages);
	if (err) {
		give_up(snapshot, err);
		snapshot->shared->answered = ANSWERED;
	}
	snapshot->shared->done = snapshot->n;
	leave();
}

void child_run(const struct snapshot *snapshot)
{
	struct findings found = {0};
	struct written written = {0};
	int err;

	valgrind_silence(1);
	allow_faults(snapshot->shared);
	freeze(&snapshot->shared->late.freeze,
	       triggers_must(snapshot->trigger));
	be_first_to_go();
	wait_for_pause(snapshot->shared, SHORTLY_NS);
	lock_all_free();
	task_close(); /* its directory is open while threads are stopped */
	resources_note();
	close_others(file_descriptor());
	while (is_paused(snapshot->shared))
		wait_for_pause(snapshot->shared, LONG_NS);
	end_pause(snapshot->shared);
	if (snapshot->shared->late.unsure &&
	    (snapshot->again || !triggers_must(snapshot->trigger)))
		say_nothing(snapshot);
	program_pages = budget_watch();
	limits_memory(program_pages);
	limits_time(snapshot->shared, program_pages);
	if (ask_is_alone(snapshot->ask))
		answer(snapshot);
	if (snapshot->ask == ASK_HELD)
		lone_asked = snapshot->about;
	err = analyse(snapshot, &found, &written);
	if (!err) {
		snapshot->shared->alarms = written.alarms;
		snapshot->shared->fresh = written.fresh;
		snapshot->shared->findings += written.fresh;
		snapshot->shared->blocks = blocks.n;
		snapshot->shared->bytes = blocks.bytes;
		snapshot->shared->objects = refs_objects_n();
		news_end(snapshot, &written);
		snapshot->shared->counted = snapshot->n;
		if (file_descriptor() >= 0 && !written.unwritten)
			written.unwritten =
				figures_report(snapshot, written.findings);
		if (snapshot->ask == ASK_HELD && !written.unwritten)
			written.unwritten = why_held(snapshot, &found);
		if (!written.unwritten)
			snapshot->shared->good = snapshot->n;
	} else {
		give_up(snapshot, err);
	}
	tell_lack(snapshot);
	snapshot->shared->done = snapshot->n;
	if (!err && !written.unwritten &&
	    (written.alarms || written.undecided) && may_print(snapshot))
		summary_print(&scan, &found);
	leave();
}
