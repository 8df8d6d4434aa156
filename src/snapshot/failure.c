/*
 * See failure.h. A mistake of ours is told by where it was: whoever meets it
 * can hand that on.
 */
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include "base/text.h"
#include "report/warning.h"
#include "scan/fault.h"
#include "snapshot/budget.h"
#include "snapshot/failure.h"
#include "snapshot/shared.h"
#include "stack/module.h"

static uint32_t told;

/* Whether a limit of time ended the child: by our signal, or by a limit of the
 * program's own, at which the kernel kills. */
static bool was_late(const struct rusage *use, int status)
{
	const struct shared *shared = shared_memory();

	return (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_LATE) ||
	       (WIFSIGNALED(status) && shared->limit_s &&
		budget_cpu_us(use) >= shared->limit_s * 1000000ull);
}

static void add_address(struct text *text, uintptr_t address)
{
	text_add(text, "0x");
	text_hex(text, address);
}

/* "libgordian.so+0x1234" */
static void add_place(struct text *text, uintptr_t code)
{
	const struct module *module = module_get(module_find(code));
	const char *name = strrchr(module->path, '/');

	if (!*module->path) {
		add_address(text, code);
		return;
	}
	text_add(text, name ? name + 1 : module->path);
	text_add(text, "+");
	add_address(text, code - module->bias);
}

static void add_crash(struct text *text, const struct fault *fault)
{
	text_add(text, "a scan crashed at ");
	add_place(text, fault->code);
	if (fault->how == FAULT_OTHER) {
		text_add(text, " (signal ");
		text_number(text, fault->signal);
	} else {
		text_add(text, fault->how == FAULT_WRITE ? " (it wrote to "
							 : " (it read ");
		add_address(text, fault->address);
	}
	text_add(text, ")");
}

static void add_end(struct text *text, int status)
{
	const struct fault *fault = &shared_memory()->fault;

	if (fault->code) {
		add_crash(text, fault);
	} else if (fault->signal || WIFSIGNALED(status)) {
		text_add(text, "a scan was killed by signal ");
		text_number(text, fault->signal ? fault->signal
						: (uint32_t)WTERMSIG(status));
	} else {
		text_add(text, "a scan came to no end: its process left with "
			       "status ");
		text_number(text, WEXITSTATUS(status));
	}
}

void failure_tell(const struct rusage *use, int status, uint32_t asked)
{
	char line[160];
	struct text text = {line, sizeof line, 0};

	if (status == FAILURE_UNSEEN) {
		text_add(&text, "a scan came to no end: the program itself "
				"waited for its process");
	} else if (was_late(use, status)) {
		text_add(&text, "a scan was given up: it took more than ");
		text_number(&text, shared_memory()->limit_s);
		text_add(&text, " seconds of processor time");
	} else {
		add_end(&text, status);
	}
	warning_failure(line, asked, &told);
}
