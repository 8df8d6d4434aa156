/* libfsxfs #4: inode is lost where the entry is not found */
#include <stdlib.h>
#include <string.h>
typedef struct inode {
	unsigned short mode;
	unsigned long size;
	void *data_extents;
	unsigned char *xattr;
} libfsxfs_inode_t;
typedef struct volume {
	int io;
	char *name;
} libfsxfs_volume_t;
typedef struct fe {
	libfsxfs_inode_t *inode;
	char *name;
} libfsxfs_file_entry_t;
static int libfsxfs_inode_initialize(libfsxfs_inode_t **inode)
{
	*inode = calloc(1, sizeof **inode);
	return *inode ? 1 : -1;
}
static int libfsxfs_inode_read(libfsxfs_inode_t *inode)
{
	inode->data_extents = malloc(64);
	memset(inode->data_extents, 1, 64);
	return 1;
}
static int get_directory_entry(libfsxfs_volume_t *v, const char *path,
			       libfsxfs_inode_t **inode)
{
	(void)v;
	if (libfsxfs_inode_initialize(inode) != 1 ||
	    libfsxfs_inode_read(*inode) != 1)
		return -1;
	return !strcmp(path, "/test/a.txt");
}
int libfsxfs_volume_get_file_entry_by_utf8_path(libfsxfs_volume_t *v,
						const char *path,
						libfsxfs_file_entry_t **entry)
{
	libfsxfs_inode_t *inode = NULL;
	int r = get_directory_entry(v, path, &inode);
	if (r != 1)
		return r;
	*entry = calloc(1, sizeof **entry);
	(*entry)->inode = inode;
	return 1;
}
int main(void)
{
	libfsxfs_volume_t v = {3, "x"};
	libfsxfs_file_entry_t *e = NULL;
	for (int i = 0; i < 6; i++)
		libfsxfs_volume_get_file_entry_by_utf8_path(&v, "/test/c.txt",
							    &e);
	return e != NULL;
}
