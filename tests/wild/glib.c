/* ostree #2225, the timer of its downloads: the source that has gone off is
 * forgotten, with the reference of g_timeout_source_new(). Mended: that is
 * given back. */
#include <glib.h>

struct fetcher {
	GMainContext *context;
	GSource *timer_event;
};

static gboolean timer_cb(gpointer data)
{
	struct fetcher *fetcher = data;

#ifdef MENDED
	g_source_unref(fetcher->timer_event);
#endif
	fetcher->timer_event = NULL;
	return FALSE;
}

__attribute__((noinline)) static void update_timeout(struct fetcher *fetcher)
{
	fetcher->timer_event = g_timeout_source_new(0);
	g_source_set_callback(fetcher->timer_event, timer_cb, fetcher, NULL);
	g_source_attach(fetcher->timer_event, fetcher->context);
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		struct fetcher fetcher = {g_main_context_new(), NULL};

		update_timeout(&fetcher);
		while (fetcher.timer_event)
			g_main_context_iteration(fetcher.context, TRUE);
		g_main_context_unref(fetcher.context);
	}
}
