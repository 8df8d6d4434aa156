/*
 * A program whose blocks are held in known ways. It prints a name and an
 * address for each, then "ready", and waits.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct session {
	long id;
	char text[40];
};

struct node {
	struct node *next;
	struct session *item;
	long weight;
};

struct pair {
	struct pair *left, *right;
	long number[5];
};

struct table {
	long size;
	struct node *buckets[8];
};

struct table *sessions;
struct {
	long used;
	struct node *list;
} registry;
static struct pair *pairs;
static __thread struct session *current;
static pthread_barrier_t barrier;
static volatile uintptr_t hidden; /* no pointer stays behind */

static struct session *session_new(void)
{
	return calloc(1, sizeof(struct session));
}

static struct node *node_new(struct node *next)
{
	struct node *node = calloc(1, sizeof(*node));

	node->next = next;
	return node;
}

static volatile sig_atomic_t wanted;

static void want(int sig)
{
	(void)sig;
	wanted = 1;
}

static void tell(const char *name, const void *address)
{
	printf("%s %p\n", name, address);
}

/* 9,001 nodes, the last of which has an item. */
static __attribute__((noinline)) void fill(void)
{
	struct node *node = node_new(NULL);
	int i;

	node->item = session_new();
	tell("item", node->item);
	tell("node", node);
	tell("inside", &node->weight);
	for (i = 0; i < 9000; i++)
		node = node_new(node);
	sessions = calloc(1, sizeof(*sessions));
	sessions->buckets[3] = node;
	tell("table", sessions);
	registry.list = node_new(NULL);
	registry.list->item = session_new();
	tell("registered", registry.list->item);
}

/* Left and right by turns, a hundred times. */
static __attribute__((noinline)) void fill_pairs(void)
{
	struct pair **at = &pairs, *last = NULL;
	int i;

	for (i = 0; i < 200; i++) {
		last = calloc(1, sizeof(*last));
		*at = last;
		at = i % 2 ? &last->left : &last->right;
	}
	tell("pair", last);
}

static __attribute__((noinline)) void add_pairs(void)
{
	struct pair *last;
	int i;

	for (i = 0; i < 10; i++) {
		last = calloc(1, sizeof(*last));
		last->left = pairs;
		pairs = last;
	}
	puts("more");
	fflush(stdout);
}

static __attribute__((noinline)) void leak(int rings_n)
{
	static const char *const alike[] = {"lost", "second", "third"};
	static const char *const rings[] = {"ring", "ring2", "ring3"};
	static const char *const kept[] = {"kept", "kept2", "kept3"};
	int i;

	for (i = 0; i < rings_n; i++) {
		struct node *a = node_new(NULL);

		a->next = node_new(a);
		a->next->item = session_new();
		tell(rings[i], a);
		tell(kept[i], a->next->item);
	}
	for (i = 0; i < 3; i++)
		tell(alike[i], session_new());
}

static __attribute__((noinline)) void serve(void)
{
	struct session *volatile local = session_new();

	tell("local", local);
	current = session_new();
	tell("current", current);
	pthread_barrier_wait(&barrier);
	for (;;) {
		pause();
		local->id++;
	}
}

static void *run(void *unused)
{
	(void)unused;
	serve();
	return NULL;
}

/* Overwrites what the calls before left below. */
static __attribute__((noinline)) void wipe(void)
{
	volatile char room[16384];
	size_t i;

	for (i = 0; i < sizeof(room); i++)
		room[i] = 0;
	hidden = room[0];
}

int main(int argc, char **argv)
{
	pthread_t thread;

	signal(SIGUSR1, want);
	fill();
	fill_pairs();
	leak(argc > 1 && !strcmp(argv[1], "rings") ? 3 : 1);
	tell("nothing", (void *)8);
	tell("stack", &thread);
	wipe();
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, run, NULL);
	pthread_barrier_wait(&barrier);
	if (argc > 1 && !strcmp(argv[1], "drop") &&
	    (setgid(65534) || setuid(65534)))
		return 1;
	puts("ready");
	fflush(stdout);
	for (;;) {
		pause();
		if (wanted)
			add_pairs();
		wanted = 0;
	}
}
