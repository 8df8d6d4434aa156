/*
 * See forms.h.
 */
#include <string.h>

#include "forms/dot.h"
#include "forms/folded.h"
#include "forms/forms.h"
#include "forms/gitlab.h"
#include "forms/heap.h"
#include "forms/html.h"
#include "forms/junit.h"
#include "forms/lsan.h"
#include "forms/pprof.h"
#include "forms/prometheus.h"
#include "forms/sarif.h"
#include "model/model.h"

struct form {
	const char *name;
	void (*print)(struct report *report, FILE *out);
};

static const struct form forms[] = {
	{"html", html_print},
	{"sarif", sarif_print},
	{"junit", junit_print},
	{"gitlab", gitlab_print},
	{"pprof", pprof_print},
	{"folded", folded_print},
	{"flamegraph", folded_print},
	{"dot", dot_print},
	{"prometheus", prometheus_print},
	{"lsan", lsan_print},
	{"heapsnapshot", heap_print},
};

const struct form *form_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (!strcmp(forms[i].name, name))
			return &forms[i];
	return NULL;
}

void form_print(const struct form *form, struct report *report, FILE *out)
{
	form->print(report, out);
}
