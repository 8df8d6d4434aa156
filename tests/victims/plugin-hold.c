/* For held-plugin. */
#include "victim.h"

static void *data[100], *initialised = &data;
static __thread void *tls[100], *tls_initialised = &data;

void hold_data(void)
{
	data[99] = MALLOC(100);
	initialised = MALLOC(200);
	USE(&initialised);
	USE(data);
}

void hold_tls(void)
{
	tls[99] = MALLOC(300);
	tls_initialised = MALLOC(400);
	USE(tls);
	USE(&tls_initialised);
}
