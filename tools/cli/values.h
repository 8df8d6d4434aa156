/*
 * The values of options: each function reads one into settings. It returns
 * NULL, or what the value should have been.
 */
#ifndef VALUES_H
#define VALUES_H

struct settings;

const char *set_report(struct settings *settings, const char *value);
const char *set_interval(struct settings *settings, const char *value);
const char *set_threshold(struct settings *settings, const char *value);
const char *set_budget(struct settings *settings, const char *value);
const char *set_memory(struct settings *settings, const char *value);
const char *set_python_stacks(struct settings *settings, const char *value);
const char *set_follow(struct settings *settings, const char *value);
const char *set_rules(struct settings *settings, const char *value);
const char *set_only(struct settings *settings, const char *value);
const char *set_skip(struct settings *settings, const char *value);
const char *set_suppressions(struct settings *settings, const char *value);
const char *set_baseline(struct settings *settings, const char *value);
const char *set_gen_suppressions(struct settings *settings, const char *value);
const char *set_exitcode(struct settings *settings, const char *value);
const char *set_growth_exitcode(struct settings *settings, const char *value);
const char *set_format(struct settings *settings, const char *value);
const char *set_report_format(struct settings *settings, const char *value);
const char *set_run_format(struct settings *settings, const char *value);
const char *set_at_end(struct settings *settings, const char *value);
const char *set_quiet(struct settings *settings, const char *value);
const char *set_verbose(struct settings *settings, const char *value);
const char *set_top(struct settings *settings, const char *value);
const char *set_output(struct settings *settings, const char *value);

#endif
