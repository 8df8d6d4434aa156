/* A source's handler keeps the event loop that it belongs to. Mended: it gives
 * it back. */
#include <stdlib.h>
#include <systemd/sd-event.h>

struct watch {
	sd_event *event;
};

__attribute__((noinline)) static struct watch *watch_new(sd_event *event)
{
	struct watch *watch = calloc(1, sizeof *watch);

	watch->event = sd_event_ref(event);
	return watch;
}

static int tick(sd_event_source *source, void *data)
{
	(void)source;
	(void)data;
	return 0;
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		sd_event *event = NULL;
		struct watch *watch;

		if (sd_event_new(&event) < 0)
			return 77;
		watch = watch_new(event);
		sd_event_add_defer(event, NULL, tick, watch);
#ifdef MENDED
		sd_event_unref(watch->event);
		free(watch);
#endif
		sd_event_unref(event);
		event = NULL;
		watch = NULL;
	}
}
