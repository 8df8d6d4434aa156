/*
 * See explain.h.
 */
#include "meaning/explain.h"
#include "model/model.h"
#include "symbols/modules.h"
#include "symbols/resolve.h"

void report_explain(struct report *report)
{
	report_resolve(report);
	modules_close(report);
}
