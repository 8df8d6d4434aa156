/* Damaged debug information: whatever it says, reading types ends, and reads
 * nothing that is not there (which the sanitizers see). */
#include "types-make.h"
#include <fcntl.h>
#include <gelf.h>
#include <sys/stat.h>
#include "debug/store.h"

#define TIMES 150

struct stretch {
	size_t start, size;
};

static char *file_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	char *bytes;

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	*size = (size_t)ftell(file);
	rewind(file);
	bytes = malloc(*size);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *size, file), *size);
	fclose(file);
	return bytes;
}

static void file_write(const char *path, const char *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

/* Where .debug_info and .debug_abbrev are. */
static void stretches_find(char *bytes, size_t size, struct stretch found[2])
{
	Elf *elf = elf_memory(bytes, size);
	Elf_Scn *section = NULL;
	size_t names, n = 0;
	GElf_Shdr header;

	assert_non_null(elf);
	assert_int_equal(elf_getshdrstrndx(elf, &names), 0);
	while (n < 2 && (section = elf_nextscn(elf, section))) {
		const char *name;

		gelf_getshdr(section, &header);
		name = elf_strptr(elf, names, header.sh_name);
		if (strcmp(name, ".debug_info") &&
		    strcmp(name, ".debug_abbrev"))
			continue;
		found[n].start = header.sh_offset;
		found[n++].size = header.sh_size;
	}
	assert_int_equal(n, 2);
	elf_end(elf);
}

static void type_use(struct looking *looking, const struct type *type)
{
	struct leaf leaves[LEAVES_MAX];
	uint64_t offset;

	if (!type)
		return;
	for (offset = 0; offset < 600; offset += 8)
		leaves_find(looking->report, type, offset, leaves);
	type_target(type);
	type_argument(type, 0);
}

static void types_use(const char *name)
{
	struct looking looking;
	struct named *named;

	looking_begin(&looking, name);
	type_use(&looking,
		 type_by_name(looking.report, looking.symbols, "tree", 0));
	named = store_of(looking.symbols)->names;
	for (; named; named = named->hh.next)
		type_use(&looking, type_of_die(looking.report, looking.symbols,
					       &named->entry));
	looking_end(&looking);
}

static void damaged(void **state)
{
	struct stretch stretches[2];
	char path[128], *good, *bad;
	size_t size, i, k;

	(void)state;
	assert_true(run("gcc -g $S/tree.c -o tree"));
	snprintf(path, sizeof(path), "%s/tree", folder);
	good = file_read(path, &size);
	stretches_find(good, size, stretches);
	bad = malloc(size);
	assert_non_null(bad);
	snprintf(path, sizeof(path), "%s/bad", folder);
	srand(1);
	for (i = 0; i < TIMES; i++) {
		memcpy(bad, good, size);
		for (k = 0; k < 1 + i % 16; k++) {
			struct stretch *in = &stretches[rand() % 2];

			bad[in->start + (size_t)rand() % in->size] =
				(char)rand();
		}
		file_write(path, bad, size);
		types_use("bad");
	}
	free(good);
	free(bad);
}

/* A class that is four bases of its own. */
static void own_base(void **state)
{
	struct type_field fields[5] = {0};
	struct leaf leaves[LEAVES_MAX];
	struct looking looking;
	struct type *type;
	size_t i;

	(void)state;
	looking_begin(&looking, "tree");
	type = &type_new(looking.report, looking.symbols)->type;
	type->kind = TYPE_RECORD;
	type->name = type->full = "own";
	type->language = LANGUAGE_CXX;
	type->size = 64;
	type->fields = fields;
	type->fields_n = 5;
	for (i = 0; i < 5; i++)
		fields[i].type = type;
	fields[4].name = "field";
	assert_true(leaves_find(looking.report, type, 0, leaves) <= LEAVES_MAX);
	looking_end(&looking);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged),
		cmocka_unit_test(own_base),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
