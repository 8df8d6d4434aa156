/* Mistakes that programs make with GStreamer, each ten times, and their cures:
 * gstreamer-leaks MISTAKE [cured]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void gst_init(int *, char ***),
	*gst_buffer_new_allocate(void *, size_t, void *);
void *gst_caps_new_empty_simple(const char *), *gst_message_new_eos(void *);
void *gst_event_new_flush_start(void),
	*gst_sample_new(void *, void *, void *, void *);
void *gst_mini_object_ref(void *);
void gst_mini_object_unref(void *);

static int cured;
static void *volatile kept[11][3];

static void forget(void *object)
{
	if (cured)
		gst_mini_object_unref(object);
}

/* its memory knows it, and has no reference */
static void buffer(int i)
{
	(void)i;
	forget(gst_buffer_new_allocate(NULL, 100, NULL));
}

static void caps(int i)
{
	(void)i;
	forget(gst_caps_new_empty_simple("video/x-raw"));
}

static void message(int i)
{
	(void)i;
	forget(gst_message_new_eos(NULL));
}

static void event(int i)
{
	(void)i;
	forget(gst_event_new_flush_start());
}

/* a sample has one reference to its buffer, and one was not given back */
static void twice(int i)
{
	void *buffer = gst_buffer_new_allocate(NULL, 100, NULL);
	void *sample = gst_sample_new(buffer, NULL, NULL, NULL);

	(void)i;
	gst_mini_object_unref(sample);
	forget(buffer);
}

static void live(int i)
{
	void *buffer = gst_buffer_new_allocate(NULL, 100, NULL);

	kept[i][0] = gst_sample_new(buffer, NULL, NULL, NULL);
	gst_mini_object_unref(buffer);
	kept[i][1] = gst_mini_object_ref(kept[i][0]);
	kept[i][2] = gst_caps_new_empty_simple("audio/x-raw");
}

static const struct {
	const char *name;
	void (*make)(int i);
} mistakes[] = {
	{"buffer", buffer}, {"caps", caps},   {"message", message},
	{"event", event},   {"twice", twice}, {"live", live},
};

static void clear(void)
{
	char stack[8192];

	memset(stack, 0, sizeof stack);
	__asm__ volatile("" : : "r"(stack) : "memory");
}

int main(int argc, char **argv)
{
	size_t k;
	int i;

	setenv("GST_REGISTRY_DISABLE", "yes", 1);
	setenv("GST_PLUGIN_SYSTEM_PATH_1_0", "", 1);
	gst_init(NULL, NULL);
	for (k = 0; k < sizeof mistakes / sizeof *mistakes; k++) {
		if (strcmp(argv[1], mistakes[k].name))
			continue;
		cured = 1;
		if (mistakes[k].make != live)
			mistakes[k].make(0);
		live(10); /* old words lead to these */
		cured = argc > 2;
		for (i = 0; i < 10; i++)
			mistakes[k].make(i);
		cured = 1;
		if (mistakes[k].make != live) /* old words of the last */
			mistakes[k].make(0);
	}
	clear();
	return 0;
}
