/* vysheng/tg #1075: json_object_set() takes a reference of its own to a value
 * that was made for it. Mended: json_object_set_new() takes the only one. */
#include <jansson.h>

#ifdef MENDED
#define SET json_object_set_new
#else
#define SET json_object_set
#endif

__attribute__((noinline)) static json_t *pack_peer(int id)
{
	json_t *peer = json_object();

	SET(peer, "peer_type", json_string("user"));
	SET(peer, "peer_id", json_integer(id));
	return peer;
}

int main(void)
{
	for (int i = 0; i < 3; i++)
		json_decref(pack_peer(i));
}
