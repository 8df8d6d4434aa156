/* The one attribute by which a function is seen from outside: hooks and API.
 * All else is hidden (-fvisibility=hidden). */
#ifndef EXPORT_H
#define EXPORT_H

#define EXPORT __attribute__((visibility("default")))

#endif
