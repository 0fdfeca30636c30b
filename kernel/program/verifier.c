/*
 * Following all paths of a program.
 *
 * Paths are followed depth first.  At a branch whose outcome is not known
 * the way straight on is followed and the other is left for later, on a
 * stack of branches.
 *
 * Where paths meet, the state is kept as a checkpoint.  It is open as long
 * as paths that come from it are to be followed:
 *
 *        checkpoint A, 1 branch left before it
 *            |
 *       branch 2 --- left for later
 *            |
 *        checkpoint B, 2 branches left before it
 *            |
 *        end of the path: 2 branches left, so B is closed, A is not
 *
 * Open checkpoints are always those that the current path came through, so
 * one of them that is the same as the current state is a loop without end.
 * A closed one has been found safe in all its continuations, and so is any
 * state within it: that path need not be followed further.  (An open one
 * proves nothing: it may be on the way to a loop that does not end.)
 *
 * A run keeps interrupts away, so its work is limited: that of the longest
 * path.  Each path counts its own, and each checkpoint keeps the most that
 * was still to be done from there on; a path that ends at a closed one has
 * that before it, and is followed further if that could be too much.
 *
 * Loops that ask again() have no longest path.  Whatever a run does, it gets a
 * 1 only while there is work left for what comes up to the next one, so it
 * cannot go on for ever, and that each round is safe is just what is being
 * found out.  So a path that comes back to an open checkpoint C at such a call
 * need not go another round, but only the way out, as if it got a 0.  Then a
 * checkpoint D that it came through since C is not yet what it will be once
 * closed:
 *
 *        C --- D --- 1 --- C             no further round
 *        |
 *        +---- D                         this may not end: no round was gone
 *                                        from C to D to C
 *
 * D notes that it relies on C, and until C is closed it ends only paths that
 * went a round since C themselves.
 *
 * A 1 begins the work anew.  What there can be at most until the next 1 or the
 * end is what it takes from the work that the run has left (struct place).
 *
 * What a loop counts would differ in each round.  Where again() is called,
 * a number that is not what it was there in an earlier round is forgotten.
 */

#include "kernel/program/verifier_i.h"

#include <stdarg.h>

#include "kernel/program/environment.h"
#include "protocol/error.h"

/* Comparing so many states is as much work as following an instruction. */
#define COMPARISONS_A_STEP 8

enum step { STEP_ON, STEP_PATH_ENDS, STEP_REFUSED };

int
refuse(struct verifier *v, const char *format, ...)
{
    va_list arguments;

    instruction_error_begin(v->log, v->at);
    va_start(arguments, format);
    log_put_list(v->log, format, arguments);
    va_end(arguments);
    instruction_error_end(v->log, v->source, v->at);
    return 0;
}

int
leave_branch(struct verifier *v)
{
    size_t size = sizeof(struct branch) + state_packed_size(&v->state);
    struct branch *branch = pool_push(&v->branch_pool, size);
    if (branch == NULL)
        return refuse(v, "the program is too complex: no memory is left to "
                         "remember its paths");
    branch->older = v->branches;
    branch->size = size;
    branch->state = (struct packed *)(branch + 1);
    state_pack(&v->state, branch->state);
    v->branches = branch;
    v->branches_left++;
    v->event++;
    return 1;
}

/* From the newest open checkpoint on, a run can take so much; if that is of
 * the same round. */
static void
note_work(struct verifier *v, uint32_t rounds, uint32_t work)
{
    if (v->open != NULL && v->open->rounds == rounds &&
        v->open->longest < work - v->open->work)
        v->open->longest = work - v->open->work;
}

void
end_work(struct verifier *v, uint32_t more)
{
    uint32_t *cost = v->state.site < v->source->count
                         ? &v->places[v->state.site].cost
                         : &v->first_cost;

    if (*cost < v->state.work + more)
        *cost = v->state.work + more;
    note_work(v, v->state.rounds, v->state.work + more);
}

/* A path has ended: go on with the newest branch, 0 if there is none. */
static int
next_path(struct verifier *v)
{
    while (v->open != NULL && v->open->branches_left >= v->branches_left) {
        const struct checkpoint *closed = v->open;

        v->open->open = 0;
        v->open = v->open->next_open;
        note_work(v, closed->rounds, closed->work + closed->longest);
    }
    struct branch *branch = v->branches;
    if (branch == NULL)
        return 0;
    state_unpack(branch->state, &v->state);
    v->branches = branch->older;
    v->branches_left--;
    v->event++;
    pool_pop(&v->branch_pool, branch->size);
    v->at = v->state.insn;
    take_branch(v);
    return 1;
}

/*
 * Every round of a loop is kept if some way out of it was left for later,
 * because those ways will meet the rounds again.  Otherwise rounds 1, 2, 4,
 * 8 … are: enough to see that a loop has come back to where it was.
 */
static int
is_worth_keeping(const struct verifier *v, struct place *place)
{
    if (place->event != v->event) {
        place->event = v->event;
        place->visits = 0;
        return 1;
    }
    place->visits++;
    return (place->visits & (place->visits - 1)) == 0;
}

/* Without memory for it the path just goes on. */
static void
keep_checkpoint(struct verifier *v, struct place *place)
{
    struct checkpoint *made = pool_push(
        &v->checkpoint_pool, sizeof(*made) + state_packed_size(&v->state));
    if (made == NULL)
        return;
    made->state = (struct packed *)(made + 1);
    state_pack(&v->state, made->state);
    made->open = 1;
    made->branches_left = v->branches_left;
    made->work = v->state.work;
    made->longest = 0;
    made->rounds = v->state.rounds;
    made->number = v->checkpoints++;
    made->other = NULL;
    made->other_rounds = 0;
    made->next = place->checkpoints;
    place->checkpoints = made;
    made->next_open = v->open;
    v->open = made;
}

/* The oldest checkpoint that is open and that C relies on, or NULL. */
static struct checkpoint *
relied_on(const struct checkpoint *c)
{
    struct checkpoint *other = c->other;

    while (other != NULL && !other->open)
        other = other->other;
    return other;
}

/* The path ends at OTHER, which is open, or at one that relies on it: all that
 * it came through since rely on it as well. */
static void
rely(struct verifier *v, struct checkpoint *other, uint32_t rounds)
{
    for (struct checkpoint *c = v->open; c != other; c = c->next_open) {
        if (c->other == NULL || c->other->number > other->number)
            c->other = other;
        if (c->other_rounds < rounds)
            c->other_rounds = rounds;
    }
}

/* Whether nothing new can come after C, with a state within C's. */
static int
is_known(struct verifier *v, const struct place *place, struct checkpoint *c)
{
    struct checkpoint *other = c->open ? c : relied_on(c);
    uint32_t rounds = c->open ? c->rounds : c->other_rounds;

    if (other != NULL && v->state.rounds <= rounds)
        return 0;
    if (c->open ? !place->again
                : v->state.work + c->longest > PROBE_PROGRAM_WORK_MAX)
        return 0;
    if (!state_within(&v->state, c->state))
        return 0;
    if (other != NULL)
        rely(v, other, rounds);
    return 1;
}

/* Forget what the rounds of a loop since its last one here differ in. */
static void
widen_loop(struct verifier *v, const struct place *place)
{
    for (struct checkpoint *c = place->checkpoints; c != NULL; c = c->next)
        if (c->open && c->rounds < v->state.rounds) {
            state_widen(&v->state, c->state);
            return;
        }
}

static enum step
meet_paths(struct verifier *v)
{
    struct place *place = &v->places[v->at];
    unsigned comparisons = 0;

    state_forget(v);
    if (place->again)
        widen_loop(v, place);
    for (struct checkpoint *c = place->checkpoints; c != NULL; c = c->next) {
        if (++comparisons % COMPARISONS_A_STEP == 0)
            v->steps++;
        if (is_known(v, place, c)) {
            v->no_round = c->open;
            if (c->open)
                return STEP_ON;
            end_work(v, c->longest);
            return STEP_PATH_ENDS;
        }
        if (c->open && c->rounds == v->state.rounds &&
            state_same(&v->state, c->state)) {
            refuse(v, "a loop through here has no end: nothing changes from "
                      "one round to the next");
            return STEP_REFUSED;
        }
    }
    if (is_worth_keeping(v, place))
        keep_checkpoint(v, place);
    return STEP_ON;
}

/* Follow the current instruction. */
static enum step
step(struct verifier *v)
{
    const struct ebpf_insn *insn = current_insn(v);
    int finished = 0;
    int accepted;

    v->state.insn = v->at + instruction_slots(insn);
    v->state.work++;
    switch (EBPF_CLASS(insn->opcode)) {
    case EBPF_ALU:
    case EBPF_ALU64:
        accepted = verify_alu(v);
        break;
    case EBPF_JMP:
    case EBPF_JMP32:
        if (instruction_is_exit(insn))
            accepted = verify_exit(v, &finished);
        else if (instruction_is_jump(insn))
            accepted = verify_jump(v);
        else
            accepted = verify_call(v);
        break;
    case EBPF_LD:
        accepted = verify_load_imm(v);
        break;
    default:
        accepted = verify_memory(v);
    }
    if (!accepted)
        return STEP_REFUSED;
    if (v->state.work > PROBE_PROGRAM_WORK_MAX) {
        refuse(v,
               "a run can take longer than the limit of %u steps (an "
               "instruction is one, a call of a helper takes several)",
               PROBE_PROGRAM_WORK_MAX);
        return STEP_REFUSED;
    }
    if (!finished)
        return STEP_ON;
    end_work(v, 0);
    return STEP_PATH_ENDS;
}

static int
follow_paths(struct verifier *v)
{
    for (;;) {
        v->at = v->state.insn;
        if (v->steps++ >= PROBE_VERIFIER_STEPS_MAX)
            return refuse(v,
                          "the program is too complex: after %u "
                          "instructions there are still paths to follow; "
                          "this one is here",
                          PROBE_VERIFIER_STEPS_MAX);
        enum step result = STEP_ON;
        if (v->places[v->at].meeting)
            result = meet_paths(v);
        if (result == STEP_ON)
            result = step(v);
        if (result == STEP_REFUSED)
            return 0;
        if (result == STEP_PATH_ENDS && !next_path(v))
            return 1;
    }
}

/* r1 is the context, or r1 and r2 a piece of memory; r10 the stack. */
static void
start(struct verifier *v)
{
    struct frame *frame = &v->state.frames[0];
    const struct verifier_entry *entry = v->entry;

    v->state.frame_count = 1;
    v->state.site = v->source->count;
    frame->registers[10] =
        (struct known){.kind = KIND_STACK, .range = range_constant(0)};
    frame->registers[1] = known_number(range_constant(0));
    if (entry->size > 0)
        frame->registers[1] =
            (struct known){.kind = KIND_CONTEXT, .range = range_constant(0)};
    if (entry->writable)
        frame->registers[2] = known_number(range_constant(entry->size));
}

static void
tell_costs(const struct verifier *v)
{
    for (uint32_t i = 0; i < v->source->count; i++)
        v->entry->costs[i] = v->places[i].cost;
    v->entry->costs[v->source->count] = v->first_cost;
}

int
program_verify(const struct program_source *source,
               const struct verifier_entry *entry, struct log *log)
{
    int error = PROBE_ERROR_MEMORY;
    size_t places_size = (source->count + 1) * sizeof(struct place);
    struct verifier *v = environment_allocate(sizeof(*v));
    struct place *places = environment_allocate(places_size);

    if (v != NULL && places != NULL) {
        v->source = source;
        v->entry = entry;
        v->log = log;
        v->places = places;
        flow_analyze(v);
        start(v);
        error = follow_paths(v) ? 0 : PROBE_ERROR_PROGRAM;
        if (entry->reach != NULL)
            *entry->reach = v->reach;
        if (entry->costs != NULL)
            tell_costs(v);
        pool_free(&v->branch_pool);
        pool_free(&v->checkpoint_pool);
    }
    if (places != NULL)
        environment_free(places, places_size);
    if (v != NULL)
        environment_free(v, sizeof(*v));
    return error;
}
