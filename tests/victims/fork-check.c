/* Other threads fork while one waits for a scan that it has asked for: none of
 * them waits as well. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include "gordian.h"
#include "victim.h"

static atomic_int check; /* odd: under way */
static atomic_bool over;
static atomic_int within; /* forks that began and ended in one check */

static void *forker(void *arg)
{
	while (!over) {
		int before = check;
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		within += before % 2 && check == before;
		waitpid(pid, NULL, 0);
	}
	return arg;
}

int main(void)
{
	static void **kept;
	pthread_t thread;

	say("expect nothing");
	for (int i = 0; i < 300000; i++) {
		void **block = MALLOC(24);

		*block = kept;
		kept = block;
	}
	pthread_create(&thread, NULL, forker, NULL);
	for (int i = 0; i < 100 && within < 10; i++) {
		check++;
		gordian_check();
		check++;
	}
	over = true;
	pthread_join(thread, NULL);
	return gordian_is_enabled() == 1 && within < 10 ? 1 : 0;
}
