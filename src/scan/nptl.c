/*
 * See nptl.h. glibc has three lists of descriptors, one behind another in
 * _rtld_global: stacks in use, stacks that the program brought, stacks that are
 * kept. What it tells debuggers (nptl_db/structs.def) says where. A list may
 * have been changing when its thread was stopped. So each step is checked, and
 * a list that cannot be followed to its end says nothing.
 */
#include <dlfcn.h>
#include "base/list.h"
#include "process/symbols.h"
#include "scan/maps.h"
#include "scan/nptl.h"
#include "scan/fault.h"

#define NODES_MAX 65536

/* list_t */
struct node {
	struct node *next, *previous;
};

static struct {
	const uint32_t *used, *user, *list, *tid, *size; /* bits, n, offset */
	const char *rtld;
	size_t storage; /* of variables and descriptor; 0: unknown */
} nptl;
static struct {
	bool known;
	struct list used, kept; /* descriptors */
} lists;

/* Asks the loader before there is a child, which may not ask. */
static void *find(const struct symbols *symbols, const char *name)
{
	void *address;

	if (symbols && symbols_find(symbols, name, &address))
		return address;
	return dlsym(RTLD_DEFAULT, name);
}

void nptl_init(void)
{
	struct symbols all, *from = symbols_begin(&all, &nptl) ? &all : NULL;
	void (*info)(size_t * size, size_t * align) =
		find(from, "_dl_get_tls_static_info");
	size_t align;

	if (info)
		info(&nptl.storage, &align);

	nptl.used = find(from, "_thread_db_rtld_global__dl_stack_used");
	nptl.user = find(from, "_thread_db_rtld_global__dl_stack_user");
	nptl.list = find(from, "_thread_db_pthread_list");
	nptl.tid = find(from, "_thread_db_pthread_tid");
	nptl.size = find(from, "_thread_db_sizeof_pthread");
	nptl.rtld = find(from, "_rtld_global");
}

static bool can_read(const struct maps *maps, const void *at, size_t size)
{
	const struct map *map = maps_find(maps, (uintptr_t)at);

	return map && map->read && map->high - (uintptr_t)at >= size;
}

static bool read_list(const struct maps *maps, const struct node *head,
		      struct list *out)
{
	const struct node *at = head, *next;
	struct node node;
	uint32_t i;

	fault_copy(&node, (uintptr_t)head, sizeof node);
	for (i = 0; i < NODES_MAX; i++) {
		uintptr_t descriptor = (uintptr_t)node.next - nptl.list[2];

		next = node.next;
		if (!can_read(maps, next, sizeof *next))
			return false;
		fault_copy(&node, (uintptr_t)next, sizeof node);
		if (node.previous != at)
			return false;
		if (next == head)
			return true;
		if (!can_read(maps, (void *)descriptor, *nptl.size) ||
		    !list_add(out, &descriptor, sizeof descriptor))
			return false;
		at = next;
	}
	return false;
}

void nptl_begin(const struct maps *maps)
{
	const struct node *used, *user;

	lists.known = false;
	if (!nptl.used || !nptl.user || !nptl.list || !nptl.tid || !nptl.size ||
	    !nptl.rtld)
		return;
	used = (const struct node *)(nptl.rtld + nptl.used[2]);
	user = (const struct node *)(nptl.rtld + nptl.user[2]);
	if (user != used + 1)
		return;
	lists.known = read_list(maps, used, &lists.used) &&
		      read_list(maps, user, &lists.used) &&
		      read_list(maps, user + 1, &lists.kept);
}

static bool has(const struct list *list, uintptr_t descriptor)
{
	const uintptr_t *all = list->list;
	uint32_t i;

	for (i = 0; i < list->n; i++)
		if (all[i] == descriptor)
			return true;
	return false;
}

enum nptl_state nptl_state(uintptr_t descriptor)
{
	if (!lists.known)
		return NPTL_UNKNOWN;
	if (has(&lists.kept, descriptor))
		return NPTL_KEPT;
	return has(&lists.used, descriptor) ? NPTL_USED : NPTL_GONE;
}

/* Whether a thread still runs on it: a detached thread puts its stack there
 * itself. */
static bool has_thread(uintptr_t descriptor)
{
	int32_t tid;

	fault_copy(&tid, descriptor + nptl.tid[2], sizeof tid);
	return tid > 0;
}

uintptr_t nptl_kept(uint32_t i, bool *ended)
{
	const uintptr_t *all = lists.kept.list;

	if (!lists.known || i >= lists.kept.n)
		return 0;
	*ended = !has_thread(all[i]);
	return all[i];
}

uintptr_t nptl_used(uint32_t i)
{
	const uintptr_t *all = lists.used.list;

	return lists.known && i < lists.used.n ? all[i] : 0;
}

size_t nptl_below(void)
{
	size_t size = nptl_size();

	return size && nptl.storage > size ? nptl.storage - size : 0;
}

uint32_t nptl_size(void)
{
	return nptl.size ? *nptl.size : 0;
}
