/* mbpfan #105: the prefix of a path is never freed */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef struct s_sensors {
	FILE *file;
	char *path;
	unsigned temperature;
	struct s_sensors *next;
} t_sensors;
static char *smprintf(const char *fmt, const char *a, int n)
{
	int len = snprintf(NULL, 0, fmt, a, n);
	char *s = malloc(len + 1);
	sprintf(s, fmt, a, n);
	return s;
}
static t_sensors *retrieve_sensors(void)
{
	t_sensors *head = NULL;
	char *path = NULL, *path_begin = NULL;
	path_begin =
		strdup("/sys/devices/platform/coretemp.0/hwmon/hwmon0/temp");
	for (int i = 0; i < 4; i++) {
		path = smprintf("%s%d_input", path_begin, i);
		t_sensors *s = malloc(sizeof *s);
		s->path = strdup(path);
		s->file = NULL;
		s->next = head;
		head = s;
		free(path);
	}
	return head;
}
int main(void)
{
	t_sensors *s = retrieve_sensors(), *n;
	for (; s; s = n) {
		n = s->next;
		free(s->path);
		free(s);
	}
	return 0;
}
