/* See golang.h. */
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include "process/golang.h"
#include "stack/headers.h"

#define GO_BUILD_ID 4

bool golang_has(uintptr_t code)
{
	struct dl_find_object found;
	struct headers headers;
	size_t n;

	if (_dl_find_object((void *)code, &found))
		return false;
	headers_find(&headers, found.dlfo_link_map->l_addr,
		     (uintptr_t)found.dlfo_map_start,
		     !*found.dlfo_link_map->l_name);
	return headers_note(&headers, "Go\0", GO_BUILD_ID, &n);
}
