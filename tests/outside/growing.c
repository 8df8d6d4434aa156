/*
 * Programs that grow, or do not, though all they have is reached: NAME ROUNDS
 * [LETTERS]. After each round the heap is looked at, but not with s. In the end
 * it works for a while (w), loses something (l), tidies up (t). With f a child
 * goes on for as many rounds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gordian.h"

#define SLOTS 256
#define A_ROUND 200

static uint32_t number;

static char *text_new(void)
{
	char text[40];

	snprintf(text, sizeof text, "key %u", number);
	return strdup(text);
}

/* What the program does besides: it comes and goes. */
static void work(int n)
{
	void *volatile p;

	while (n--) {
		p = malloc(100 + n % 300);
		free(p);
	}
}

/* A cache without a limit. */
struct entry {
	struct entry *next;
	char *key;
	void *value;
};
static struct entry *cache[SLOTS];

static struct entry *cache_fill(void)
{
	struct entry *e = malloc(sizeof *e);

	e->key = text_new();
	e->value = malloc(500);
	e->next = cache[number % SLOTS];
	return cache[number % SLOTS] = e;
}

/* Listeners that nobody takes out. */
struct listener {
	void (*call)(void *data);
	void *data;
};
static struct listener **listeners;
static size_t listeners_n;

static void listener_add(void)
{
	if (listeners_n % 100 == 0)
		listeners = realloc(listeners,
				    (listeners_n + 100) * sizeof *listeners);
	listeners[listeners_n++] = malloc(sizeof **listeners);
}

/* Sessions that are never closed, in a tree. */
struct session {
	struct session *left, *right;
	char *user;
	char *input, *output;
	uint32_t key;
};
static struct session *sessions;

static void session_open(void)
{
	struct session **at = &sessions, *s = calloc(1, sizeof *s);

	s->key = number * 2654435761u;
	s->user = text_new();
	s->input = malloc(1000);
	s->output = malloc(2000);
	while (*at)
		at = s->key < (*at)->key ? &(*at)->left : &(*at)->right;
	*at = s;
}

/* Strings that are kept once each, for good. */
static char **strings;
static size_t strings_n, strings_room;

static const char *intern(void)
{
	if (strings_n == strings_room) {
		strings_room = strings_room ? 2 * strings_room : 64;
		strings = realloc(strings, strings_room * sizeof *strings);
	}
	return strings[strings_n++] = text_new();
}

/* A log that was to be a ring, but never wraps. */
struct line {
	struct line *next;
	char text[100];
};
static struct {
	struct line *first, **end;
} ring;

static void log_line(void)
{
	struct line *line = calloc(1, sizeof *line);

	if (!ring.first)
		ring.end = &ring.first;
	*ring.end = line;
	ring.end = &line->next;
}

/* Results that are remembered by argument. */
static double *memo[1 << 16];

static double *memoize(void)
{
	double **at = &memo[number % (1 << 16)];

	if (!*at)
		*at = malloc(sizeof **at);
	return *at;
}

/* Timers that have run and stay in the list, with what they were for. */
struct timer {
	struct timer *next, *before;
	char *what;
};
static struct timer timers = {&timers, &timers, NULL};

static void timer_start(void)
{
	struct timer *t = malloc(sizeof *t);

	t->what = text_new();
	t->next = &timers;
	t->before = timers.before;
	timers.before->next = t;
	timers.before = t;
}

/* Buffers that go to a list of free ones, from which nobody takes. */
struct buffer {
	struct buffer *next;
	char bytes[4000];
};
static struct buffer *spare;

static void connection_serve(void)
{
	struct buffer *b = malloc(sizeof *b);

	b->next = spare;
	spare = b;
}

/* A cache that is full after a while. */
static struct entry *full[SLOTS];

static void full_fill(void)
{
	struct entry **at = &full[number % SLOTS];

	if (*at) {
		free((*at)->value);
	} else {
		*at = malloc(sizeof **at);
		(*at)->key = text_new();
	}
	(*at)->value = malloc(300);
}

/* Connections of which there are now more and now fewer. */
static void *connections[1 << 14];
static uint32_t connections_n;

static void connect_to(uint32_t n)
{
	while (connections_n < n)
		connections[connections_n++] = malloc(700);
	while (connections_n > n)
		free(connections[--connections_n]);
}

/* Ever more of them at a time, each of which is new. */
static void load_round(void)
{
	connect_to(0);
	connect_to(number / A_ROUND * 50);
}

/* Garbage that a collector takes when there is enough. */
static void waves_round(void)
{
	connect_to(number / A_ROUND % 12 * 100);
}

/* More and fewer by chance, about as many in the long run. */
static void chance_round(void)
{
	static uint32_t random = 1;

	random = random * 1664525 + 1013904223;
	connect_to(300 + (random >> 24));
}

static const struct seed {
	const char *name;
	void (*each)(void), (*round)(void);
} seeds[] = {
	{"cache", (void (*)(void))cache_fill, NULL},
	{"listeners", listener_add, NULL},
	{"sessions", session_open, NULL},
	{"strings", (void (*)(void))intern, NULL},
	{"log", log_line, NULL},
	{"memo", (void (*)(void))memoize, NULL},
	{"timers", timer_start, NULL},
	{"buffers", connection_serve, NULL},
	{"full", full_fill, NULL},
	{"load", NULL, load_round},
	{"waves", NULL, waves_round},
	{"chance", NULL, chance_round},
};

static void round_of(const struct seed *seed, int check)
{
	int i;

	for (i = 0; i < A_ROUND; i++, number++)
		if (seed->each)
			seed->each();
	if (seed->round)
		seed->round();
	work(5000);
	if (check)
		gordian_check();
}

/* Frees all that a seed has, as a program does that tidies up. */
static void tidy(void)
{
	struct entry *e, *next;
	int i;

	for (i = 0; i < SLOTS; i++, cache[i - 1] = NULL)
		for (e = cache[i]; e; e = next) {
			next = e->next;
			free(e->key);
			free(e->value);
			free(e);
		}
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : 10, k;
	const char *then = argc > 3 ? argv[3] : "";
	size_t i, n = sizeof seeds / sizeof *seeds;

	for (i = 0; i < n && strcmp(seeds[i].name, argv[1]); i++)
		;
	if (argc < 2 || i == n)
		return 2;
	for (k = 0; k < rounds; k++)
		round_of(&seeds[i], !strchr(then, 's'));
	if (strchr(then, 'f') && fork())
		return wait(NULL) < 0;
	for (k = 0; strchr(then, 'f') && k < rounds; k++)
		round_of(&seeds[i], 1);
	if (strchr(then, 'w'))
		work(1000000);
	if (strchr(then, 'l'))
		number += *(char *)calloc(1, 99);
	if (strchr(then, 't'))
		tidy();
	return 0;
}
