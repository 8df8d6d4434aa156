/* FRRouting #19192, zebra's show commands: the object for the answer is made
 * before the name of the VRF is looked up, and a macro returns when there is no
 * such VRF. Mended: it is made after that. */
#include <json.h>
#include <string.h>

#define VRF_GET_ID(id, name)                 \
	do {                                 \
		if (strcmp(name, "default")) \
			return -1;           \
		(id) = 0;                    \
	} while (0)

__attribute__((noinline)) static int show_nht(const char *name)
{
	struct json_object *json = NULL;
	int id;

#ifndef MENDED
	json = json_object_new_object();
#endif
	VRF_GET_ID(id, name);
#ifdef MENDED
	json = json_object_new_object();
#endif
	json_object_object_add(json, "vrf", json_object_new_int(id));
	json_object_put(json);
	return 0;
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		show_nht("default");
		show_nht("blue");
	}
}
