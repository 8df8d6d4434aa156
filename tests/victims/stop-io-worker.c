/* The kernel's own threads in the program's name (io_uring's) take no signal;
 * they are no reason to put scans off. */
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include "victim.h"

static NOINLINE void lose(void)
{
	CALLOC(100);
}

int main(void)
{
	struct io_uring_params p = {.flags = IORING_SETUP_SQPOLL,
				    .sq_thread_idle = 100};

	say("option --interval=0.02");
	say("expect lost count=20 bytes=2000 function=lose");
	say("warning none");
	if (syscall(SYS_io_uring_setup, 4, &p) < 0) {
		perror("io_uring_setup");
		return 77;
	}
	for (volatile int i = 0; i < 20; i++) {
		away(lose);
		nap_ms(100);
	}
	return 0;
}
