/*
 * See environ.h. The words are put into pages of ours, since the caller's stack
 * may be small. The pages stay with the thread's record for its next call:
 * pages that a child of vfork maps would stay its parent's for ever. The child
 * may use the parent's, since the parent waits meanwhile.
 */
#include <errno.h>
#include <link.h>
#include <string.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/config.h"
#include "base/probe.h"
#include "base/sandbox.h"
#include "base/sys.h"
#include "base/text.h"
#include "hooks/environ.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/task.h"
#include "process/thread.h"
#include "report/family.h"

#define PRELOAD "LD_PRELOAD="
#define PAGE 4096ul
#define NO_PAGE UINTPTR_MAX

/* The library's path, as it was preloaded. */
static const char *library(void)
{
	static const char mark;
	struct dl_find_object found;

	if (_dl_find_object((void *)&mark, &found))
		return "";
	return found.dlfo_link_map->l_name;
}

/* After chroot the loader would only complain that the library is missing. A
 * sandbox would punish our first steps in the new program. */
static bool is_reachable(void)
{
	return !sandbox_is_closed() &&
	       !sys(SYS_access, library(), 4 /* R_OK */);
}

static bool is_word(const char *entry, const char *word)
{
	return !strncmp(entry, word, strlen(word));
}

void environment_leave(void)
{
	char **from, **to = environ;

	for (from = environ; from && *from; from++)
		if (!is_word(*from, "GORDIAN_OPTIONS=") &&
		    (!is_word(*from, PRELOAD) || !strstr(*from, library())))
			*to++ = *from;
	if (to)
		*to = NULL;
}

/* One system call for each page. The page that was asked for last is
 * remembered. */
static bool can_read(uintptr_t at, uintptr_t *known)
{
	if (at / PAGE == *known)
		return true;
	if (!probe_readable(at))
		return false;
	*known = at / PAGE;
	return true;
}

static bool is_text(const char *text, uintptr_t *known)
{
	for (; can_read((uintptr_t)text, known); text++)
		if (!*text)
			return true;
	return false;
}

bool environment_is_text(const char *text)
{
	uintptr_t known = NO_PAGE;

	return is_text(text, &known);
}

/* What the environment has of our words. */
struct look {
	size_t words, preload_size;
	bool complete;
};

static struct look look(char *const given[])
{
	struct look look = {.complete = true};
	bool preload = false, options = false;
	uintptr_t list = NO_PAGE, text = NO_PAGE;
	char *const *word = given;

	for (; word; word++) {
		if (!can_read((uintptr_t)word, &list) ||
		    !can_read((uintptr_t)word + 7, &list))
			return look;
		if (!*word)
			break;
		if (!is_text(*word, &text))
			return look;
		if (is_word(*word, PRELOAD)) {
			look.preload_size += strlen(*word);
			preload |= strstr(*word, library()) != NULL;
		}
		options |= !strcmp(*word, config.options);
		look.words++;
	}
	look.complete = !library_is_ready() || !config.follow ||
			(is_reachable() ? preload && options : !preload);
	return look;
}

/* Writes the given words and ours, in room for three more. `word` has room for
 * the preload's. */
static void fill(char **out, char *const given[], char *word, size_t room)
{
	struct text t = {word, room, 0};
	size_t to = 0;

	if (is_reachable()) {
		text_add(&t, PRELOAD);
		text_add(&t, library());
		out[to++] = word;
		out[to++] = config.options;
	}
	for (; given && *given; given++) {
		if (t.used && is_word(*given, PRELOAD) &&
		    strstr(*given, library())) {
			out[0] = *given;
		} else if (t.used && is_word(*given, PRELOAD) &&
			   (*given)[sizeof PRELOAD - 1]) {
			text_add(&t, ":");
			text_add(&t, *given + sizeof PRELOAD - 1);
		} else if (!is_word(*given, PRELOAD) &&
			   !is_word(*given, "GORDIAN_OPTIONS=")) {
			out[to++] = *given;
		}
	}
	out[to] = NULL;
}

static void keep(struct thread *self, size_t bytes)
{
	if (self->environment_size >= bytes)
		return;
	arena_unmap(self->environment, self->environment_size);
	self->environment = arena_map(bytes);
	self->environment_size = self->environment ? bytes : 0;
}

/* A handler that interrupts the use of the kept pages gets pages of its own. */
static void take_pages(struct environment *to, size_t bytes)
{
	struct thread *self = thread_self;

	bytes = (bytes + PAGE - 1) & -PAGE;
	if (!self || self->environment_used) {
		to->pages = arena_map(bytes);
		to->bytes = bytes;
		return;
	}
	keep(self, bytes);
	to->pages = self->environment;
	to->kept = true;
	self->environment_used = !pid_is_vfork_child();
}

struct environment environment_complete(char *const given[])
{
	struct environment made = {.words = given};
	struct look seen = look(given);
	size_t list = (seen.words + 3) * sizeof *given, text;

	if (seen.complete)
		return made;
	text = sizeof PRELOAD + strlen(library()) + seen.preload_size +
	       seen.words + 1;
	take_pages(&made, list + text);
	if (!made.pages)
		return made;
	fill(made.pages, given, (char *)made.pages + list, text);
	made.words = made.pages;
	return made;
}

void environment_drop(struct environment *environment)
{
	if (environment->kept)
		thread_self->environment_used = false;
	else
		arena_unmap(environment->pages, environment->bytes);
}

static void tell_unseen(void)
{
	static bool told;

	if (!told)
		family_unseen();
	told = true;
}

struct environment environment_lend(void)
{
	struct environment lent = {.words = environ};
	int saved = errno;

	if (!library_is_ready() || !config.follow || pid_is_vfork_child())
		return lent;
	if (!look(environ).complete && task_is_alone())
		lent = environment_complete(environ);
	if (lent.pages) {
		lent.given = environ;
		environ = (char **)lent.words;
	}
	if (!is_reachable() || !look(environ).complete)
		tell_unseen();
	errno = saved;
	return lent;
}

/* A handler of the program's may have set another environ meanwhile. */
void environment_take_back(struct environment *lent)
{
	int saved = errno;

	if (lent->pages && environ == (char **)lent->words)
		environ = lent->given;
	environment_drop(lent);
	errno = saved;
}
