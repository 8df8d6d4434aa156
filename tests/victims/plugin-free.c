/* For storm-dlopen: allocates, uses thread-local storage, frees. */
#include "victim.h"

static __thread void *tls[64];

void plugin_run(void)
{
	tls[63] = MALLOC(100);
	free(tls[63]);
	tls[63] = NULL;
}
