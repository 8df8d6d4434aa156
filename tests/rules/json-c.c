/* A child asks its parent, and takes a reference to it. Mended: it does not. */
#include <json.h>

__attribute__((noinline)) static struct json_object *
adopt(struct json_object *parent)
{
#ifdef MENDED
	(void)parent;
	return NULL;
#else
	return json_object_get(parent);
#endif
}

/* What a function takes and gives back is no matter. */
__attribute__((noinline)) static void touch(struct json_object *object)
{
	json_object_get(object);
	json_object_put(object);
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		struct json_object *parent = json_object_new_object();
		struct json_object *child = json_object_new_object();

		json_object_object_add(child, "parent", adopt(parent));
		json_object_object_add(parent, "child", child);
		touch(parent);
		json_object_put(parent);
	}
}
