/*
 * Reads GORDIAN_OPTIONS, "key=value:key=value" with `\` before a colon that
 * belongs to a value. Runs once, in the constructor, in one thread. A mistake
 * is one warning, never fatal.
 */
#include <string.h>
#include "base/config.h"
#include "base/large.h"
#include "base/sys.h"
#include "base/text.h"

/* The pattern of the report, and behind it the options for programs that we
 * execute. Mostly that is a few hundred bytes, on one page. */
#define SPARE 64 /* behind the options: ":filters=" and a number */
static char words[4 * CONFIG_PATH] LARGE;
/* Options that may be given several times: each value with its 0. */
static struct {
	char words[CONFIG_PATH];
	size_t n;
} rules LARGE, only LARGE, skip LARGE, accept LARGE;

struct config config = {.report = words,
			.rules = "",
			.only = "",
			.skip = "",
			.accept = "",
			.options = words + CONFIG_PATH,
			.room = 3 * CONFIG_PATH,
			.budget = 500,
			.follow = true,
			.python_stacks = true,
			.plain = true};

static void warn(const char *what, const char *key, const char *value)
{
	struct text t = {config.warning, sizeof config.warning, 0};

	if (config.warning[0])
		return;
	text_add(&t, "GORDIAN_OPTIONS: ");
	text_add(&t, what);
	text_add(&t, " '");
	text_add(&t, key);
	if (value) {
		text_add(&t, "=");
		text_add(&t, value);
	}
	text_add(&t, "'");
}

/* Decimal, up to `scale` digits behind the point counted: "0.25", 1000000 →
 * 250000. False when it is not a number or too large. */
static bool number(const char *s, uint64_t scale, uint64_t *out)
{
	uint64_t n = 0;
	bool point = false, digit = false;

	for (; *s; s++) {
		if (*s == '.' && !point && scale > 1) {
			point = true;
			continue;
		}
		if (*s < '0' || *s > '9' || n > UINT64_MAX / 100)
			return false;
		digit = true;
		if (point && scale == 1)
			continue;
		n = n * 10 + (*s - '0');
		scale /= point ? 10 : 1;
	}
	if (!digit || n > UINT64_MAX / 2 / scale)
		return false;
	*out = n * scale;
	return true;
}

/* A relative path is relative to the directory at the start, wherever the
 * program goes later. */
static void add_path(struct text *t, const char *value)
{
	char cwd[CONFIG_PATH];

	if (value[0] != '/' && sys(SYS_getcwd, cwd, sizeof cwd) > 0 &&
	    cwd[0] == '/') {
		text_add(t, cwd);
		text_add(t, "/");
	}
	text_add(t, value);
}

static void set_report(const char *value)
{
	struct text t = {words, CONFIG_PATH, 0};

	add_path(&t, value);
}

/* False when there is no room for all of the value. Until the first one comes,
 * the list's pages are not touched. */
#define ADD(list, before, value, add) \
	(config.list = list.words,    \
	 add_word(list.words, &list.n, before, value, add))

static bool add_word(char words[static CONFIG_PATH], size_t *n,
		     const char *before, const char *value,
		     void add(struct text *t, const char *value))
{
	struct text t = {words + *n, CONFIG_PATH - 1 - *n, 0};

	if (!*value || t.room < 2)
		return false;
	text_add(&t, before);
	add(&t, value);
	if (t.used + 1 >= t.room) {
		*t.buffer = 0;
		return false;
	}
	*n += t.used + 1;
	return true;
}

static bool is_option(const char *key)
{
	static const char *const keys[] = {
		"report",	 "run",	      "plain",	"follow",
		"interval",	 "threshold", "budget", "memory",
		"check-stacks",	 "keep",      "main",	"filters",
		"python-stacks", "rules",     "only",	"skip",
		"suppressions",	 "baseline"};
	size_t i;

	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

/* From 0 to 100, two digits behind the point. */
static bool set_budget(const char *value)
{
	uint64_t n;

	if (!number(value, 100, &n) || n > 100 * 100)
		return false;
	config.budget = n;
	return true;
}

/* Whole megabytes, with M behind or nothing; with G gigabytes. */
static bool set_memory(const char *value)
{
	char digits[24];
	size_t length = strlen(value);
	uint64_t n, unit = 1 << 20;

	if (!length || length >= sizeof digits)
		return false;
	strcpy(digits, value);
	if (strchr("MG", digits[length - 1])) {
		unit <<= digits[length - 1] == 'G' ? 10 : 0;
		digits[length - 1] = 0;
	}
	if (!number(digits, 1, &n) || !n || n > UINT64_MAX / 2 / unit)
		return false;
	config.memory = n * unit;
	return true;
}

/* The options that make up lists. */
static bool set_word(const char *key, const char *value)
{
	if (!strcmp(key, "rules"))
		return ADD(rules, "", value, add_path);
	if (!strcmp(key, "only"))
		return ADD(only, "", value, text_add);
	if (!strcmp(key, "skip"))
		return ADD(skip, "", value, text_add);
	if (!strcmp(key, "suppressions"))
		return ADD(accept, "--suppressions=", value, add_path);
	return !strcmp(key, "baseline") &&
	       ADD(accept, "--baseline=", value, add_path);
}

static void set(const char *key, const char *value)
{
	if (!strcmp(key, "report") && *value) {
		set_report(value);
		config.nowhere = !strcmp(value, "none");
		config.keep = true;
	} else if (!strcmp(key, "run") && strlen(value) < sizeof config.run)
		strcpy(config.run, value);
	else if (!strcmp(key, "plain"))
		config.plain = strcmp(value, "no") != 0;
	else if (!strcmp(key, "follow") &&
		 (!strcmp(value, "yes") || !strcmp(value, "no")))
		config.follow = value[0] == 'y';
	else if (!strcmp(key, "python-stacks") &&
		 (!strcmp(value, "yes") || !strcmp(value, "no")))
		config.python_stacks = value[0] == 'y';
	else if (!strcmp(key, "interval") &&
		 number(value, 1000000, &config.interval_us))
		return;
	else if (!strcmp(key, "threshold") && value[0] != '0' &&
		 number(value, 1, &config.threshold))
		return;
	else if (!strcmp(key, "check-stacks") &&
		 number(value, 1, &config.check_stacks))
		return;
	else if (!strcmp(key, "main") && number(value, 1, &config.main_pid))
		return;
	else if (!strcmp(key, "keep") && !strcmp(value, "no"))
		config.keep = false;
	else if (!strcmp(key, "filters") && number(value, 1, &config.filters))
		config.told = true;
	else if (set_word(key, value))
		return;
	else if (!strcmp(key, "budget") && set_budget(value))
		return;
	else if (!strcmp(key, "memory") && set_memory(value))
		return;
	else if (is_option(key))
		warn("bad value", key, value);
	else
		warn("unknown option", key, NULL);
}

void config_read(const char *options)
{
	char part[CONFIG_PATH], *value;
	size_t n = 0;

	words[0] = 0;
	config.report = words;
	for (; options && *options; options++) {
		n = 0;
		for (; *options && *options != ':'; options++) {
			if (*options == '\\' && options[1])
				options++;
			if (n < sizeof part - 1)
				part[n++] = *options;
		}
		part[n] = 0;
		value = strchr(part, '=');
		if (value)
			*value++ = 0;
		if (n)
			set(part, value ? value : "");
		if (!*options)
			break;
	}
	if (!words[0])
		set_report("gordian.%p.jsonl");
	n = strlen(words) + 1;
	config.options = words + n;
	config.room = sizeof words - n;
}

char *config_rest(void)
{
	size_t used = config.options - words + strlen(config.options) + SPARE;

	return used + CONFIG_PATH <= sizeof words ? words + used : NULL;
}

void config_know_filters(uint64_t n)
{
	struct text t = {config.options, config.room, 0};
	char *before = strstr(config.options, ":filters=");

	if (before)
		*before = 0;
	t.used = strlen(config.options);
	config.filters = n;
	config.told = true;
	text_add(&t, ":filters=");
	text_number(&t, config.filters);
}

void config_report_path(char out[static CONFIG_PATH], int32_t pid,
			const char *program)
{
	struct text t = {out, CONFIG_PATH, 0};
	const char *s;

	for (s = config.report; *s; s++) {
		char one[2] = {*s, 0};

		if (s[0] == '%' && s[1] == 'p') {
			text_number(&t, pid);
			s++;
		} else if (s[0] == '%' && s[1] == 'n') {
			text_add(&t, program);
			s++;
		} else {
			text_add(&t, one);
		}
	}
}
