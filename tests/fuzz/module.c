/*
 * A module, in which a report's addresses lie, for names and types.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "inputs.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/source.h"

#define MEMBERS 4
#define FRAMES 12 /* of a stack */
#define STEP 9	  /* from one to the next */
#define TEXT_BYTES 16384

static char text[TEXT_BYTES];
static size_t used;

#define ADD(...) \
	(used += (size_t)snprintf(text + used, TEXT_BYTES - used, __VA_ARGS__))

static const char *comma(unsigned i)
{
	return i ? "," : "";
}

static void members_make(uint64_t entry)
{
	unsigned i;

	ADD("\"members_total\":%u,\"members\":[", MEMBERS);
	for (i = 0; i < MEMBERS; i++)
		ADD("%s{\"address\":\"0x%u0\",\"size\":%u,\"stack\":%u,"
		    "\"vtable\":[0,%" PRIu64 "]}",
		    comma(i), i + 1, 24 + 8 * i, i, entry + 8192 + 8 * i);
	ADD("],\"edges\":[");
	for (i = 0; i < 3 * MEMBERS; i++)
		ADD("%s{\"from\":%u,\"to\":%u,\"offset\":%u,\"kind\":"
		    "\"strong\"}",
		    comma(i), i % MEMBERS, (i + 1) % MEMBERS,
		    8 * (i / MEMBERS));
	ADD("],\"cut\":{\"edge\":0,\"reason\":\"y\"},");
}

static void stacks_make(uint64_t entry)
{
	unsigned i, k;

	ADD("\"stacks\":[");
	for (i = 0; i < MEMBERS; i++) {
		ADD("%s[", comma(i));
		for (k = 0; k < FRAMES; k++, entry += STEP)
			ADD("%s[0,%" PRIu64 "]", comma(k), entry);
		ADD("]");
	}
	ADD("],");
}

/* Blocks round and round, made by code from there on. */
static void text_make(int module, uint64_t entry)
{
	used = 0;
	ADD("{\"t\":\"program\",\"format\":\"gordian-lines/1\",\"run\":\"r\","
	    "\"pid\":1,\"argv\":[\"x\"],\"exe\":\"/x\"}\n"
	    "{\"t\":\"finding\",\"scan\":1,\"id\":\"a\",\"kind\":\"cycle\","
	    "\"confidence\":\"certain\",\"count\":1,\"bytes\":96,");
	members_make(entry);
	stacks_make(entry);
	ADD("\"modules\":[{\"path\":\"/proc/self/fd/%d\"}]}\n"
	    "{\"t\":\"scan\",\"n\":1,\"trigger\":\"exit\",\"blocks\":3}\n"
	    "{\"t\":\"end\",\"exit\":0}\n",
	    module);
}

void module_input(const uint8_t *bytes, size_t n)
{
	struct report *report = report_new();
	int module = input_file(bytes, n);
	uint64_t entry = 0;

	if (n >= 32) /* e_entry of a 64-bit file */
		memcpy(&entry, bytes + 24, sizeof(entry));
	text_make(module, entry >> 62 ? 0 : entry);
	if (report_read_file(report, input_file((const uint8_t *)text, used),
			     "text", TEXT_BYTES, 0)) {
		report_finish(report);
		report_explain(report);
	}
	report_free(report);
	close(module);
}
