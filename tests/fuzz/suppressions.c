/*
 * A file of suppressions, held against a report.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "inputs.h"
#include "known/suppress.h"
#include "known/suppressions.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/source.h"

static const char text[] =
	"{\"t\":\"program\",\"format\":\"gordian-lines/1\",\"run\":\"r\","
	"\"pid\":1,\"argv\":[\"x\"],\"exe\":\"/x\"}\n"
	"{\"t\":\"finding\",\"scan\":1,\"id\":\"a\",\"kind\":\"cycle\","
	"\"confidence\":\"certain\",\"count\":12,\"bytes\":96,"
	"\"members_total\":1,\"members\":[{\"address\":\"0x1\",\"size\":8,"
	"\"type\":\"app::Club\",\"stack\":0}],\"edges\":[{\"from\":0,\"to\":0,"
	"\"offset\":0,\"kind\":\"strong\",\"field\":\"members[1]\"}],"
	"\"cut\":{\"edge\":0,\"reason\":\"y\"},\"stacks\":[[[0,16],[-1,99]]],"
	"\"modules\":[{\"path\":\"/no/libclub.so.1\",\"build_id\":\"ab\"}]}\n"
	"{\"t\":\"scan\",\"n\":1,\"trigger\":\"exit\",\"blocks\":12}\n"
	"{\"t\":\"end\",\"exit\":0}\n";

static void hold(struct suppressions *all)
{
	struct report *report = report_new();
	int fd = input_file((const uint8_t *)text, sizeof(text) - 1);

	if (!report_read_file(report, fd, "text", SUPPRESSIONS_BYTES, 0))
		abort();
	report_finish(report);
	report_explain(report);
	report_suppress(report, all);
	suppressions_tell(all);
	report_free(report);
}

void suppressions_input(const uint8_t *bytes, size_t n)
{
	struct suppressions all = {0};
	char *copy = malloc(n + 1);
	const char *why;

	if (!copy)
		abort();
	memcpy(copy, bytes, n);
	copy[n] = '\0';
	if (!suppressions_read(&all, "input", copy, n, &why))
		hold(&all);
	suppressions_close(&all);
	free(copy);
}
