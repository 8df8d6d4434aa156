/* The one attribute that makes a function visible from outside: hooks and API.
 * All else is hidden (-fvisibility=hidden). */
#ifndef EXPORT_H
#define EXPORT_H

#define EXPORT __attribute__((visibility("default")))

#endif
