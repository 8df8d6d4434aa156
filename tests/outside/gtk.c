/* A window with a list, buttons and labels that come and go. It closes itself.
 * The prototypes are here, so that GTK 3's libraries are enough. */
#include <stddef.h>
#include <stdio.h>

int gtk_init_check(int *, char ***);
void *gtk_window_new(int), *gtk_box_new(int, int), *gtk_entry_new(void);
void *gtk_label_new(const char *), *gtk_button_new_with_label(const char *);
void *gtk_list_store_new(int, ...), *gtk_tree_view_new_with_model(void *);
void *gtk_cell_renderer_text_new(void);
void gtk_list_store_insert_with_values(void *, void *, int, ...);
int gtk_tree_view_insert_column_with_attributes(void *, int, const char *,
						void *, ...);
void gtk_container_add(void *, void *), gtk_widget_show_all(void *);
void gtk_widget_destroy(void *), gtk_main(void), gtk_main_quit(void);
void g_object_unref(void *);
unsigned g_timeout_add(unsigned, int (*)(void *), void *);
unsigned long g_signal_connect_data(void *, const char *, void (*)(void),
				    void *, void *, int);

#define STRING 64ul /* G_TYPE_STRING */
#define TEXT "a text of a row"

static void *window;

static void on(void)
{
}

static int tick(void *box)
{
	static int n;
	void *label = gtk_label_new("label");

	gtk_container_add(box, label);
	gtk_widget_show_all(label);
	gtk_widget_destroy(label);
	if (++n < 20)
		return 1;
	gtk_widget_destroy(window);
	return 0;
}

static void *list_new(void)
{
	void *store = gtk_list_store_new(1, STRING), *list;
	int i;

	for (i = 0; i < 50; i++)
		gtk_list_store_insert_with_values(store, NULL, -1, 0, TEXT, -1);
	list = gtk_tree_view_new_with_model(store);
	g_object_unref(store);
	gtk_tree_view_insert_column_with_attributes(
		list, -1, "column", gtk_cell_renderer_text_new(), "text", 0,
		NULL);
	return list;
}

int main(int argc, char **argv)
{
	void *box, *button;
	int i;

	if (!gtk_init_check(&argc, &argv))
		return 77;
	window = gtk_window_new(0);
	box = gtk_box_new(1, 0);
	gtk_container_add(window, box);
	gtk_container_add(box, list_new());
	for (i = 0; i < 5; i++) {
		button = gtk_button_new_with_label("button");
		g_signal_connect_data(button, "clicked", on, NULL, NULL, 0);
		gtk_container_add(box, button);
	}
	gtk_container_add(box, gtk_entry_new());
	g_signal_connect_data(window, "destroy", gtk_main_quit, NULL, NULL, 0);
	g_timeout_add(10, tick, box);
	gtk_widget_show_all(window);
	gtk_main();
	puts("closed");
	return 0;
}
