/*
 * An expression is parsed to a tree, since a repetition writes the steps of
 * what it repeats several times, and then written as steps.
 */

#include "language/parse/regex.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

/* Groups in groups: the parser calls itself for them. */
#define DEPTH_MAX 200

/* POSIX promises 255. */
#define REPEAT_MAX 255

enum node_kind {
    NODE_EMPTY,
    NODE_BYTE,
    NODE_SET,
    NODE_START,
    NODE_END,
    NODE_BOTH,   /* LEFT, then RIGHT */
    NODE_EITHER, /* LEFT or RIGHT */
    NODE_REPEAT, /* LEFT, LEAST to MOST times; MOST may be INT_MAX */
    NODE_GROUP,  /* LEFT, as group NUMBER */
};

struct node {
    enum node_kind kind;
    struct node *left;
    struct node *right;
    unsigned number; /* byte, set or group */
    unsigned mark; /* of a group, a repetition, an either's LEFT, or NO_MARK */
    int least, most;
};

#define NO_MARK UINT_MAX

struct compiler {
    struct arena *arena;
    const char *pattern;
    const char *at;
    unsigned depth;
    unsigned nodes;
    struct regex *regex;
    struct error *error; /* set once something is wrong */
    bool failed;
};

/* ---- the tree -------------------------------------------------------- */

static struct node *
fail(struct compiler *compiler, const char *what)
{
    if (!compiler->failed)
        error_set(compiler->error, "regular expression: %s at byte %d", what,
                  (int)(compiler->at - compiler->pattern) + 1);
    compiler->failed = true;
    return NULL;
}

static struct node *
make(struct compiler *compiler, enum node_kind kind, struct node *left,
     struct node *right)
{
    struct node *node = ARENA_NEW(compiler->arena, struct node);

    if (++compiler->nodes > 2 * REGEX_STEPS_MAX)
        fail(compiler, "it is too large");
    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

/* ---- sets ------------------------------------------------------------ */

static void
set_add(struct regex_set *set, unsigned byte)
{
    set->bits[byte / 8] |= (uint8_t)(1u << byte % 8);
}

static struct node *
make_set(struct compiler *compiler, const struct regex_set *set)
{
    struct node *node = make(compiler, NODE_SET, NULL, NULL);

    node->number = compiler->regex->sets.count;
    LIST_ADD(compiler->arena, &compiler->regex->sets, *set);
    return node;
}

static const struct {
    const char *name;
    int (*holds)(int byte);
} classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank},
    {"cntrl", iscntrl}, {"digit", isdigit}, {"graph", isgraph},
    {"lower", islower}, {"print", isprint}, {"punct", ispunct},
    {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

/* [:name:], after "[:". */
static bool
add_class(struct compiler *compiler, struct regex_set *set)
{
    const char *end = strstr(compiler->at, ":]");

    for (size_t i = 0; end && i < sizeof(classes) / sizeof(classes[0]); i++) {
        size_t size = strlen(classes[i].name);

        if ((size_t)(end - compiler->at) != size ||
            strncmp(classes[i].name, compiler->at, size) != 0)
            continue;
        for (int byte = 1; byte < 128; byte++)
            if (classes[i].holds(byte))
                set_add(set, (unsigned)byte);
        compiler->at = end + 2;
        return true;
    }
    fail(compiler, "there is no such class of characters");
    return false;
}

/* [...], after the bracket. */
static struct node *
parse_set(struct compiler *compiler)
{
    struct regex_set set = {{0}};
    bool negated = *compiler->at == '^';
    const char *first;

    compiler->at += negated;
    first = compiler->at;
    while (*compiler->at != ']' || compiler->at == first) {
        unsigned char low = (unsigned char)*compiler->at;
        unsigned char high = low;

        if (low == '\0')
            return fail(compiler, "expected ']'");
        compiler->at++;
        if (low == '[' && (*compiler->at == '.' || *compiler->at == '='))
            return fail(compiler, "collating elements are not supported");
        if (low == '[' && *compiler->at == ':') {
            compiler->at++;
            if (!add_class(compiler, &set))
                return NULL;
            continue;
        }
        if (*compiler->at == '-' && compiler->at[1] != ']' &&
            compiler->at[1] != '\0') {
            high = (unsigned char)compiler->at[1];
            compiler->at += 2;
        }
        if (high < low)
            return fail(compiler, "a range ends before it starts");
        for (unsigned byte = low; byte <= high; byte++)
            set_add(&set, byte);
    }
    compiler->at++;
    if (negated)
        for (unsigned byte = 0; byte < sizeof(set.bits); byte++)
            set.bits[byte] = (uint8_t)~set.bits[byte];
    return make_set(compiler, &set);
}

static struct node *
any_byte(struct compiler *compiler)
{
    struct regex_set set;

    memset(set.bits, 0xff, sizeof(set.bits));
    return make_set(compiler, &set);
}

/* ---- parsing --------------------------------------------------------- */

static struct node *parse_either(struct compiler *compiler);

static struct node *
literal(struct compiler *compiler, char byte)
{
    struct node *node = make(compiler, NODE_BYTE, NULL, NULL);

    node->number = (unsigned char)byte;
    return node;
}

/* (...), after the parenthesis. */
static struct node *
parse_group(struct compiler *compiler)
{
    struct node *node = make(compiler, NODE_GROUP, NULL, NULL);

    node->number = compiler->regex->groups++;
    if (compiler->regex->groups > REGEX_GROUPS_MAX)
        return fail(compiler, "too many groups");
    if (++compiler->depth > DEPTH_MAX)
        return fail(compiler, "groups are nested too deeply");
    node->left = parse_either(compiler);
    compiler->depth--;
    if (!compiler->failed && *compiler->at != ')')
        return fail(compiler, "expected ')'");
    compiler->at++;
    return node;
}

static struct node *
parse_escape(struct compiler *compiler)
{
    char byte = *compiler->at;

    if (byte == '\0')
        return fail(compiler, "nothing follows the '\\'");
    if (byte >= '1' && byte <= '9')
        return fail(compiler, "there are no references back to groups");
    compiler->at++;
    return literal(compiler, byte);
}

static struct node *
parse_atom(struct compiler *compiler)
{
    char byte = *compiler->at++;

    switch (byte) {
    case '(':
        return parse_group(compiler);
    case '[':
        return parse_set(compiler);
    case '.':
        return any_byte(compiler);
    case '^':
        return make(compiler, NODE_START, NULL, NULL);
    case '$':
        return make(compiler, NODE_END, NULL, NULL);
    case '\\':
        return parse_escape(compiler);
    case '*':
    case '+':
    case '?':
    case '{':
        compiler->at--;
        return fail(compiler, "there is nothing to repeat");
    default:
        return literal(compiler, byte);
    }
}

static int
parse_count(struct compiler *compiler)
{
    int count = 0;

    if (!isdigit((unsigned char)*compiler->at)) {
        fail(compiler, "expected a number");
        return 0;
    }
    for (; isdigit((unsigned char)*compiler->at); compiler->at++) {
        count = count * 10 + (*compiler->at - '0');
        if (count > REPEAT_MAX) {
            fail(compiler, "nothing can be repeated more than 255 times");
            return 0;
        }
    }
    return count;
}

/* {n}, {n,} or {n,m}, after the brace. */
static void
parse_bounds(struct compiler *compiler, struct node *repeat)
{
    repeat->least = repeat->most = parse_count(compiler);
    if (compiler->failed)
        return;
    if (*compiler->at == ',') {
        compiler->at++;
        repeat->most = *compiler->at == '}' ? INT_MAX : parse_count(compiler);
    }
    if (!compiler->failed && *compiler->at != '}')
        fail(compiler, "expected '}'");
    else if (!compiler->failed && repeat->most < repeat->least)
        fail(compiler, "the bounds are in the wrong order");
    else
        compiler->at++;
}

static struct node *
parse_repeat(struct compiler *compiler)
{
    struct node *node = parse_atom(compiler);

    while (!compiler->failed && *compiler->at != '\0' &&
           strchr("*+?{", *compiler->at)) {
        char operator= * compiler->at++;

        node = make(compiler, NODE_REPEAT, node, NULL);
        node->least = operator== '+';
        node->most = operator== '?' ? 1 : INT_MAX;
        if (operator== '{')
            parse_bounds(compiler, node);
    }
    return node;
}

static struct node *
parse_both(struct compiler *compiler)
{
    struct node *node = NULL;

    while (!compiler->failed && *compiler->at != '\0' && *compiler->at != '|' &&
           (*compiler->at != ')' || compiler->depth == 0)) {
        struct node *next;

        if (*compiler->at == ')')
            return fail(compiler, "there is no '(' for this ')'");
        next = parse_repeat(compiler);
        node = node ? make(compiler, NODE_BOTH, node, next) : next;
    }
    return node ? node : make(compiler, NODE_EMPTY, NULL, NULL);
}

static struct node *
parse_either(struct compiler *compiler)
{
    struct node *node = parse_both(compiler);

    while (!compiler->failed && *compiler->at == '|') {
        compiler->at++;
        node = make(compiler, NODE_EITHER, node, parse_both(compiler));
    }
    return node;
}

/* ---- writing --------------------------------------------------------- */

static unsigned
write_step(struct compiler *compiler, enum regex_kind kind, unsigned x)
{
    struct regex_step step = {kind, x, x};
    unsigned number = compiler->regex->steps.count;

    if (number == REGEX_STEPS_MAX) {
        fail(compiler, "it is too large");
        return 0;
    }
    LIST_ADD(compiler->arena, &compiler->regex->steps, step);
    return number;
}

static unsigned
here(const struct compiler *compiler)
{
    return compiler->regex->steps.count;
}

static struct regex_step *
step_at(const struct compiler *compiler, unsigned number)
{
    return &compiler->regex->steps.items[number];
}

static void write_node(struct compiler *compiler, const struct node *node);

/* LEFT again and again, or not at all. */
static void
write_star(struct compiler *compiler, const struct node *left)
{
    unsigned split = write_step(compiler, REGEX_SPLIT, 0);
    unsigned back;

    write_node(compiler, left);
    back = write_step(compiler, REGEX_SPLIT, split);
    if (compiler->failed)
        return;
    step_at(compiler, split)->x = split + 1;
    step_at(compiler, split)->y = back + 1;
}

static void
write_repeat(struct compiler *compiler, const struct node *node)
{
    int i;

    for (i = 0; i < node->least && !compiler->failed; i++)
        write_node(compiler, node->left);
    if (node->most == INT_MAX) {
        write_star(compiler, node->left);
        return;
    }
    for (; i < node->most && !compiler->failed; i++) {
        unsigned split = write_step(compiler, REGEX_SPLIT, 0);

        write_node(compiler, node->left);
        step_at(compiler, split)->x = split + 1;
        step_at(compiler, split)->y = here(compiler);
    }
}

static void
write_mark(struct compiler *compiler, const struct node *node, unsigned end)
{
    if (node->mark != NO_MARK)
        write_step(compiler, REGEX_SAVE, 2 * node->mark + end);
}

/* Of two ways that are as good the left one counts, so that it was gone is
 * noted; in a repetition the last time round decides. */
static void
write_either(struct compiler *compiler, const struct node *node)
{
    unsigned split = write_step(compiler, REGEX_SPLIT, 0);
    unsigned end;

    write_mark(compiler, node, 0);
    write_node(compiler, node->left);
    write_mark(compiler, node, 1);
    end = write_step(compiler, REGEX_SPLIT, 0);
    if (compiler->failed)
        return;
    step_at(compiler, split)->x = split + 1;
    step_at(compiler, split)->y = here(compiler);
    if (node->mark != NO_MARK)
        write_step(compiler, REGEX_FORGET, 2 * node->mark);
    write_node(compiler, node->right);
    step_at(compiler, end)->x = step_at(compiler, end)->y = here(compiler);
}

static void
write_node(struct compiler *compiler, const struct node *node)
{
    if (compiler->failed)
        return;
    switch (node->kind) {
    case NODE_EMPTY:
        break;
    case NODE_BYTE:
        write_step(compiler, REGEX_BYTE, node->number);
        break;
    case NODE_SET:
        write_step(compiler, REGEX_SET, node->number);
        break;
    case NODE_START:
        write_step(compiler, REGEX_START, 0);
        break;
    case NODE_END:
        write_step(compiler, REGEX_END, 0);
        break;
    case NODE_BOTH:
        write_node(compiler, node->left);
        write_node(compiler, node->right);
        break;
    case NODE_EITHER:
        write_either(compiler, node);
        break;
    case NODE_REPEAT:
        write_mark(compiler, node, 0);
        write_repeat(compiler, node);
        write_mark(compiler, node, 1);
        break;
    case NODE_GROUP:
        write_mark(compiler, node, 0);
        write_node(compiler, node->left);
        write_mark(compiler, node, 1);
        break;
    }
}

/* Groups come first when marks run short; without groups nobody can tell what
 * repetitions took, or which way was gone. */
static void
number_marks(struct compiler *compiler, struct node *node)
{
    struct regex *regex = compiler->regex;

    for (; node; node = node->right) {
        node->mark = NO_MARK;
        if (node->kind == NODE_GROUP) {
            regex->group_marks[node->number] = (uint8_t)regex->marks;
            node->mark = regex->marks++;
        } else if ((node->kind == NODE_REPEAT || node->kind == NODE_EITHER) &&
                   regex->groups > 1 &&
                   regex->marks < REGEX_MARKS_MAX - REGEX_GROUPS_MAX) {
            node->mark = regex->marks++;
        }
        number_marks(compiler, node->left);
    }
}

const struct regex *
regex_compile(struct arena *arena, const char *pattern, struct error *error)
{
    struct compiler compiler = {
        .arena = arena,
        .pattern = pattern,
        .at = pattern,
        .regex = ARENA_NEW(arena, struct regex),
        .error = error,
    };
    struct node whole = {.kind = NODE_GROUP};

    compiler.regex->groups = 1;
    whole.left = parse_either(&compiler);
    if (compiler.failed)
        return NULL;
    number_marks(&compiler, &whole);
    write_node(&compiler, &whole);
    write_step(&compiler, REGEX_MATCH, 0);
    return compiler.failed ? NULL : compiler.regex;
}
