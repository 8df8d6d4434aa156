/*
 * See heapsnapshot.h. The form is that of V8 (src/profiler/
 * heap-snapshot-generator.cc, HeapSnapshotJSONSerializer) and what
 * HeapSnapshotLoader.ts of DevTools reads: a scanner of digits, to which the
 * order of the keys matters.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "common/die.h"
#include "heap/graph.h"
#include "heap/heapsnapshot.h"
#include "heap/strings.h"
#include "heap/traces.h"
#include "render/json_value.h"

#define NODE_FIELDS 7

static void meta_print(const struct graph *graph, const struct traces *traces,
		       FILE *out)
{
	fputs("{\"snapshot\":{\"meta\":{"
	      "\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\","
	      "\"edge_count\",\"trace_node_id\",\"detachedness\"],"
	      "\"node_types\":[[\"hidden\",\"array\",\"string\",\"object\","
	      "\"code\",\"closure\",\"regexp\",\"number\",\"native\","
	      "\"synthetic\",\"concatenated string\",\"sliced string\","
	      "\"symbol\",\"bigint\",\"object shape\"],\"string\",\"number\","
	      "\"number\",\"number\",\"number\",\"number\"],"
	      "\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],"
	      "\"edge_types\":[[\"context\",\"element\",\"property\","
	      "\"internal\",\"hidden\",\"shortcut\",\"weak\"],"
	      "\"string_or_number\",\"node\"],"
	      "\"trace_function_info_fields\":[\"function_id\",\"name\","
	      "\"script_name\",\"script_id\",\"line\",\"column\"],"
	      "\"trace_node_fields\":[\"id\",\"function_info_index\","
	      "\"count\",\"size\",\"children\"],"
	      "\"sample_fields\":[\"timestamp_us\",\"last_assigned_id\"],"
	      "\"location_fields\":[\"object_index\",\"script_id\",\"line\","
	      "\"column\"]},",
	      out);
	fprintf(out,
		"\"node_count\":%" PRIu64 ",\"edge_count\":%" PRIu64
		",\"trace_function_count\":%zu},\n",
		graph->nodes_n, graph->edges_n, traces->functions_n);
}

static void number_print(uint64_t number, char end, FILE *out)
{
	char digits[24];
	int i = sizeof(digits);

	do
		digits[--i] = (char)('0' + number % 10);
	while (number /= 10);
	fwrite(digits + i, 1, sizeof(digits) - (size_t)i, out);
	putc_unlocked(end, out);
}

static void nodes_print(const struct graph *graph, FILE *out)
{
	uint64_t i;

	fputs("\"nodes\":[", out);
	for (i = 0; i < graph->nodes_n; i++) {
		const struct node *node = &graph->nodes[i];

		if (i)
			putc_unlocked(',', out);
		number_print(node->type, ',', out);
		number_print(node->name, ',', out);
		number_print(node->id, ',', out);
		number_print(node->size, ',', out);
		number_print(graph_end(graph, i) - node->first, ',', out);
		number_print(node->trace, ',', out);
		number_print(0, '\n', out);
	}
	fputs("],\n", out);
}

static void edges_print(const struct graph *graph, FILE *out)
{
	uint64_t i;

	fputs("\"edges\":[", out);
	for (i = 0; i < graph->edges_n; i++) {
		if (i)
			putc_unlocked(',', out);
		number_print(graph->type[i], ',', out);
		number_print(graph->name[i], ',', out);
		number_print((uint64_t)graph->to[i] * NODE_FIELDS, '\n', out);
	}
	fputs("],\n", out);
}

static void strings_print(const struct strings *strings, FILE *out)
{
	uint32_t i;

	fputs("\"strings\":[", out);
	for (i = 0; i < strings->n; i++) {
		json_t *text = json_string(string_text(strings, i));

		fputs(i ? ",\n" : "", out);
		if (!text ||
		    (json_dump_callback(text, json_part_print, out,
					JSON_ENCODE_ANY | JSON_ENSURE_ASCII) &&
		     !ferror(out)))
			die(STATUS_FAILED, "out of memory");
		json_decref(text);
	}
	fputs("]}\n", out);
}

void heapsnapshot_print(const struct graph *graph, const struct traces *traces,
			FILE *out)
{
	meta_print(graph, traces, out);
	nodes_print(graph, out);
	edges_print(graph, out);
	traces_print(traces, out);
	fputs("\"samples\":[],\n\"locations\":[],\n", out);
	strings_print(&graph->strings, out);
}
