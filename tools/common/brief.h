/*
 * Names of types as a programmer writes them.
 */
#ifndef BRIEF_H
#define BRIEF_H

/* Of a whole C++ or Rust name: without arguments that are defaults, without
 * namespaces that only the library's own sources show, "std::string" for what
 * it stands for. Other names stay as they are. The caller frees it. */
char *name_brief(const char *full);

#endif
