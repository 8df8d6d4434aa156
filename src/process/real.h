/*
 * The functions behind our hooks: the program's own allocator and libc, found
 * once as dlsym(RTLD_NEXT) finds them. Until they are known (dlsym itself may
 * allocate) memory comes from a bootstrap area of ours.
 */
#ifndef REAL_H
#define REAL_H

#include <aio.h>
#include <poll.h>
#include <pthread.h>
#include <locale.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <stdio.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <wordexp.h>

struct real {
	void *(*malloc)(size_t);
	void *(*calloc)(size_t, size_t);
	void *(*realloc)(void *, size_t);
	void (*free)(void *);
	int (*posix_memalign)(void **, size_t, size_t);
	void *(*aligned_alloc)(size_t, size_t);
	void *(*memalign)(size_t, size_t);
	void *(*valloc)(size_t);
	void *(*pvalloc)(size_t);
	size_t (*malloc_usable_size)(void *);
	/* jemalloc's, or NULL */
	void *(*mallocx)(size_t, int);
	void *(*rallocx)(void *, size_t, int);
	size_t (*xallocx)(void *, size_t, size_t, int);
	void (*dallocx)(void *, int);
	/* C++ */
	void *(*new_plain)(size_t);
	void *(*new_array)(size_t);
	void *(*new_nothrow)(size_t, const void *);
	void *(*new_aligned)(size_t, size_t);
	void *(*new_array_aligned)(size_t, size_t);
	void *(*new_aligned_nothrow)(size_t, size_t, const void *);
	void (*delete_plain)(void *);
	void (*delete_array)(void *);
	void (*delete_aligned)(void *, size_t);
	/* mappings */
	void *(*mmap)(void *, size_t, int, int, int, off_t);
	int (*munmap)(void *, size_t);
	void *(*mremap)(void *, size_t, size_t, int, ...);
	int (*madvise)(void *, size_t, int);
	void *(*sbrk)(intptr_t);
	int (*brk)(void *);
	/* threads, ends, signals, programs */
	int (*pthread_create)(pthread_t *, const pthread_attr_t *,
			      void *(*)(void *), void *);
	int (*thrd_create)(void *, int (*)(void *), void *);
	int (*start_main)(int (*)(int, char **, char **), int, char **,
			  void (*)(void), void (*)(void), void (*)(void),
			  void *);
	void (*exit)(int);
	void (*_exit)(int);
	void (*quick_exit)(int);
	void (*abort)(void);
	void (*assert_fail)(const char *, const char *, unsigned, const char *);
	int (*dlclose)(void *);
	void *(*dlopen)(const char *, int);
	int (*sigaction)(int, const struct sigaction *, struct sigaction *);
	void (*(*signal)(int, void (*)(int)))(int);
	void (*longjmp_chk)(void *, int);
	int (*sigprocmask)(int, const sigset_t *, sigset_t *);
	int (*pthread_sigmask)(int, const sigset_t *, sigset_t *);
	int (*attr_setsigmask)(pthread_attr_t *, const sigset_t *);
	int (*sigwait)(const sigset_t *, int *);
	int (*signalfd)(int, const sigset_t *, int);
	int (*sigtimedwait)(const sigset_t *, siginfo_t *,
			    const struct timespec *);
	char *(*getenv)(const char *);
	int (*pipe2)(int[2], int);
	int (*prctl)(int, ...);
	/* calls that a handler interrupts */
	int (*pause)(void);
	int (*sigsuspend)(const sigset_t *);
	int (*poll)(struct pollfd *, nfds_t, int);
	int (*ppoll)(struct pollfd *, nfds_t, const struct timespec *,
		     const sigset_t *);
	int (*epoll_wait)(int, struct epoll_event *, int, int);
	int (*epoll_pwait)(int, struct epoll_event *, int, int,
			   const sigset_t *);
	int (*select)(int, fd_set *, fd_set *, fd_set *, struct timeval *);
	int (*pselect)(int, fd_set *, fd_set *, fd_set *,
		       const struct timespec *, const sigset_t *);
	int (*nanosleep)(const struct timespec *, struct timespec *);
	int (*clock_nanosleep)(clockid_t, int, const struct timespec *,
			       struct timespec *);
	int (*thrd_sleep)(const struct timespec *, struct timespec *);
	int (*sigpause)(int, int);
	int (*epoll_pwait2)(int, struct epoll_event *, int,
			    const struct timespec *, const sigset_t *);
	int (*sem_wait)(sem_t *);
	int (*sem_trywait)(sem_t *);
	void (*pthread_exit)(void *);
	locale_t (*uselocale)(locale_t);
	int (*sem_timedwait)(sem_t *, const struct timespec *);
	int (*sem_clockwait)(sem_t *, clockid_t, const struct timespec *);
	int (*semop)(int, struct sembuf *, size_t);
	int (*semtimedop)(int, struct sembuf *, size_t,
			  const struct timespec *);
	ssize_t (*msgrcv)(int, void *, size_t, long, int);
	int (*msgsnd)(int, const void *, size_t, int);
	int (*aio_suspend)(const struct aiocb *const[], int,
			   const struct timespec *);
	int (*accept)(int, struct sockaddr *, socklen_t *);
	int (*accept4)(int, struct sockaddr *, socklen_t *, int);
	int (*connect)(int, const struct sockaddr *, socklen_t);
	int (*setsockopt)(int, int, int, const void *, socklen_t);
	ssize_t (*recv)(int, void *, size_t, int);
	ssize_t (*recvfrom)(int, void *, size_t, int, struct sockaddr *,
			    socklen_t *);
	ssize_t (*recvmsg)(int, struct msghdr *, int);
	int (*recvmmsg)(int, struct mmsghdr *, unsigned, int,
			struct timespec *);
	ssize_t (*send)(int, const void *, size_t, int);
	ssize_t (*sendto)(int, const void *, size_t, int,
			  const struct sockaddr *, socklen_t);
	ssize_t (*sendmsg)(int, const struct msghdr *, int);
	int (*sendmmsg)(int, struct mmsghdr *, unsigned, int);
	ssize_t (*read)(int, void *, size_t);
	ssize_t (*readv)(int, const struct iovec *, int);
	ssize_t (*write)(int, const void *, size_t);
	ssize_t (*writev)(int, const struct iovec *, int);
	ssize_t (*sendfile)(int, int, off_t *, size_t);
	ssize_t (*splice)(int, off64_t *, int, off64_t *, size_t, unsigned);
	ssize_t (*getrandom)(void *, size_t, unsigned);
	long (*syscall)(long, long, long, long, long, long, long);
	long (*pass_syscall)(long, long, long, long, long, long);
	int (*execve)(const char *, char *const[], char *const[]);
	int (*execvpe)(const char *, char *const[], char *const[]);
	int (*fexecve)(int, char *const[], char *const[]);
	int (*execveat)(int, const char *, char *const[], char *const[], int);
	pid_t (*fork)(void);
	pid_t (*_Fork)(void);
	int (*clone)(int (*)(void *), void *, int, void *, ...);
	int (*system)(const char *);
	FILE *(*popen)(const char *, const char *);
	int (*wordexp)(const char *, wordexp_t *, int);
	int (*posix_spawn)(pid_t *, const char *,
			   const posix_spawn_file_actions_t *,
			   const posix_spawnattr_t *, char *const[],
			   char *const[]);
	int (*posix_spawnp)(pid_t *, const char *,
			    const posix_spawn_file_actions_t *,
			    const posix_spawnattr_t *, char *const[],
			    char *const[]);
};
extern struct real real __attribute__((visibility("hidden")));

/* Whose operator new the program uses: that decides what our hooks do. */
enum real_new {
	NEW_IS_MALLOC,	  /* libstdc++'s, or none in sight */
	NEW_OF_ALLOCATOR, /* defined beside malloc, in the same module */
	NEW_OF_PROGRAM,	  /* something else: called, not replaced */
};
extern enum real_new real_new __attribute__((visibility("hidden")));
extern bool real_is_glibc
	__attribute__((visibility("hidden"))); /* malloc is libc's */
extern bool real_start_is_glibc /* only libc's frames are outside of main */
	__attribute__((visibility("hidden")));

/* Fills the table. Called once, before the first real call. */
void real_init(void);
/* Whether that address of a function of that name stands for ours: it is in our
 * library, or where a program that is no PIE calls it from. */
bool real_is_ours(const char *name, const void *code);
/* Whether the program's malloc is our hook. */
bool real_malloc_is_ours(void);
/* Whether the code is in the allocator's module: mappings that it makes are its
 * own. */
bool real_in_allocator(uintptr_t code);

#endif
