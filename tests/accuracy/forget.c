/*
 * Makes a program that was not changed leak every block that it ever allocated,
 * so that a report has each place of allocation as a finding of its own.
 * accuracy.py preloads it before Gordian: LD_PRELOAD=forget.so:libgordian.so.
 *
 * What the program frees stays (up to a budget), filled with zeros: what a
 * destructor left there says nothing true. When the program ends, every word
 * that points into the heap is cleared, in the heap, in the data of modules and
 * on the main thread's stack; nothing of the program runs after that.
 * Before, the class of each block that begins with a virtual table is written
 * to FORGET_TRUTH.PID, "address name" a line, as its type information has it.
 * With FORGET_VTABLES=1 such blocks are cleared of words into modules.
 * With FORGET_FREES=N the program ends where it frees its Nth block, when more
 * of its objects are there than at its end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define BUDGET (256u << 20)
#define MODULES 512
#define PLACES (256u << 10)

struct span {
	uintptr_t start, end;
};

extern void *__libc_stack_end;
static struct span modules[MODULES];
static unsigned int module_count;
static uintptr_t heap_start, heap_end;
static size_t kept;
static long frees;
static int (*real_main)(int, char **, char **);

__attribute__((noreturn)) static void forget(int status);

static void *next(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (!function)
		abort();
	return function;
}

/* What is below is the loader's and stays: free places there are used up. */
__attribute__((constructor)) static void begin(void)
{
	void (*give_back)(void *) = (void (*)(void *))next("free");
	size_t size;
	void *block;

	mallopt(M_MMAP_MAX, 0);
	mallopt(M_ARENA_MAX, 1);
	dlopen("libunwind.so.8", RTLD_NOW);
	if (getenv("FORGET_FREES"))
		frees = atol(getenv("FORGET_FREES"));
	heap_start = (uintptr_t)malloc(PLACES);
	for (size = PLACES / 2; size >= 16; size -= 16) {
		do
			block = malloc(size);
		while ((uintptr_t)block < heap_start);
		give_back(block);
	}
}

/* To ask malloc_usable_size would tell Gordian that the rest is in use. */
static size_t chunk_size(uintptr_t block)
{
	return ((size_t *)block)[-1] & ~7UL;
}

EXPORT void free(void *block)
{
	static void (*real)(void *);
	uintptr_t at = (uintptr_t)block;
	int before = errno;

	if (!real)
		real = next("free");
	if (heap_start && at >= heap_start && frees && --frees == 0)
		forget(0);
	if (heap_start && at >= heap_start && kept < BUDGET) {
		kept += chunk_size(at);
		memset(block, 0, chunk_size(at) - 8);
	} else {
		real(block);
	}
	errno = before;
}

#define DELETE(name, ...)              \
	EXPORT void name(__VA_ARGS__); \
	EXPORT void name(__VA_ARGS__)  \
	{                              \
		free(block);           \
	}

DELETE(_ZdlPv, void *block)
DELETE(_ZdaPv, void *block)
DELETE(_ZdlPvm, void *block, size_t size __attribute__((unused)))
DELETE(_ZdaPvm, void *block, size_t size __attribute__((unused)))
DELETE(_ZdlPvRKSt9nothrow_t, void *block,
       const void *tag __attribute__((unused)))
DELETE(_ZdaPvRKSt9nothrow_t, void *block,
       const void *tag __attribute__((unused)))
DELETE(_ZdlPvSt11align_val_t, void *block, size_t align __attribute__((unused)))
DELETE(_ZdaPvSt11align_val_t, void *block, size_t align __attribute__((unused)))
DELETE(_ZdlPvmSt11align_val_t, void *block, size_t size __attribute__((unused)),
       size_t align __attribute__((unused)))
DELETE(_ZdaPvmSt11align_val_t, void *block, size_t size __attribute__((unused)),
       size_t align __attribute__((unused)))

static void clear(uintptr_t start, uintptr_t end)
{
	uintptr_t at = (start + 7) & ~7UL;

	for (; at + 8 <= end; at += 8) {
		uintptr_t *word = (uintptr_t *)at;

		if (*word >= heap_start && *word < heap_end)
			*word = 0;
	}
}

/* The loader, libc and what observes go on working. */
static bool is_ours(const char *name)
{
	const char *base = strrchr(name, '/');

	base = base ? base + 1 : name;
	return !strncmp(base, "forget", 6) || !strncmp(base, "ld-linux", 8) ||
	       !strncmp(base, "libc.so", 7) ||
	       !strncmp(base, "libgordian", 10) ||
	       !strncmp(base, "libunwind", 9) ||
	       !strncmp(base, "linux-vdso", 10);
}

/* What the loader made read-only holds no block. */
static uintptr_t fixed_end(const struct dl_phdr_info *module, uintptr_t start)
{
	int i;

	for (i = 0; i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &module->dlpi_phdr[i];
		uintptr_t fixed = module->dlpi_addr + part->p_vaddr;

		if (part->p_type == PT_GNU_RELRO && fixed == start)
			return (fixed + part->p_memsz) & ~4095UL;
	}
	return start;
}

static int module_note(struct dl_phdr_info *module, size_t size, void *data)
{
	int i;

	(void)size, (void)data;
	for (i = 0; i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &module->dlpi_phdr[i];
		uintptr_t start = module->dlpi_addr + part->p_vaddr;

		if (part->p_type == PT_LOAD && module_count < MODULES)
			modules[module_count++] =
				(struct span){start, start + part->p_memsz};
	}
	return 0;
}

static int module_clear(struct dl_phdr_info *module, size_t size, void *data)
{
	uintptr_t tls = (uintptr_t)module->dlpi_tls_data;
	int i;

	(void)size, (void)data;
	if (is_ours(module->dlpi_name))
		return 0;
	for (i = 0; i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &module->dlpi_phdr[i];
		uintptr_t start = module->dlpi_addr + part->p_vaddr;

		if (part->p_type == PT_TLS && tls)
			clear(tls, tls + part->p_memsz);
		if (part->p_type == PT_LOAD && (part->p_flags & PF_W))
			clear(fixed_end(module, start), start + part->p_memsz);
	}
	return 0;
}

static bool is_module(uintptr_t at)
{
	unsigned int i;

	for (i = 0; i < module_count; i++)
		if (at >= modules[i].start && at <= modules[i].end - 16)
			return true;
	return false;
}

/* Whether one of the three kinds of type information that classes have. */
static bool is_class_info(uintptr_t table)
{
	static const char *const names[] = {
		"_ZTVN10__cxxabiv117__class_type_infoE",
		"_ZTVN10__cxxabiv120__si_class_type_infoE",
		"_ZTVN10__cxxabiv121__vmi_class_type_infoE",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (table == (uintptr_t)dlsym(RTLD_DEFAULT, names[i]) + 16)
			return true;
	return false;
}

/* The mangled name of the class whose virtual table a block begins with. */
static const char *class_of(const uintptr_t *block)
{
	const uintptr_t *table = (const uintptr_t *)block[0], *info;

	if (block[0] % 8 || !is_module(block[0] - 16) || table[-2])
		return NULL;
	info = (const uintptr_t *)table[-1];
	if (table[-1] % 8 || !is_module(table[-1]) || !is_class_info(info[0]) ||
	    !is_module(info[1]))
		return NULL;
	return (const char *)info[1];
}

static void class_take(uintptr_t *block, size_t size, FILE *out, bool hides)
{
	const char *name = class_of(block);
	size_t i;

	if (!name)
		return;
	fprintf(out, "%#lx %s\n", (unsigned long)block, name);
	for (i = 0; hides && i < size / 8; i++)
		if (is_module(block[i]))
			block[i] = 0;
}

/* Chunk after chunk, as glibc lays them out. */
static void classes_take(const char *prefix)
{
	bool hides = getenv("FORGET_VTABLES");
	char path[4096];
	FILE *out;
	uintptr_t at = heap_start;
	size_t size;

	snprintf(path, sizeof(path), "%s.%d", prefix, (int)getpid());
	out = fopen(path, "w");
	if (!out)
		return;
	for (; at + 32 < heap_end; at += size) {
		size = chunk_size(at);
		if (size < 32 || size > heap_end - at)
			break;
		class_take((uintptr_t *)at, size - 8, out, hides);
	}
	fclose(out);
}

/* Also what functions that have returned left in the frames of forget. */
__attribute__((noinline)) static void stack_clear(void)
{
	clear((uintptr_t)__builtin_frame_address(0),
	      (uintptr_t)__libc_stack_end);
}

/* The registers that calls preserve are cleared as well. */
__attribute__((noreturn, noinline)) static void forget(int status)
{
	void (*end)(int) = (void (*)(int))next("_exit");
	const char *truth = getenv("FORGET_TRUTH");

	if (!frees)
		fflush(NULL);
	frees = 0;
	heap_end = (uintptr_t)sbrk(0);
	dl_iterate_phdr(module_note, NULL);
	if (truth)
		classes_take(truth);
	dl_iterate_phdr(module_clear, NULL);
	clear(heap_start, heap_end);
	stack_clear();
	__asm__ volatile("xor %%ebx, %%ebx\n	xor %%r12d, %%r12d\n"
			 "	xor %%r13d, %%r13d\n	xor %%r14d, %%r14d\n"
			 "	xor %%r15d, %%r15d\n	xor %%ebp, %%ebp\n"
			 "	call *%0"
			 :
			 : "a"(end), "D"(status)
			 : "memory");
	__builtin_unreachable();
}

EXPORT void exit(int status)
{
	forget(status);
}

static int run_main(int argc, char **argv, char **envp)
{
	forget(real_main(argc, argv, envp));
}

EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc,
			     char **argv, void (*start)(void),
			     void (*fini)(void), void (*loader_fini)(void),
			     void *stack_end);
EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc,
			     char **argv, void (*start)(void),
			     void (*fini)(void), void (*loader_fini)(void),
			     void *stack_end)
{
	int (*real)(int (*)(int, char **, char **), int, char **,
		    void (*)(void), void (*)(void), void (*)(void), void *) =
		(int (*)(int (*)(int, char **, char **), int, char **,
			 void (*)(void), void (*)(void), void (*)(void),
			 void *))next("__libc_start_main");

	real_main = main;
	return real(run_main, argc, argv, start, fini, loader_fini, stack_end);
}
