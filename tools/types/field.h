/*
 * What the edges are called, and what they do.
 */
#ifndef FIELD_H
#define FIELD_H

struct edges;

/* Fills field, pointee, ownership and smart of edges from blocks whose types
 * are known. */
void fields_find(const struct edges *edges);

#endif
