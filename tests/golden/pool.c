/* A thread of a pool and the main thread, which each forget what they asked
 * for. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void *answer_new(const char *text)
{
	return strcpy(malloc(100), text);
}

static void *serve(void *asked)
{
	char *volatile answer = answer_new("served");

	answer = NULL;
	return asked;
}

int main(void)
{
	char *volatile answer = answer_new("mine");
	pthread_t thread;

	answer = NULL;
	pthread_create(&thread, NULL, serve, NULL);
	pthread_join(thread, NULL);
	return 0;
}
