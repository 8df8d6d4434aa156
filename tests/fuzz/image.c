/*
 * The image of a heap, which `gordian snapshot` gets from the process.
 */
#include <unistd.h>

#include "fuzz.h"
#include "inputs.h"
#include "heap/whole.h"

void image_input(const uint8_t *bytes, size_t n)
{
	FILE *image = fdopen(input_file(bytes, n), "r");
	FILE *out = output_file();

	heap_convert(image, out);
	fclose(image);
	fclose(out);
}
