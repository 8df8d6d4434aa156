/*
 * What tests/outside/inject.py makes calls fail under, the second: blocks are
 * held in every way that takes a scan calls of its own to see. It asks for a
 * scan while a thread waits, puts a filter on itself, and executes itself.
 * Argument 1: its own path; with "clean" after it nothing is lost, else a block
 * before the exec and one after it. Never to be found: those of 60 to 69 bytes.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../src/gordian.h"
#include "../victims/victim.h"

#define PAGE 4096ul
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)

static int is_clean;

static NOINLINE void lose(size_t size)
{
	char *volatile block = malloc(size);

	if (is_clean)
		free(block);
}

static char *map(size_t bytes, int flags, int fd)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (at == MAP_FAILED)
		say("no mapping");
	return at;
}

/* Pointers are not exact in registers and frames of who calls this. */
static NOINLINE void put(char *at, size_t size)
{
	void *block = malloc(size);

	memcpy(at, &block, sizeof block);
}

static int file_of(size_t bytes)
{
	char name[] = "held.XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name) || ftruncate(fd, bytes))
		say("no file");
	return fd;
}

static NOINLINE void hold(void)
{
	int fd = file_of(3 * PAGE);
	char *at = map(PAGE, PRIVATE, -1);

	put(at, 60);
	mprotect(at, PAGE, PROT_NONE);
	put(map(PAGE, MAP_SHARED | MAP_ANONYMOUS, -1), 61);
	at = map(PAGE, MAP_SHARED, fd);
	put(at, 62);
	mprotect(at, PAGE, PROT_READ);
	at = map(PAGE, MAP_PRIVATE, fd);
	put(at + 512, 63);
	mprotect(at, PAGE, PROT_READ);
	at = map(PAGE, PRIVATE, -1);
	put(at, 64);
	syscall(SYS_madvise, at, PAGE, MADV_DONTFORK);
	at = map(PAGE, PRIVATE, -1);
	put(at, 65);
	madvise(at, PAGE, MADV_DONTFORK);
	at = map(2 * PAGE, PRIVATE, -1);
	put(at, 66);
	at = mremap(at, 2 * PAGE, 16 * PAGE, MREMAP_MAYMOVE);
	munmap(at + PAGE, PAGE);
	at = map(1ul << 28, PRIVATE | MAP_NORESERVE, -1);
	put(at + (1ul << 27), 67);
	put(map(PAGE, PRIVATE, -1) + 13, 68);
	at = map(PAGE, PRIVATE, -1);
	put(at, 69);
	madvise(at, PAGE, MADV_WIPEONFORK);
	close(fd);
}

static int pipes[2];

static void *wait_for_word(void *arg)
{
	struct pollfd ready = {pipes[0], POLLIN, 0};

	return poll(&ready, 1, 60000) == 1 ? arg : NULL;
}

static void scan_while_one_waits(void)
{
	pthread_t thread;
	void *result = NULL;

	if (pipe(pipes) || pthread_create(&thread, NULL, wait_for_word, pipes))
		say("no thread");
	gordian_check();
	if (write(pipes[1], "", 1) != 1 || pthread_join(thread, &result))
		say("no word");
	say(result ? "waited" : "poll ended early");
}

static volatile sig_atomic_t handled;

static void on_signal(int number)
{
	void *volatile block = malloc(100);

	free(block);
	handled = number;
}

static void handle_on_own_stack(void)
{
	stack_t stack = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16}, old;
	struct sigaction action = {.sa_handler = on_signal,
				   .sa_flags = SA_ONSTACK};

	if (sigaltstack(&stack, NULL) || sigaction(SIGUSR1, &action, NULL) ||
	    raise(SIGUSR1) || sigaltstack(NULL, &old) ||
	    old.ss_sp != stack.ss_sp)
		say("no signal stack");
	say(handled == SIGUSR1 ? "handled" : "not handled");
}

static void execute_in_vfork(void)
{
	int status = -1;
	pid_t pid = vfork();

	if (!pid) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		say("no true");
}

/* It takes nothing away that anybody needs. */
static void confine(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_swapoff, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof code / sizeof *code, code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		say("no filter");
}

int main(int argc, char **argv)
{
	is_clean = argc > 2 && !strcmp(argv[2], "clean");
	if (argc > 3) {
		confine();
		lose(45);
		clobber();
		say("end");
		return 0;
	}
	hold();
	lose(44);
	clobber();
	handle_on_own_stack();
	scan_while_one_waits();
	execute_in_vfork();
	execl(argv[1], argv[1], argv[1], is_clean ? "clean" : "leaky", "again",
	      (char *)NULL);
	say("no exec");
	return 1;
}
