/* Two objects that hold each other. Mended: one is cleared before. */
#include <jansson.h>

int main(void)
{
	for (int i = 0; i < 3; i++) {
		json_t *parent = json_object(), *child = json_object();

		json_object_set_new(parent, "child", child);
		json_object_set(child, "parent", parent);
#ifdef MENDED
		json_object_clear(child);
#endif
		json_decref(parent);
		parent = child = NULL;
	}
}
