/* What the loader has for itself holds nothing at places that are no multiple
 * of 8: halves of two words there lead to where a pool may come to lie. */
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include "gordian.h"
#include "victim.h"

#define PAGE 4096ul
#define SIZE 64

struct odd {
	uintptr_t word;
} __attribute__((packed));

static char *map_around(uintptr_t word)
{
	if (word >> 32 == 0 || word >> 47 || word % PAGE > PAGE - SIZE ||
	    word % 16)
		return NULL;
	if (mmap((void *)(word & -PAGE), PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		 0) == MAP_FAILED)
		return NULL;
	return (char *)word;
}

static char *map_in(uintptr_t low, uintptr_t high)
{
	char *at = NULL;

	for (; low + 8 <= high && !at; low++)
		if (low % 8)
			at = map_around(((struct odd *)low)->word);
	return at;
}

static int find(struct dl_phdr_info *info, size_t size, void *found)
{
	char **at = found;

	(void)size;
	if (info->dlpi_addr != getauxval(AT_BASE))
		return 0;
	for (int i = 0; i < info->dlpi_phnum && !*at; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t low = info->dlpi_addr + p->p_vaddr;

		if (p->p_type == PT_LOAD && p->p_flags & PF_W)
			*at = map_in(low, low + p->p_memsz);
	}
	return 1;
}

static NOINLINE void lose(void)
{
	char *at = NULL;

	dl_iterate_phdr(find, &at);
	if (!at)
		_exit(77);
	GORDIAN_POOL_ALLOC(at, at, SIZE);
}

int main(void)
{
	say("expect lost count=1 bytes=64 function=lose");
	away(lose);
	return 0;
}
