/* A stack lies in memory that a thread of the program fills in; above its
 * pointer is a page that nobody has touched. A scan does not wait for it. */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include "gordian.h"
#include "victim.h"

#define PAGE 4096ul
#define ROOM (64 * PAGE)

static ucontext_t back, fiber;
static atomic_int begun, over;
static char page[PAGE];

static void *fill(void *arg)
{
	struct uffd_msg msg;
	int fd = *(int *)arg;

	while (read(fd, &msg, sizeof(msg)) == sizeof(msg)) {
		struct uffdio_copy copy = {
			.dst = msg.arg.pagefault.address & -PAGE,
			.src = (uintptr_t)page,
			.len = PAGE,
		};

		if (ioctl(fd, UFFDIO_COPY, &copy))
			break;
	}
	return NULL;
}

/* Its stack ends somewhere in the midst of a page, and goes on in the next. */
static void wait_low(void)
{
	char room[ROOM / 2];
	uintptr_t sp = (((uintptr_t)room + ROOM / 4) & -PAGE) - 64;

	begun = 1;
	__asm__ volatile("mov %%rsp, %%rbx\n\t"
			 "mov %0, %%rsp\n"
			 "1:\tpause\n\t"
			 "cmpl $0, %1\n\t"
			 "je 1b\n\t"
			 "mov %%rbx, %%rsp"
			 :
			 : "r"(sp), "m"(over)
			 : "rbx", "memory");
}

static void *worker(void *stack)
{
	getcontext(&fiber);
	fiber.uc_stack.ss_sp = stack;
	fiber.uc_stack.ss_size = ROOM;
	fiber.uc_link = &back;
	makecontext(&fiber, wait_low, 0);
	swapcontext(&back, &fiber);
	return NULL;
}

int main(void)
{
	struct uffdio_register area = {.mode = UFFDIO_REGISTER_MODE_MISSING};
	struct uffdio_api api = {.api = UFFD_API};
	char *stack = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	pthread_t filler, low;

	say("option --threshold=1000000");
	say("expect nothing");
	area.range.start = (uintptr_t)stack;
	area.range.len = ROOM;
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &area))
		return cannot("use userfaultfd");
	pthread_create(&filler, NULL, fill, &fd);
	pthread_create(&low, NULL, worker, stack);
	while (!begun)
		nap_ms(1);
	TIMES(3)
	{
		nap_ms(10);
		gordian_check();
	}
	over = 1;
	pthread_join(low, NULL);
	return 0;
}
