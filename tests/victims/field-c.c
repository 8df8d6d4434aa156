/* Fields in fields, arrays and unions, and a table that grew. */
#include "victim.h"

struct desk {
	long papers;
	struct {
		int n;
		struct cell *cells[3];
	} tray;
	union {
		struct cell *left;
		long number;
	} u;
	struct cell **table;
};

struct cell {
	int kind;
	struct desk *desk;
};

static NOINLINE struct cell *cell_make(struct desk *desk)
{
	struct cell *cell = calloc(1, sizeof(*cell));

	cell->desk = desk;
	return cell;
}

static NOINLINE void make(void)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	desk->tray.cells[2] = cell_make(desk);
	desk->u.left = cell_make(desk);
	desk->table = calloc(4, sizeof(*desk->table));
	desk->table[1] = desk->u.left;
}

int main(void)
{
	say("expect cycle count=1 members=4 parts=1 root=* type=desk,cell "
	    "edges=desk.tray.cells[2]>cell,desk.u.left>cell,"
	    "desk.table[1]>cell,cell.desk>desk*2");
	away(make);
	return 0;
}
