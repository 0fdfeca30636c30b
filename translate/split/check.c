/*
 * Where the process may have done less than the program, the variables that
 * were assigned to there are in doubt: until they are assigned to again, the
 * program must not read them.  They are looked after along what is followed,
 * through loops twice, as what one round leaves in doubt the next may read.
 */

#include "translate/split/follow.h"

#include <string.h>

/* For each variable why it is in doubt, or NULL; and behind them whether the
 * process is here at all, which must be known where something is written. */
struct doubts {
    const struct follow_doubt **of;
};

struct checker {
    struct unit *unit;
    struct arena *arena;
    const struct place_variable *variables;
    unsigned count;
    struct doubts at_break; /* of the loop at hand: all ways there */
    struct doubts at_next;
    unsigned errors;
};

static struct doubts
copy(const struct checker *checker, const struct doubts *doubts)
{
    size_t size = (checker->count + 1) * sizeof(doubts->of[0]);

    return (struct doubts){doubts->of != NULL
                               ? arena_copy(checker->arena, doubts->of, size)
                               : arena_alloc(checker->arena, size)};
}

static struct doubts
none(const struct checker *checker)
{
    const struct doubts doubts = {NULL};

    return copy(checker, &doubts);
}

/* What is in doubt by either of two ways. */
static void
join(const struct checker *checker, struct doubts *doubts,
     const struct doubts *other)
{
    for (unsigned i = 0; i <= checker->count; i++)
        if (doubts->of[i] == NULL)
            doubts->of[i] = other->of[i];
}

/* All that is assigned to in LIST is in doubt. */
static void
doubt_assigned(const struct checker *checker, const follow_list *list,
               const struct follow_doubt *doubt, struct doubts *doubts)
{
    LIST_EACH (at, list) {
        LIST_EACH (step, &(*at)->steps)
            if (step->kind == STEP_ASSIGN)
                doubts->of[step->value] = doubt;
        doubt_assigned(checker, &(*at)->body, doubt, doubts);
        doubt_assigned(checker, &(*at)->other, doubt, doubts);
    }
}

/* The process may not be here, for the reason DOUBT. */
static void
doubt_being(const struct checker *checker, const struct follow_doubt *doubt,
            struct doubts *doubts)
{
    if (doubt->why != NULL && doubts->of[checker->count] == NULL)
        doubts->of[checker->count] = doubt;
}

static void
check_write(struct checker *checker, struct doubts *doubts)
{
    const struct follow_doubt *doubt = doubts->of[checker->count];

    if (doubt == NULL)
        return;
    unit_error(checker->unit, doubt->token,
               "what is written to the kernel behind this, or in its loop, has "
               "to be known at the hit: %s",
               doubt->why);
    checker->errors++;
    doubts->of[checker->count] = NULL;
}

static void
check_steps(struct checker *checker, const step_list *steps,
            struct doubts *doubts)
{
    LIST_EACH (step, steps) {
        if (step->kind == STEP_STORE || step->kind == STEP_STORE_REGISTER)
            check_write(checker, doubts);
        if (step->kind == STEP_ASSIGN)
            doubts->of[step->value] = NULL;
        if (step->kind != STEP_VARIABLE || doubts->of[step->value] == NULL)
            continue;
        unit_error(checker->unit, doubts->of[step->value]->token,
                   "'%s' has to be known at the hit, for what is read by it "
                   "later: %s",
                   checker->variables[step->value].name,
                   doubts->of[step->value]->why);
        checker->errors++;
        doubts->of[step->value] = NULL;
    }
}

static void check_list(struct checker *checker, const follow_list *list,
                       struct doubts *doubts);

static void
check_if(struct checker *checker, const struct follow *follow,
         struct doubts *doubts)
{
    struct doubts other;

    check_steps(checker, &follow->steps, doubts);
    other = copy(checker, doubts);
    check_list(checker, &follow->body, doubts);
    check_list(checker, &follow->other, &other);
    join(checker, doubts, &other);
}

static void
check_loop(struct checker *checker, const struct follow *follow,
           struct doubts *doubts)
{
    struct doubts outer_break = checker->at_break;
    struct doubts outer_next = checker->at_next;

    checker->at_break = none(checker);
    for (int round = 0; round < 2 && checker->errors == 0; round++) {
        doubt_being(checker, &follow->leaves, doubts);
        doubt_being(checker, &follow->skips, doubts);
        checker->at_next = none(checker);
        check_list(checker, &follow->body, doubts);
        join(checker, doubts, &checker->at_next);
        if (follow->skips.why != NULL)
            doubt_assigned(checker, &follow->body, &follow->skips, doubts);
        check_list(checker, &follow->other, doubts);
    }
    join(checker, doubts, &checker->at_break);
    if (doubts->of[checker->count] == &follow->leaves ||
        doubts->of[checker->count] == &follow->skips)
        doubts->of[checker->count] = NULL; /* it is past the loop */
    if (follow->leaves.why != NULL) {
        doubt_assigned(checker, &follow->body, &follow->leaves, doubts);
        doubt_assigned(checker, &follow->other, &follow->leaves, doubts);
    }
    checker->at_break = outer_break;
    checker->at_next = outer_next;
}

/* Whatever way it is left by, the process goes on behind it. */
static void
check_function(struct checker *checker, const struct follow *follow,
               struct doubts *doubts)
{
    const struct follow_doubt *being = doubts->of[checker->count];

    check_list(checker, &follow->body, doubts);
    doubts->of[checker->count] = being;
}

static void
check(struct checker *checker, const struct follow *follow,
      struct doubts *doubts)
{
    switch (follow->kind) {
    case FOLLOW_VALUE:
    case FOLLOW_CAPTURE:
        check_steps(checker, &follow->steps, doubts);
        break;
    case FOLLOW_IF:
        check_if(checker, follow, doubts);
        break;
    case FOLLOW_LOOP:
        check_loop(checker, follow, doubts);
        break;
    case FOLLOW_REGION:
        check_list(checker, &follow->body, doubts);
        doubt_assigned(checker, &follow->body, &follow->leaves, doubts);
        break;
    case FOLLOW_BREAK:
        join(checker, &checker->at_break, doubts);
        break;
    case FOLLOW_CONTINUE:
        join(checker, &checker->at_next, doubts);
        break;
    case FOLLOW_FUNCTION:
        check_function(checker, follow, doubts);
        break;
    case FOLLOW_LEAVE:
        doubt_being(checker, &follow->leaves, doubts);
        break;
    case FOLLOW_RETURN:
    case FOLLOW_END:
        break;
    }
}

static void
check_list(struct checker *checker, const follow_list *list,
           struct doubts *doubts)
{
    LIST_EACH (at, list)
        check(checker, *at, doubts);
}

int
follow_check(struct unit *unit, const follow_list *followed,
             const struct place_variable *variables, unsigned count)
{
    struct checker checker = {
        .unit = unit,
        .arena = &unit->arena,
        .variables = variables,
        .count = count,
    };
    struct doubts doubts = none(&checker);

    check_list(&checker, followed, &doubts);
    return checker.errors > 0 ? -1 : 0;
}
