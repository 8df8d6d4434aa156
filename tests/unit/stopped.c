/* Where a thread stands, from the frame of the signal that stopped it: how
 * large its vector registers are, stands in the frame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <signal.h>
#include <sys/auxv.h>
#include <ucontext.h>
#include <cmocka.h>
#include "process/altstack.h"
#include "process/stopped.h"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif
#define LEGACY 512
#define AVX 832
#define AVX_512 2696
#define AMX 11008
#define FRAME 440 /* all but the vector registers */

static char state_of[AMX];

static void software(uint32_t magic, uint32_t size)
{
	memset(state_of, 0, sizeof state_of);
	memcpy(state_of + 464, &magic, sizeof magic);
	memcpy(state_of + 468, &size, sizeof size);
}

static void size_stands_in_the_frame(void **state)
{
	static const uint32_t sizes[] = {LEGACY, AVX, AVX_512, AMX};
	(void)state;

	for (unsigned i = 0; i < 4; i++) {
		software(0x46505853, sizes[i] + 4);
		assert_int_equal(stopped_vectors(state_of), sizes[i] + 4);
	}
}

static void without_it_the_legacy_state(void **state)
{
	(void)state;
	software(0, AMX);
	assert_int_equal(stopped_vectors(state_of), LEGACY);
	assert_int_equal(stopped_vectors(NULL), 0);
}

static void all_of_it_is_read(void **state)
{
	ucontext_t context;
	struct stopped stopped;
	(void)state;

	memset(&context, 0, sizeof context);
	software(0x46505853, AMX + 4);
	context.uc_mcontext.fpregs = (void *)state_of;
	stopped = stopped_from_signal(&context);
	assert_int_equal(stopped.ext_low, (uintptr_t)state_of);
	assert_int_equal(stopped.ext_high - stopped.ext_low, AMX + 4);
	context.uc_mcontext.fpregs = NULL;
	stopped = stopped_from_signal(&context);
	assert_false(stopped.ext_low < stopped.ext_high);
}

static volatile size_t seen;

static void look(int sig, siginfo_t *info, void *uc)
{
	(void)sig;
	(void)info;
	seen = stopped_vectors(((ucontext_t *)uc)->uc_mcontext.fpregs);
}

/* The largest frame of this processor fits our stacks several times. */
static void frames_of_the_kernel(void **state)
{
	struct sigaction action = {.sa_sigaction = look,
				   .sa_flags = SA_SIGINFO};
	size_t most = getauxval(AT_MINSIGSTKSZ);
	(void)state;

	assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_true(seen >= LEGACY);
	if (!most)
		skip();
	assert_in_range(seen + FRAME, 0, most);
	assert_in_range(most, FRAME, ALTSTACK_SIZE / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(size_stands_in_the_frame),
		cmocka_unit_test(without_it_the_legacy_state),
		cmocka_unit_test(all_of_it_is_read),
		cmocka_unit_test(frames_of_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
