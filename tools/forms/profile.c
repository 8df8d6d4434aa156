/*
 * See profile.h. Strings, functions, locations and mappings are written once;
 * the sets by which they are found again are keyed by what they are made of.
 */
#include <obstack.h>
#include <profile.pb-c.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <zlib.h>

#include "common/die.h"
#include "common/room.h"
#include "forms/profile.h"
#include "model/entries.h"
#include "model/model.h"

/* A list of pointers to messages, which grows. */
struct messages {
	void **list;
	size_t n, room;
};

struct text_key {
	char *text;
	int64_t index;
	UT_hash_handle hh;
};

struct pair {
	uintptr_t first;
	uint64_t second;
};

/* A function by name and file, a location by module and address, a mapping by
 * module. */
struct entry {
	struct pair key;
	uint64_t id;
	UT_hash_handle hh;
};

struct profile {
	struct obstack memory;
	struct messages samples, mappings, locations, functions, types, texts;
	struct text_key *text_set;
	struct entry *mapping_set, *location_set, *function_set;
	int64_t shown;
};

static void *checked(void *memory)
{
	if (!memory)
		die(STATUS_FAILED, "out of memory");
	return memory;
}

static void message_add(struct messages *messages, void *message)
{
	messages->list = room_for(messages->list, messages->n, &messages->room,
				  sizeof(*messages->list));
	messages->list[messages->n++] = message;
}

#define MESSAGE(profile, type, init)                                          \
	({                                                                    \
		type *made = obstack_alloc(&(profile)->memory, sizeof(type)); \
		init(made);                                                   \
		made;                                                         \
	})

static int64_t text_index(struct profile *profile, const char *text)
{
	struct text_key *key;

	HASH_FIND_STR(profile->text_set, text, key);
	if (key)
		return key->index;
	key = obstack_alloc(&profile->memory, sizeof(*key));
	key->text = obstack_copy0(&profile->memory, text, strlen(text));
	key->index = (int64_t)profile->texts.n;
	HASH_ADD_KEYPTR(hh, profile->text_set, key->text, strlen(key->text),
			key);
	message_add(&profile->texts, key->text);
	return key->index;
}

/* The id of the entry with that key; 0: there is none yet. */
static uint64_t entry_find(struct entry *set, const struct pair *key)
{
	struct entry *entry;

	HASH_FIND(hh, set, key, sizeof(*key), entry);
	return entry ? entry->id : 0;
}

static void entry_add(struct profile *profile, struct entry **set,
		      const struct pair *key, uint64_t id)
{
	struct entry *entry = obstack_alloc(&profile->memory, sizeof(*entry));

	memset(entry, 0, sizeof(*entry));
	entry->key = *key;
	entry->id = id;
	HASH_ADD(hh, *set, key, sizeof(entry->key), entry);
}

static uint64_t function_id(struct profile *profile, const char *name,
			    const char *file)
{
	struct pair key = {(uintptr_t)text_index(profile, name),
			   (uint64_t)text_index(profile, file)};
	uint64_t id = entry_find(profile->function_set, &key);
	GordianPprof__Function *made;

	if (id)
		return id;
	made = MESSAGE(profile, GordianPprof__Function,
		       gordian_pprof__function__init);
	message_add(&profile->functions, made);
	made->id = profile->functions.n;
	made->name = made->system_name = (int64_t)key.first;
	made->filename = (int64_t)key.second;
	entry_add(profile, &profile->function_set, &key, made->id);
	return made->id;
}

static uint64_t mapping_id(struct profile *profile, const struct module *module)
{
	struct pair key = {(uintptr_t)module, 0};
	uint64_t id = module ? entry_find(profile->mapping_set, &key) : 0;
	GordianPprof__Mapping *made;

	if (id || !module)
		return id;
	made = MESSAGE(profile, GordianPprof__Mapping,
		       gordian_pprof__mapping__init);
	message_add(&profile->mappings, made);
	made->id = profile->mappings.n;
	made->filename = text_index(profile, module->path);
	made->build_id = text_index(profile, module->build_id);
	made->has_functions = made->has_filenames = true;
	made->has_line_numbers = made->has_inline_frames = true;
	entry_add(profile, &profile->mapping_set, &key, made->id);
	return made->id;
}

static GordianPprof__Line *line_make(struct profile *profile,
				     const struct frame *frame,
				     const struct symbol *symbol)
{
	GordianPprof__Line *line =
		MESSAGE(profile, GordianPprof__Line, gordian_pprof__line__init);
	char unnamed[512];

	snprintf(unnamed, sizeof(unnamed), "%s+0x%llx",
		 module_name(frame->module),
		 (unsigned long long)frame->address);
	line->function_id = function_id(
		profile, symbol->function ? symbol->function : unnamed,
		symbol->file ? symbol->file : "");
	line->line = symbol->line;
	line->column = symbol->column;
	return line;
}

static uint64_t location_id(struct profile *profile, const struct frame *frame)
{
	struct pair key = {(uintptr_t)frame->module, frame->address};
	uint64_t id = entry_find(profile->location_set, &key);
	const struct place *place = frame->place;
	GordianPprof__Location *made;
	size_t i;

	if (id)
		return id;
	made = MESSAGE(profile, GordianPprof__Location,
		       gordian_pprof__location__init);
	message_add(&profile->locations, made);
	made->id = profile->locations.n;
	made->mapping_id = mapping_id(profile, frame->module);
	made->address = frame->address;
	made->n_line = place->n;
	made->line =
		obstack_alloc(&profile->memory, place->n * sizeof(*made->line));
	for (i = 0; i < place->n; i++)
		made->line[i] = line_make(profile, frame, &place->symbols[i]);
	entry_add(profile, &profile->location_set, &key, made->id);
	return made->id;
}

static void type_add(struct profile *profile, const struct value_name *name)
{
	GordianPprof__ValueType *made =
		MESSAGE(profile, GordianPprof__ValueType,
			gordian_pprof__value_type__init);

	made->type = text_index(profile, name->type);
	made->unit = text_index(profile, name->unit);
	message_add(&profile->types, made);
}

struct profile *profile_new(const struct value_name names[PROFILE_VALUES],
			    size_t shown)
{
	struct profile *profile = checked(calloc(1, sizeof(*profile)));
	size_t i;

	obstack_init(&profile->memory);
	text_index(profile, ""); /* has to be the first */
	for (i = 0; i < PROFILE_VALUES; i++)
		type_add(profile, &names[i]);
	profile->shown = text_index(profile, names[shown].type);
	return profile;
}

void profile_sample(struct profile *profile, const struct stack *stack,
		    const int64_t values[PROFILE_VALUES])
{
	GordianPprof__Sample *made = MESSAGE(profile, GordianPprof__Sample,
					     gordian_pprof__sample__init);
	size_t i;

	made->n_value = PROFILE_VALUES;
	made->value = obstack_copy(&profile->memory, values,
				   PROFILE_VALUES * sizeof(*values));
	made->n_location_id = stack->n;
	made->location_id = obstack_alloc(
		&profile->memory, (stack->n + 1) * sizeof(*made->location_id));
	for (i = 0; i < stack->n; i++)
		made->location_id[i] = location_id(profile, &stack->frames[i]);
	message_add(&profile->samples, made);
}

#define LABELS_MOST 8

void profile_label(struct profile *profile, const char *key, const char *text)
{
	GordianPprof__Sample *sample =
		profile->samples.list[profile->samples.n - 1];
	GordianPprof__Label *made = MESSAGE(profile, GordianPprof__Label,
					    gordian_pprof__label__init);

	if (!sample->label)
		sample->label = obstack_alloc(
			&profile->memory, LABELS_MOST * sizeof(*sample->label));
	if (sample->n_label == LABELS_MOST)
		return;
	made->key = text_index(profile, key);
	made->str = text_index(profile, text);
	sample->label[sample->n_label++] = made;
}

/* What zlib makes of all bytes, into out. */
static bool compressed_write(unsigned char *bytes, size_t n, FILE *out)
{
	unsigned char room[65536];
	z_stream zip = {.next_in = bytes};
	int state;

	if (deflateInit2(&zip, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	do {
		if (!zip.avail_in) {
			zip.avail_in = n < UINT_MAX ? (uInt)n : UINT_MAX;
			n -= zip.avail_in;
		}
		zip.next_out = room;
		zip.avail_out = sizeof(room);
		state = deflate(&zip, n ? Z_NO_FLUSH : Z_FINISH);
		fwrite(room, 1, sizeof(room) - zip.avail_out, out);
	} while (state == Z_OK || (state == Z_BUF_ERROR && n));
	deflateEnd(&zip);
	return state == Z_STREAM_END;
}

bool profile_write(struct profile *profile, FILE *out)
{
	GordianPprof__Profile whole = GORDIAN_PPROF__PROFILE__INIT;
	unsigned char *bytes;
	size_t n;
	bool done;

	whole.n_sample_type = profile->types.n;
	whole.sample_type = (GordianPprof__ValueType **)profile->types.list;
	whole.n_sample = profile->samples.n;
	whole.sample = (GordianPprof__Sample **)profile->samples.list;
	whole.n_mapping = profile->mappings.n;
	whole.mapping = (GordianPprof__Mapping **)profile->mappings.list;
	whole.n_location = profile->locations.n;
	whole.location = (GordianPprof__Location **)profile->locations.list;
	whole.n_function = profile->functions.n;
	whole.function = (GordianPprof__Function **)profile->functions.list;
	whole.n_string_table = profile->texts.n;
	whole.string_table = (char **)profile->texts.list;
	whole.default_sample_type = profile->shown;
	n = gordian_pprof__profile__get_packed_size(&whole);
	bytes = checked(malloc(n + 1));
	gordian_pprof__profile__pack(&whole, bytes);
	done = compressed_write(bytes, n, out);
	free(bytes);
	return done;
}

void profile_free(struct profile *profile)
{
	HASH_CLEAR(hh, profile->text_set);
	HASH_CLEAR(hh, profile->mapping_set);
	HASH_CLEAR(hh, profile->location_set);
	HASH_CLEAR(hh, profile->function_set);
	free(profile->samples.list);
	free(profile->mappings.list);
	free(profile->locations.list);
	free(profile->functions.list);
	free(profile->types.list);
	free(profile->texts.list);
	obstack_free(&profile->memory, NULL);
	free(profile);
}
