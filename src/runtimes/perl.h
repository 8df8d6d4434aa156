/* Perl: its values (SV) that wait to be used again. */
#ifndef PERL_H
#define PERL_H

#include "scan/runtime.h"

extern const struct runtime runtime_perl;

#endif
