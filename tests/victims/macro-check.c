/* The gc module's counterpart: what each function answers; what was there
 * before gordian_baseline(), or is ignored, is no finding; a root keeps. */
#include "macro.h"

static int started, ended, found;
static unsigned long bytes;
static struct obj *volatile held;

static void heard(const struct gordian_news *news, void *data)
{
	if (data != &found)
		_exit(6);
	started += news->event == GORDIAN_SCAN_START;
	ended += news->event == GORDIAN_SCAN_END;
	found += news->event == GORDIAN_FINDING;
	if (news->event == GORDIAN_FINDING)
		bytes = news->bytes;
}

static NOINLINE void before(void)
{
	MALLOC(300);
}

static NOINLINE void ignored(void)
{
	void **p = MALLOC(400);

	p[0] = MALLOC(500);
	GORDIAN_IGNORE((char *)p + 100);
}

static NOINLINE void rooted(void)
{
	void **p = MALLOC(600);

	p[10] = MALLOC(700);
	p[20] = MALLOC(800);
	GORDIAN_ROOT(p + 10, 8);
}

static NOINLINE void lose(void)
{
	MALLOC(100);
}

static NOINLINE void neighbours(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");
	const void *out[2] = {NULL, NULL};

	held = a;
	a->first = a->second = b;
	MUST_BE(gordian_is_tracked(b), 1);
	MUST_BE(gordian_is_tracked(&b->second), 1);
	MUST_BE(gordian_is_tracked(NULL), 0);
	MUST_BE(gordian_is_tracked(&started), 0);
	MUST_BE(gordian_get_referents(a, out, 2), 1);
	if (out[0] && out[0] != b)
		_exit(6);
	MUST_BE(gordian_get_referents(b, NULL, 0), 0);
	out[0] = NULL;
	MUST_BE(gordian_get_referrers(b, out, 2), 1);
	if (out[0] && out[0] != a)
		_exit(6);
	MUST_BE(gordian_get_referrers(NULL, NULL, 0), 0);
}

static NOINLINE void switches(void)
{
	MUST_BE(gordian_is_enabled(), 1);
	MUST_BE(gordian_disable(), 1);
	MUST_BE(gordian_is_enabled(), 0);
	MUST_BE(gordian_enable(), 0);
	MUST_BE(gordian_get_threshold(), 0);
	MUST_BE(gordian_set_threshold(1L << 40), 0);
	MUST_BE(gordian_get_threshold(), 1L << 40);
	MUST_BE(gordian_get_debug(), 0);
	MUST_BE(gordian_set_debug(0), 0);
}

static NOINLINE void checks(void)
{
	struct gordian_stats stats = {0, 0, 0, 0, 0, 0, 0, 0};

	MUST_BE(gordian_check(), 1);
	MUST_BE(gordian_set_callback(heard, &found), 0);
	away(lose);
	MUST_BE(gordian_check(), 1);
	MUST_BE(gordian_check(), 0);
	MUST_BE(gordian_set_callback(NULL, NULL), 0);
	MUST_BE(gordian_check(), 0);
	if (gordian_get_stats(&stats) == -1)
		return;
	MUST_BE(started, 2);
	MUST_BE(ended, 2);
	MUST_BE(found, 1);
	MUST_BE(bytes, 100);
	MUST_BE(stats.scans, 4);
	MUST_BE(stats.objects, 2);
	MUST_BE(stats.findings, 2);
}

int main(void)
{
	say("expect lost count=1 bytes=600 retained_bytes=800 "
	    "retained_blocks=1");
	say("expect lost count=1 bytes=100 function=lose");
	say("total findings=2");
	away(before);
	MUST_BE(gordian_baseline(), 0);
	away(ignored);
	away(rooted);
	away(neighbours);
	away(switches);
	away(checks);
	return 0;
}
