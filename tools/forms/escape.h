/*
 * Text that came from elsewhere, in forms that Gordian writes itself because
 * they are a line for each thing that is said: XML of JUnit, Graphviz,
 * Prometheus, folded stacks.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stdio.h>

/* NULL is written as nothing. What could drive a terminal or reverse a line
 * becomes a question mark. */
/* In an attribute; between tags, where lines stay lines. */
void xml_write(FILE *out, const char *text);
void xml_body_write(FILE *out, const char *text);
/* In lines of 60 characters, six at most. */
void dot_write(FILE *out, const char *text);
void label_write(FILE *out, const char *text); /* Prometheus */
/* Without semicolons and white space, which part frames and numbers. What has
 * no name is a question mark. */
void frame_write(FILE *out, const char *text);

#endif
