/* Scans interrupt a call that a handler makes past libc; the call that the
 * handler interrupted fails as ever: what came to the one is not taken for what
 * came to the other. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include "gordian.h"
#include "victim.h"

static atomic_bool over, within, back;

static long nap_raw(long ns)
{
	struct timespec t = {0, ns};
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(SYS_nanosleep), "D"(&t), "S"(NULL)
			 : "rcx", "r11", "memory");
	return result;
}

static void handler(int sig)
{
	(void)sig;
	within = true;
	while (!over)
		nap_raw(500000000);
}

/* In that call, by the kernel's word. */
static bool main_is_in(long number)
{
	char path[64], text[64] = "";
	FILE *f;

	sprintf(path, "/proc/self/task/%d/syscall", (int)getpid());
	f = need(fopen(path, "r"));
	if (!fgets(text, sizeof(text), f))
		text[0] = 0;
	fclose(f);
	return text[0] >= '0' && text[0] <= '9' && atol(text) == number;
}

static void *scanner(void *arg)
{
	pthread_t *main_thread = arg;

	while (!main_is_in(SYS_poll))
		nap_ms(1);
	pthread_kill(*main_thread, SIGUSR1);
	while (!within)
		nap_ms(1);
	for (volatile int i = 0; i < 20; i++) {
		while (!main_is_in(SYS_nanosleep))
			nap_ms(1);
		gordian_check();
	}
	over = true;
	while (!back && !main_is_in(SYS_poll))
		nap_ms(1);
	if (!back) {
		say("poll GOES ON");
		_exit(1);
	}
	return NULL;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};
	pthread_t self = pthread_self(), thread;
	int result;

	say("option --threshold=1000000");
	say("expect nothing");
	if (access("/proc/self/syscall", R_OK))
		return 77;
	sigaction(SIGUSR1, &action, NULL);
	if (pthread_create(&thread, NULL, scanner, &self))
		return 99;
	errno = 0;
	result = poll(NULL, 0, -1);
	back = true;
	say("poll %d %s", result, strerrorname_np(errno));
	pthread_join(thread, NULL);
	return 0;
}
