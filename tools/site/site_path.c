/*
 * See site_path.h. Each instruction is seen once, and of a function only so
 * many.
 */
#include <Zydis/Zydis.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "site/site_call.h"
#include "site/site_callee.h"
#include "site/site_frame.h"
#include "site/site_machine.h"
#include "site/site_memory.h"
#include "site/site_path.h"
#include "site/site_scene.h"
#include "site/site_step.h"
#include "site/site_walk.h"

#define STEPS_MAX 400
#define BRANCHES_MAX 24
#define BEFORE_MAX (1u << 16) /* bytes of code */
#define SEEN 1024	      /* a power of two, more than twice STEPS_MAX */
#define JOINTS_MAX 512
#define STRETCHES_MAX 8

struct branch {
	uint64_t address;
	struct machine machine;
};

struct path {
	struct walk *walk;
	ZydisDecoder decoder;
	size_t steps;
	size_t branches_n;
	struct branch branches[BRANCHES_MAX];
	uint64_t seen[SEEN]; /* addresses, hashed; 0: free */
};

/* True for the first time. */
static bool see(struct path *path, uint64_t address)
{
	size_t i = (size_t)(address * 0x9e3779b97f4a7c15u >> 54) % SEEN;

	for (; path->seen[i]; i = (i + 1) % SEEN)
		if (path->seen[i] == address)
			return false;
	path->seen[i] = address;
	return true;
}

static void branch_add(struct path *path, uint64_t address,
		       const struct machine *machine)
{
	if (path->branches_n == BRANCHES_MAX)
		return;
	path->branches[path->branches_n].address = address;
	path->branches[path->branches_n++].machine = *machine;
}

/* Whether code of the same function is there. */
static bool is_inside(struct walk *walk, uint64_t target)
{
	uint64_t start, end;

	if (walk->scene->key)
		return scene_stretch(walk->scene, target, &start, &end);
	/* Without debug information: a jump far away leaves. */
	return target - walk->address + 4096 < 8192;
}

/* False: the way ends here. */
static bool jump(struct path *path, struct machine *machine,
		 const struct step *step)
{
	struct walk *walk = path->walk;
	struct callee callee;
	uint64_t target;

	if (step_target(walk, step, &target) && is_inside(walk, target)) {
		walk->next = target;
		return true;
	}
	step_callee(walk, step, &callee);
	if (call_make(walk, machine, &callee))
		walk_return(walk, machine);
	return false;
}

static bool jump_maybe(struct path *path, struct machine *machine,
		       const struct step *step)
{
	int made = step_condition(machine, step->instruction.mnemonic);
	struct walk *walk = path->walk;
	uint64_t target;

	if (!step_target(walk, step, &target))
		return false;
	if (made < 0)
		branch_add(path, target, machine);
	else if (made)
		walk->next = target;
	return true;
}

static bool go(struct path *path, struct machine *machine,
	       const struct step *step)
{
	struct callee callee;

	switch (step->instruction.meta.category) {
	case ZYDIS_CATEGORY_CALL:
		step_callee(path->walk, step, &callee);
		return call_make(path->walk, machine, &callee);
	case ZYDIS_CATEGORY_RET:
		walk_return(path->walk, machine);
		return false;
	case ZYDIS_CATEGORY_UNCOND_BR:
		return jump(path, machine, step);
	case ZYDIS_CATEGORY_COND_BR:
		return jump_maybe(path, machine, step);
	case ZYDIS_CATEGORY_INTERRUPT: /* ud2 and hlt are of other kinds */
		return false;
	default:
		if (step->instruction.mnemonic == ZYDIS_MNEMONIC_UD2 ||
		    step->instruction.mnemonic == ZYDIS_MNEMONIC_HLT)
			return false;
		step_do(path->walk, machine, step);
		return true;
	}
}

static void branch_follow(struct path *path, struct branch *branch)
{
	struct walk *walk = path->walk;
	struct step step;

	walk->address = branch->address;
	while (path->steps++ < STEPS_MAX && see(path, walk->address) &&
	       step_decode(walk, &path->decoder, &step)) {
		variables_look(walk, &branch->machine);
		if (!go(path, &branch->machine, &step))
			break;
		walk->address = walk->next;
	}
}

void path_follow(struct walk *walk, const struct machine *machine)
{
	struct path *path = calloc(1, sizeof(*path));
	struct branch branch;

	if (!path)
		die(STATUS_FAILED, "out of memory");
	path->walk = walk;
	step_decoder(&path->decoder);
	branch_add(path, walk->next, machine);
	while (path->branches_n && path->steps < STEPS_MAX) {
		branch = path->branches[--path->branches_n];
		branch_follow(path, &branch);
	}
	free(path);
}

/* Where a straight way ends: a jump leads there, or, from 0, what stands before
 * goes on elsewhere. */
struct joint {
	uint64_t at, from;
};

struct joints {
	size_t n;
	struct joint list[JOINTS_MAX];
};

/* What lies between functions' parts belongs to none. */
static bool is_filling(const struct joints *joints, uint64_t address,
		       const struct step *step)
{
	const struct joint *last = &joints->list[joints->n - 1];

	return !last->from && last->at == address &&
	       step->instruction.mnemonic == ZYDIS_MNEMONIC_NOP;
}

static void joint_add(struct joints *joints, uint64_t at, uint64_t from)
{
	if (joints->n == JOINTS_MAX) /* the oldest of them go */
		memmove(joints->list, joints->list + JOINTS_MAX / 2,
			(joints->n = JOINTS_MAX / 2) * sizeof(struct joint));
	joints->list[joints->n++] = (struct joint){at, from};
}

/* Those between start and `to`. False: the code is not understood. */
static bool joints_list(struct walk *walk, const ZydisDecoder *decoder,
			uint64_t start, uint64_t to, struct joints *joints)
{
	struct step step;
	uint64_t target;

	joints->n = 0;
	joint_add(joints, start, to);
	for (walk->address = start; walk->address < to;
	     walk->address = walk->next) {
		if (!step_decode(walk, decoder, &step))
			return false;
		if (walk->next > to)
			break;
		switch (step.instruction.meta.category) {
		case ZYDIS_CATEGORY_COND_BR:
		case ZYDIS_CATEGORY_UNCOND_BR:
			if (step_target(walk, &step, &target) &&
			    target > walk->address && target <= to)
				joint_add(joints, target, walk->address);
			if (step.instruction.meta.category ==
			    ZYDIS_CATEGORY_COND_BR)
				break;
			/* fall through */
		case ZYDIS_CATEGORY_RET:
			joint_add(joints, walk->next, 0);
			break;
		default:
			if (is_filling(joints, walk->address, &step))
				joints->list[joints->n - 1].at = walk->next;
		}
	}
	return true;
}

/* A straight way. */
struct stretch {
	uint64_t start, to;
};

/* The last one before `to`. Returns the only jump that leads to it, or 0. */
static uint64_t stretch_find(const struct joints *joints, uint64_t to,
			     struct stretch *stretch)
{
	uint64_t from = 0;
	size_t jumps = 0, i;
	bool is_apart = false;

	stretch->start = 0;
	stretch->to = to;
	for (i = 0; i < joints->n; i++)
		if (joints->list[i].at <= to &&
		    joints->list[i].at > stretch->start)
			stretch->start = joints->list[i].at;
	for (i = 0; i < joints->n; i++) {
		if (joints->list[i].at != stretch->start)
			continue;
		is_apart |= !joints->list[i].from;
		jumps += joints->list[i].from != 0;
		if (joints->list[i].from)
			from = joints->list[i].from;
	}
	return is_apart && jumps == 1 && from < stretch->start ? from : 0;
}

static bool straight_step(struct walk *walk, struct machine *machine,
			  const struct step *step)
{
	struct callee callee;

	switch (step->instruction.meta.category) {
	case ZYDIS_CATEGORY_CALL:
		step_callee(walk, step, &callee);
		return call_make(walk, machine, &callee);
	case ZYDIS_CATEGORY_COND_BR:
		return true;
	case ZYDIS_CATEGORY_RET:
	case ZYDIS_CATEGORY_UNCOND_BR:
		return false;
	default:
		step_do(walk, machine, step);
		return true;
	}
}

static bool stretch_follow(struct walk *walk, const ZydisDecoder *decoder,
			   const struct stretch *stretch,
			   struct machine *machine)
{
	struct step step;

	walk->address = stretch->start;
	while (step_decode(walk, decoder, &step)) {
		if (walk->next > stretch->to)
			return true;
		if (!straight_step(walk, machine, &step))
			return false;
		walk->address = walk->next;
	}
	return false;
}

bool path_before(struct walk *walk, uint64_t to, struct machine *machine)
{
	struct stretch stretches[STRETCHES_MAX];
	struct joints joints;
	ZydisDecoder decoder;
	uint64_t start, end;
	size_t n = 0;

	step_decoder(&decoder);
	machine_clear(machine);
	if (!scene_stretch(walk->scene, to, &start, &end) ||
	    to - start > BEFORE_MAX ||
	    !joints_list(walk, &decoder, start, to, &joints))
		return false;
	do {
		to = stretch_find(&joints, to, &stretches[n++]);
	} while (to && n < STRETCHES_MAX);
	frame_find(walk->symbols, stretches[n - 1].start, machine);
	while (n)
		if (!stretch_follow(walk, &decoder, &stretches[--n], machine))
			return false;
	return true;
}
