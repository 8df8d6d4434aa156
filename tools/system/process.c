/*
 * See process.h. The process may be anybody's.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/request.h"
#include "system/process.h"

#define ENVIRONMENT_MOST (128 << 10)

bool process_status(pid_t pid, const char *key, char value[256])
{
	size_t n = strlen(key);
	char path[64], line[256];
	bool there = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && !there && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, n) || line[n] != ':')
			continue;
		line[strcspn(line, "\n")] = '\0';
		strcpy(value, line + n + 1 + strspn(line + n + 1, " \t"));
		there = true;
	}
	if (file)
		fclose(file);
	return there;
}

char process_state(pid_t pid)
{
	char state[256];

	return process_status(pid, "State", state) ? state[0] : 'X';
}

pid_t process_parent(pid_t pid)
{
	char parent[256];

	return process_status(pid, "PPid", parent) ? atoi(parent) : 0;
}

static bool is_over(pid_t pid)
{
	char state = process_state(pid);

	return state == 'Z' || state == 'X';
}

pid_t process_thread(pid_t pid)
{
	char path[64];
	struct dirent *entry;
	pid_t thread = pid;
	DIR *directory;

	if (!is_over(pid))
		return pid;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	directory = opendir(path);
	while (directory && thread == pid && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' && !is_over(atoi(entry->d_name)))
			thread = atoi(entry->d_name);
	if (directory)
		closedir(directory);
	return thread;
}

bool process_is_alive(pid_t pid)
{
	return !is_over(process_thread(pid));
}

static bool has_signal(pid_t pid, const char *key)
{
	char value[256];

	return process_status(process_thread(pid), key, value) &&
	       strtoull(value, NULL, 16) >> (GORDIAN_SIGNAL - 1) & 1;
}

bool process_takes_requests(pid_t pid)
{
	return has_signal(pid, "SigCgt");
}

bool process_ignores_requests(pid_t pid)
{
	return has_signal(pid, "SigIgn");
}

bool process_preloads(pid_t pid)
{
	char path[64], text[ENVIRONMENT_MOST];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text));
	if (fd >= 0)
		close(fd);
	return n > 0 && memmem(text, n, "libgordian.so", 13);
}

pid_t process_behind_command(pid_t pid)
{
	char path[64], own[PATH_MAX] = "", its[PATH_MAX] = "";
	FILE *children;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	if (readlink("/proc/self/exe", own, sizeof(own) - 1) <= 0 ||
	    readlink(path, its, sizeof(its) - 1) <= 0 || strcmp(own, its))
		return pid;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		 (int)pid);
	children = fopen(path, "re");
	if (!children || fscanf(children, "%d", &child) != 1)
		child = pid;
	if (children)
		fclose(children);
	return child;
}
