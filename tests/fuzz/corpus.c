/*
 * The fuzzers without libFuzzer: [NAME FILE...]. Without arguments each is
 * given its corpus, all files of a folder. What an input does wrong, it does to
 * the whole program; its name is the last that was printed.
 */
#include <fts.h>
#include <stdlib.h>

#include "fuzz.h"

static void file_try(const struct fuzzer *fuzzer, const char *path)
{
	FILE *file = fopen(path, "re");
	uint8_t *bytes = NULL;
	size_t n = 0;
	long size;

	if (file && !fseek(file, 0, SEEK_END) && (size = ftell(file)) >= 0) {
		rewind(file);
		n = (size_t)size;
		bytes = malloc(n ? n : 1); /* no byte more: ASan sees it */
	}
	if (!bytes || fread(bytes, 1, n, file) != n) {
		perror(path);
		exit(99);
	}
	fclose(file);
	printf("%s\n", path);
	fflush(stdout);
	fuzzer_try(fuzzer, bytes, n);
	free(bytes);
}

/* Those of a folder, of which there must be some. */
static void folder_try(const struct fuzzer *fuzzer, const char *path)
{
	char *const paths[] = {(char *)path, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	unsigned tried = 0;
	FTSENT *entry;

	while (tree && (entry = fts_read(tree)))
		if (entry->fts_info == FTS_F) {
			file_try(fuzzer, entry->fts_path);
			tried++;
		}
	if (!tried) {
		fprintf(stderr, "no input in '%s'\n", path);
		exit(99);
	}
	fts_close(tree);
}

int main(int argc, char **argv)
{
	const char *top = getenv("abs_top_srcdir");
	const struct fuzzer *fuzzer;
	char path[4096];
	int i;

	for (i = 2; i < argc; i++)
		file_try(fuzzer_find(argv[1]), argv[i]);
	for (fuzzer = fuzzers; argc == 1 && fuzzer->name; fuzzer++) {
		snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s",
			 top ? top : "..", fuzzer->name);
		folder_try(fuzzer, path);
	}
	return 0;
}
