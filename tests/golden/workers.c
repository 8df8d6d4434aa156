/* Two workers that each forget their jobs; the second also its log. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
	struct job *twin;
	int number;
};

struct log {
	char lines[200];
};

static void work(int number)
{
	struct job *job = malloc(sizeof(*job)), *twin = malloc(sizeof(*twin));
	struct log *log;

	job->twin = twin;
	twin->twin = job;
	job->number = twin->number = number;
	if (number == 1) {
		log = malloc(sizeof(*log));
		log->lines[0] = '\0';
	}
}

int main(void)
{
	for (int i = 0; i < 2; i++)
		if (!fork()) {
			work(i);
			exit(0);
		}
	while (wait(NULL) > 0)
		;
}
