/*
 * See explain.h.
 */
#include "meaning/explain.h"
#include "model/model.h"
#include "symbols/modules.h"
#include "symbols/resolve.h"
#include "types/types.h"

void report_explain(struct report *report)
{
	report_resolve(report);
	types_find(report);
	modules_close(report);
}
