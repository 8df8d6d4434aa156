/* A structure on a message that keeps the message. Mended: it does not. */
#include <gst/gst.h>

struct note {
	GstMessage *message;
};

static void note_free(gpointer data)
{
	g_free(data);
}

__attribute__((noinline)) static void note_on(GstMessage *message)
{
	struct note *note = g_new0(struct note, 1);

#ifndef MENDED
	note->message = (GstMessage *)gst_mini_object_ref(
		GST_MINI_OBJECT_CAST(message));
#endif
	gst_mini_object_set_qdata(GST_MINI_OBJECT_CAST(message),
				  g_quark_from_static_string("note"), note,
				  note_free);
}

int main(int argc, char **argv)
{
	gst_init(&argc, &argv);
	for (int i = 0; i < 3; i++) {
		GstMessage *message = gst_message_new_eos(NULL);

		note_on(message);
		gst_mini_object_unref(GST_MINI_OBJECT_CAST(message));
		message = NULL;
	}
}
