/*
 * What the program in the kernel follows of a handler.
 *
 * A handler runs after the hit, but `for (e = $q->next; e != $q; e =
 * @cast(e, "struct queue_entry")->next) ...` reads in each round what only the
 * round before has found out.  So the program runs the handler as well, as far
 * as such reads go: the loops around them, the conditions that they depend
 * on, and the assignments to the variables that they are made of.  Each time
 * it comes by such a read it puts the value into the record.  The process runs
 * the handler with these values and so goes the same way.
 *
 * What only the process can know, as `if (seen[e])`, the program does not ask:
 * it records what is read on both ways, which costs room and nothing else.
 * The process may then leave a loop before the program did, or not enter it;
 * that is fine while nothing that the program reads or writes afterwards
 * depends on it, else it is refused (follow_check()).
 *
 * A function that reads what varies is followed where it is called, by a copy
 * of its own for each call (copy.c).
 *
 * In the record each round of a loop has a place of its own (struct
 * plan_loop), and each leads to the next:
 *
 *   +---------+------+--------+--------+----------------+--------+--- ...
 *   | faults  | read | first  | next   | faults, reads, | next   |
 *   | of the  | once | round -|►       | first rounds of|►  ...  |
 *   | handler |      |        |      --|  inner loops --|        |
 *   +---------+------+--------+--------+----------------+--------+--- ...
 *   <-------- the handler's --> <------ a round --------->
 */

#ifndef TRANSLATE_SPLIT_FOLLOW_H
#define TRANSLATE_SPLIT_FOLLOW_H

#include "language/language.h"
#include "translate/plan.h"
#include "translate/values/moment.h"

enum follow_kind {
    FOLLOW_VALUE,    /* compute STEPS, for what they assign and record */
    FOLLOW_CAPTURE,  /* record a capture that nothing else depends on */
    FOLLOW_IF,       /* STEPS: BODY, or else OTHER */
    FOLLOW_LOOP,     /* BODY then OTHER, again and again */
    FOLLOW_REGION,   /* BODY; what fails in it goes on behind it */
    FOLLOW_BREAK,    /* of the innermost loop */
    FOLLOW_CONTINUE, /* to the loop's OTHER */
    FOLLOW_END,      /* of the handler */
    FOLLOW_FUNCTION, /* BODY, up to FOLLOW_RETURN */
    FOLLOW_RETURN,   /* from the innermost function */
    FOLLOW_LEAVE,    /* LEAVES: the process may go no further in that */
};

/* A LIST_OF pointers, with a name. */
typedef struct follow_list {
    struct follow **items;
    unsigned count;
    unsigned space;
} follow_list;

/* What the process may do other than the program; WHY is NULL: nothing. */
struct follow_doubt {
    const struct token *token;
    const char *why;
};

struct follow {
    enum follow_kind kind;
    /* The process may not do all of a region, or of a loop's rounds; or of the
     * body in a round. */
    struct follow_doubt leaves;
    struct follow_doubt skips;
    const char *name; /* of what the steps compute, for messages */
    step_list steps;
    unsigned capture; /* of the handler, by its number */
    bool certain;     /* the process reads it: an error if it cannot */
    struct plan_loop *loop;
    follow_list body;
    follow_list other;
};

/*
 * Find out what of PROBE's handler has to be followed: handler.followed and
 * loops.  The captures, which are to be the handler's first, and in VALUES the
 * value of each, are those of the targets that depend on it, and become the
 * place of these.  What cannot be is reported, and -1 returned.
 */
int follow_find(struct unit *unit, struct kernel_source *kernel,
                struct program_list *programs, const struct probe *probe,
                uint32_t string_size, struct plan_handler *handler,
                value_list *values);

/*
 * Copy the functions that PROBE's handler calls and that read what varies, or
 * if it WRITES to the kernel, anything: struct function's PLACE of a copy is
 * the scope of its variables.  Done by follow_find().
 */
int follow_copy(struct unit *unit, const struct probe *probe, bool writes);

/*
 * Whether what is followed reads a variable that the process may have given
 * another value, for a reason in struct follow_doubt.  Reports it and returns
 * -1.  There are COUNT VARIABLES.
 */
int follow_check(struct unit *unit, const follow_list *followed,
                 const struct place_variable *variables, unsigned count);

#endif /* TRANSLATE_SPLIT_FOLLOW_H */
