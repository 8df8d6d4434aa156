/*
 * See explain.h.
 */
#include "cache/cache.h"
#include "meaning/explain.h"
#include "meaning/fold.h"
#include "meaning/meaning.h"
#include "meaning/swell.h"
#include "model/model.h"
#include "symbols/modules.h"

void report_explain(struct report *report)
{
	report_look_up(report);
	report_mean(report);
	findings_fold(report);
	growing_explain(report);
	modules_close(report);
}
