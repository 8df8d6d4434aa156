/*
 * See explain.h.
 */
#include "meaning/explain.h"
#include "meaning/fold.h"
#include "meaning/meaning.h"
#include "meaning/swell.h"
#include "model/model.h"
#include "symbols/modules.h"
#include "symbols/resolve.h"
#include "types/types.h"

void report_explain(struct report *report)
{
	report_resolve(report);
	types_find(report);
	report_mean(report);
	findings_fold(report);
	growing_explain(report);
	modules_close(report);
}
