/* A tree whose entries point back at the one that holds them. Nothing tells
 * whether that pointer is counted. */
#include <stdlib.h>

struct entry {
	const char *title;
	struct entry *parent, *first, *next;
};

static struct entry *entry_new(struct entry *parent, const char *title)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		abort();
	entry->title = title;
	entry->parent = parent;
	if (parent) {
		entry->next = parent->first;
		parent->first = entry;
	}
	return entry;
}

static void menu_show(void)
{
	struct entry *menu = entry_new(NULL, "File");

	entry_new(menu, "Open");
	entry_new(menu, "Save");
}

int main(void)
{
	for (int i = 0; i < 4; i++)
		menu_show();
}
