/*
 * See checker.h. In the constructor's thread, before the program runs.
 *
 * Names in the executable come before ours, so they are its own without our
 * doing. Names in a shared library that it needs come after ours, since we are
 * preloaded: our functions call them.
 */
#include <dlfcn.h>
#include <string.h>
#include "base/config.h"
#include "base/export.h"
#include "base/out.h"
#include "hooks/checker.h"
#include "process/real.h"
#include "report/file.h"
#include "report/warning.h"

struct checker checker;

static bool brings_checker;

/* Weak: unit tests have none. */
extern void __lsan_do_leak_check(void) __attribute__((weak));

void checker_init(void)
{
	static const char *const names[] = {
		"__lsan_ignore_object",
		"__lsan_disable",
		"__lsan_enable",
		"__lsan_register_root_region",
		"__lsan_unregister_root_region",
		"__lsan_do_leak_check",
		"__lsan_do_recoverable_leak_check",
	};
	void *found[sizeof names / sizeof *names];
	size_t i;

	_Static_assert(sizeof found == sizeof checker, "a name a function");
	brings_checker = !real_is_ours("__lsan_do_leak_check",
				       (void *)__lsan_do_leak_check);
	if (brings_checker ||
	    real_is_glibc) /* its malloc is libc's: nothing to tell */
		return;
	for (i = 0; i < sizeof names / sizeof *names; i++)
		found[i] = dlsym(RTLD_NEXT, names[i]);
	memcpy(&checker, found, sizeof found);
	brings_checker = checker.do_leak_check != NULL;
}

void checker_tell(void)
{
	static const char both[] = "the program has a leak checker of its own, "
				   "which reports beside Gordian";
	static const char blind[] = "the program brings a malloc of its own, "
				    "which cannot be seen";
	static const char blind_both[] =
		"the program brings a malloc and a leak checker of its own, "
		"and cannot be seen";
	bool ours = real_malloc_is_ours();

	if (ours && !(brings_checker && file_is_kept()))
		return;
	if (!ours)
		warning_missing(brings_checker ? blind_both : blind);
	else if (!config.plain)
		warning_add(both);
	if (config.plain && config.first)
		out_note(ours ? both : brings_checker ? blind_both : blind);
}

/* As a shared library, AddressSanitizer ends a program that was loaded with
 * another library before it, unless it is told not to. It asks for its options
 * by this name, before any constructor runs. */
EXPORT const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "verify_asan_link_order=0";
}
