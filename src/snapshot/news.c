/*
 * See news.h. A ring with one writer at a time (the thread that begins a scan,
 * then that scan's child) and one reader. When it is full, findings are left
 * out. The ends are not.
 */
#include "base/config.h"
#include "base/out.h"
#include "base/text.h"
#include "gordian.h"
#include "graph/finding.h"
#include "process/guard.h"
#include "refs/refs.h"
#include "report/report.h"
#include "scan/blocks_build.h"
#include "snapshot/frozen.h"
#include "snapshot/news.h"
#include "snapshot/shared.h"
#include "snapshot/triggers.h"

static gordian_callback_fn *callback;
static void *callback_data;
static uint32_t told; /* the scan whose beginning need not be told */

void news_callback(gordian_callback_fn *fn, void *data)
{
	struct shared *shared = shared_memory();

	callback_data = data;
	if (fn && !callback && shared)
		shared->news.read = shared->news.written;
	__atomic_store_n(&callback, fn, __ATOMIC_RELEASE);
	guard_look_for(LOOK_FOR_NEWS, fn != NULL);
}

static void add(struct news *news, struct gordian_news what)
{
	uint32_t spare = what.event == GORDIAN_FINDING ? 8 : 0;

	if (news->written - __atomic_load_n(&news->read, __ATOMIC_ACQUIRE) >=
	    NEWS_ROOM - spare)
		return;
	news->list[news->written % NEWS_ROOM] = what;
	__atomic_store_n(&news->written, news->written + 1, __ATOMIC_RELEASE);
}

static bool are_due(void)
{
	struct shared *shared = shared_memory();

	return callback && shared &&
	       __atomic_load_n(&shared->news.written, __ATOMIC_RELAXED) !=
		       shared->news.read;
}

static void call(const struct gordian_news *what)
{
	gordian_callback_fn *fn = __atomic_load_n(&callback, __ATOMIC_ACQUIRE);

	if (!fn)
		return;
	thread_calls_back(true);
	fn(what, callback_data);
	thread_calls_back(false);
}

void news_deliver(void)
{
	struct shared *shared = shared_memory();
	struct news *news = &shared->news;

	if (!are_due() || __atomic_exchange_n(&news->busy, 1, __ATOMIC_ACQ_REL))
		return;
	while (news->read !=
	       __atomic_load_n(&news->written, __ATOMIC_ACQUIRE)) {
		struct gordian_news what = news->list[news->read % NEWS_ROOM];

		__atomic_store_n(&news->read, news->read + 1, __ATOMIC_RELEASE);
		call(&what);
	}
	__atomic_store_n(&news->busy, 0, __ATOMIC_RELEASE);
}

void news_tell_begin(uint32_t n)
{
	struct gordian_news what = {.event = GORDIAN_SCAN_START, .scan = n};

	news_deliver();
	told = n;
	call(&what);
}

void news_begin(uint32_t n)
{
	struct shared *shared = shared_memory();
	struct gordian_news what = {.event = GORDIAN_SCAN_START, .scan = n};

	if (callback && told != n)
		add(&shared->news, what);
}

static void note_finding(const struct finding *f, uint32_t scan)
{
	static const char *const kinds[] = {"new cycle ", "new lost ",
					    "new excess reference "};
	char buffer[160];
	struct text text = {buffer, sizeof buffer, 0};
	int shift;

	text_add(&text, "scan ");
	text_number(&text, scan);
	text_add(&text, ": ");
	text_add(&text, kinds[f->kind]);
	for (shift = 60; shift >= 0; shift -= 4)
		text_hex(&text, f->id >> shift & 15);
	text_add(&text, ", ");
	text_number(&text, f->count);
	text_add(&text, " times, ");
	text_number(&text, f->bytes + f->retained_bytes);
	text_add(&text, " bytes");
	out_note(buffer);
}

void news_finding(const struct snapshot *snapshot, const struct finding *f)
{
	struct gordian_news what = {
		.event = GORDIAN_FINDING,
		.scan = snapshot->n,
		.id = f->id,
		.count = f->count,
		.bytes = f->bytes + f->retained_bytes,
	};

	if (callback)
		add(&snapshot->shared->news, what);
	if (config.debug >= 2)
		note_finding(f, snapshot->n);
}

static void note_end(const struct snapshot *snapshot,
		     const struct written *written)
{
	const struct {
		uint64_t n;
		const char *of;
	} parts[] = {
		{blocks.n, " blocks, "},
		{blocks.bytes, " bytes, "},
		{refs_objects_n(), " objects, "},
		{written->alarms, " findings ("},
		{written->fresh, " new), paused "},
		{snapshot->shared->pause_us, " us"},
	};
	char buffer[256];
	struct text text = {buffer, sizeof buffer, 0};
	unsigned i;

	text_add(&text, "scan ");
	text_number(&text, snapshot->n);
	text_add(&text, " (");
	text_add(&text, triggers_name(snapshot->trigger));
	text_add(&text, "): ");
	for (i = 0; i < sizeof parts / sizeof *parts; i++) {
		text_number(&text, parts[i].n);
		text_add(&text, parts[i].of);
	}
	out_note(buffer);
}

void news_end(const struct snapshot *snapshot, const struct written *written)
{
	struct gordian_news what = {
		.event = GORDIAN_SCAN_END,
		.scan = snapshot->n,
		.count = written->fresh,
		.bytes = written->bytes,
	};

	if (callback)
		add(&snapshot->shared->news, what);
	if (config.debug)
		note_end(snapshot, written);
}
