/*
 * A whole heap, from an image to the file for DevTools.
 */
#ifndef WHOLE_H
#define WHOLE_H

#include <stdio.h>

/* NULL, or what is wrong with the image. Errors of out are its owner's to see.
 */
const char *heap_convert(FILE *image, FILE *out);

#endif
