/*
 * See python_lines.h. The three forms are described in CPython's
 * Objects/lnotab_notes.txt (3.9, 3.10) and Objects/locations.md (3.11 and
 * later). The bytes were copied from the program: any of them may be wrong.
 */
#include "stack/python_lines.h"

/* Pairs: bytes of code, lines as of there. */
static int line_pairs(const uint8_t *table, size_t n, int line, uint32_t byte)
{
	uint32_t at = 0;
	size_t i;

	for (i = 0; i + 1 < n; i += 2) {
		at += table[i];
		if (at > byte)
			break;
		line += (int8_t)table[i + 1];
	}
	return line;
}

/* Pairs: bytes of code, lines up to there; -128: they have none. */
static int line_spans(const uint8_t *table, size_t n, int line, uint32_t byte)
{
	uint32_t end = 0;
	size_t i;

	for (i = 0; i + 1 < n; i += 2) {
		int8_t lines = (int8_t)table[i + 1];

		end += table[i];
		if (lines != -128)
			line += lines;
		if (byte < end)
			return lines == -128 ? 0 : line;
	}
	return 0;
}

/* Six bits a byte, the least first; bit 6: more follow; the last bit of all is
 * the sign. */
static int read_signed(const uint8_t *table, size_t n, size_t i)
{
	uint32_t value = 0, shift = 0;

	for (; i < n && shift < 30; shift += 6) {
		uint8_t byte = table[i++];

		value |= (uint32_t)(byte & 63) << shift;
		if (!(byte & 64))
			break;
	}
	return value & 1 ? -(int)(value >> 1) : (int)(value >> 1);
}

enum form { FORM_ONE_LINE = 10, FORM_NO_COLUMNS = 13, FORM_LONG, FORM_NONE };

static int line_change(const uint8_t *table, size_t n, size_t i)
{
	int form = table[i] >> 3 & 15;

	if (form < FORM_ONE_LINE || form == FORM_NONE)
		return 0;
	if (form < FORM_NO_COLUMNS)
		return form - FORM_ONE_LINE;
	return read_signed(table, n, i + 1);
}

/* Entries, of which only the first byte has its highest bit set. */
static int line_entries(const uint8_t *table, size_t n, int line, uint32_t unit)
{
	uint32_t end = 0;
	size_t i = 0;

	while (i < n) {
		line += line_change(table, n, i);
		end += (table[i] & 7) + 1;
		if (unit < end)
			return (table[i] >> 3 & 15) == FORM_NONE ? 0 : line;
		for (i++; i < n && !(table[i] & 128); i++)
			;
	}
	return 0;
}

int python_line(const uint8_t *table, size_t n, uint32_t version, int first,
		uint32_t unit)
{
	int line;

	if (version <= 0x0309)
		line = line_pairs(table, n, first, unit * 2);
	else if (version == 0x030a)
		line = line_spans(table, n, first, unit * 2);
	else
		line = line_entries(table, n, first, unit);
	return line > 0 ? line : 0;
}
