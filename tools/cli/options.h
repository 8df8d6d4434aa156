/*
 * Which verbs take a row of the option table.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#define MASK_RUN 1u
#define MASK_REPORT 2u
#define MASK_CHECK 4u

#endif
