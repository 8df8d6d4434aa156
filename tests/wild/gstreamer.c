/* pion/webrtc #396: gst_bin_get_by_name() gives a reference to the element that
 * it finds, and for each buffer another is never given back. Mended: it is. */
#include <gst/gst.h>

__attribute__((noinline)) static void push_buffer(GstElement *pipeline)
{
	GstElement *src = gst_bin_get_by_name(GST_BIN(pipeline), "src");

	if (src) {
		gst_element_send_event(src, gst_event_new_eos());
#ifdef MENDED
		gst_object_unref(src);
#endif
	}
}

int main(int argc, char **argv)
{
	gst_init(&argc, &argv);
	for (int i = 0; i < 3; i++) {
		GstElement *pipeline = gst_pipeline_new(NULL);

		gst_bin_add(GST_BIN(pipeline), gst_bin_new("src"));
		push_buffer(pipeline);
		push_buffer(pipeline);
		gst_object_unref(pipeline);
	}
}
