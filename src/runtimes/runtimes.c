/* See runtimes.h. */
#include <stddef.h>
#include "runtimes/cpython.h"
#include "runtimes/glib.h"
#include "runtimes/gobject.h"
#include "runtimes/own.h"
#include "runtimes/perl.h"
#include "runtimes/runtimes.h"
#include "runtimes/rust.h"
#include "runtimes/shared_ptr.h"
#include "scan/runtime.h"

/* The first that declares a block has it. */
static const struct runtime *const runtimes[] = {
	&cpython_runtime,    &runtime_gobject, &runtime_glib,
	&runtime_shared_ptr, &runtime_jvm,     &runtime_ruby,
	&runtime_perl,	     &runtime_rust,    NULL,
};

void runtimes_init(void)
{
	size_t i;

	for (i = 0; runtimes[i]; i++)
		(void)runtime_register(runtimes[i]);
}
