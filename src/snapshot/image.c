/* See image.h. The file has a name that only we and the command know. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include "base/arena.h"
#include "base/config.h"
#include "base/sys.h"
#include "base/text.h"
#include "report/claim.h"
#include "report/file.h"
#include "scan/blocks_build.h"
#include "scan/root.h"
#include "snapshot/frozen.h"
#include "snapshot/image.h"
#include "snapshot/image_blocks.h"
#include "snapshot/image_roots.h"
#include "snapshot/image_stacks.h"
#include "snapshot/names_seen.h"
#include "snapshot/shared.h"
#include "snapshot/stream.h"

#define MAGIC "gordian-heap/1\n"
#define END 0x656e64 /* the last number: the file is whole */

#define OTHER_PLACE "/tmp/gordian"

/* A name for the file: "x.jsonl.heap-1a2b". */
static void name_make(const char *place, uintptr_t about, char *path,
		      size_t room)
{
	struct text t = {path, room, 0};

	text_add(&t, place);
	text_add(&t, ".heap-");
	text_hex(&t, about);
}

static long open_at(const char *place, uintptr_t about, char *path, size_t room)
{
	name_make(place, about, path, room);
	return sys(SYS_open, path,
		   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* Beside the report; where the program may make no file there, since it gave up
 * its rights, in /tmp. */
static long open_new(uintptr_t about, char *path, size_t room)
{
	char other[64];
	long fd = open_at(file_path(), about, path, room), second;

	if (fd >= 0)
		return fd;
	second = open_at(OTHER_PLACE, about, other, sizeof other);
	if (second < 0)
		return fd;
	memcpy(path, other, sizeof other);
	return second;
}

static int answer(uintptr_t about, const char *path, int err)
{
	char line[2 * CONFIG_PATH + 400], what[CONFIG_PATH + 200];
	struct text t = {line, sizeof line, 0}, w = {what, sizeof what, 0};

	text_add(&t, "{\"t\":\"heap\",\"about\":\"0x");
	text_hex(&t, about);
	text_add(&t, "\"");
	if (err) {
		text_add(&w, "cannot write '");
		text_add(&w, path);
		text_add(&w, "': ");
		if (claim_error(err))
			text_add(&w, claim_error(err));
		else
			text_number(&w, -err);
	}
	text_add(&t, err ? ",\"error\":" : ",\"file\":");
	text_json(&t, err ? what : path);
	text_add(&t, "}\n");
	return file_line(line, t.used);
}

static int write_all(struct stream *s, const struct snapshot *snapshot,
		     const struct roots *roots)
{
	int err = names_begin();

	if (err)
		return err;
	memcpy(s->room, MAGIC, sizeof MAGIC - 1);
	s->used = sizeof MAGIC - 1;
	stream_number(s, blocks.n);
	err = image_blocks(s);
	if (!err)
		err = image_stacks(s);
	if (!err)
		image_roots(s, roots, &snapshot->self);
	image_modules(s);
	stream_number(s, END);
	stream_flush(s);
	return err ? err : s->err;
}

int image_write(const struct snapshot *snapshot, const struct roots *roots)
{
	char path[CONFIG_PATH + 32];
	struct stream stream = {0};
	long fd;
	int err;

	shared_memory()->image = snapshot->about;
	fd = open_new(snapshot->about, path, sizeof path);
	if (fd < 0) {
		shared_memory()->image = 0;
		return answer(snapshot->about, path, (int)fd);
	}
	stream.fd = (int)fd;
	stream.room = arena_map(STREAM_ROOM);
	err = stream.room ? write_all(&stream, snapshot, roots) : -ENOMEM;
	sys(SYS_close, fd);
	if (err)
		sys(SYS_unlink, path);
	shared_memory()->image = 0;
	return answer(snapshot->about, path, err);
}

void image_forget(void)
{
	struct shared *shared = shared_memory();
	char path[CONFIG_PATH + 32];

	name_make(file_path(), shared->image, path, sizeof path);
	sys(SYS_unlink, path);
	name_make(OTHER_PLACE, shared->image, path, sizeof path);
	sys(SYS_unlink, path);
	shared->image = 0;
}
