/*
 * What the name of a function tells, as symbols/ gives it: "make(int)",
 * "void std::vector<int>::push_back(int const&)", "alloc::rc::Rc<T>::new".
 */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include <stdbool.h>

/* The end of the name in "type name(parameters) const [clone]", and in *start
 * its beginning. */
const char *function_bounds(const char *text, const char **start);
/* Whether it is Rust's, by its form. */
bool function_is_rust(const char *text);
/* Whether it is one of the library that comes with Rust or C++. */
bool function_is_standard(const char *text);
/* Whether it hands out memory and says nothing of what for: malloc,
 * xmalloc, g_strdup, g_object_new, operator new. */
bool function_is_allocator(const char *text);

#endif
