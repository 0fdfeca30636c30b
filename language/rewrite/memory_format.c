/*
 * %m and %M of printf: bytes of memory, read at the hit.
 *
 * `printf("%.12M", p)` becomes the same with an argument for each word of
 * eight bytes, @kderef(8, p) and @kderef(4, p + 8), which the runtime takes
 * apart again.
 */

#include "language/types/resolve.h"
#include "language/words/at_operator.h"

/* More of them at once would not fit into a record beside others. */
#define BYTES_MAX 256

static bool
is_memory(const struct format_directive *directive)
{
    return directive->conversion == 'm' || directive->conversion == 'M';
}

bool
resolve_prints_memory(const struct expression *e)
{
    if (e->kind == EXPRESSION_PRINT && e->print.format)
        LIST_EACH (directive, &e->print.directives)
            if (is_memory(directive))
                return true;
    return false;
}

int
resolve_prints_memory_words(const struct format_directive *directive)
{
    return is_memory(directive) && directive->precision > 0
               ? (directive->precision + 7) / 8
               : 1;
}

struct memory {
    struct unit *unit;
    struct arena *arena;
    const struct token *token; /* of the address */
    bool user;
};

static struct expression *
make(struct memory *memory, enum expression_kind kind)
{
    struct expression *e = ARENA_NEW(memory->arena, struct expression);

    e->kind = kind;
    e->token = memory->token;
    e->depth = 1;
    return e;
}

static struct expression *
make_number(struct memory *memory, int64_t number)
{
    struct expression *e = make(memory, EXPRESSION_NUMBER);

    e->number = number;
    return e;
}

static struct expression *
make_binary(struct memory *memory, enum binary_operator operator,
            struct expression * left, struct expression *right)
{
    struct expression *e = make(memory, EXPRESSION_BINARY);

    e->binary.operator= operator;
    e->binary.left = left;
    e->binary.right = right;
    e->depth = 1 + (left->depth > right->depth ? left->depth : right->depth);
    return e;
}

/* SIZE bytes, 1, 2, 4 or 8, OFFSET bytes behind ADDRESS. */
static struct expression *
make_read(struct memory *memory, const struct expression *address,
          unsigned offset, unsigned size)
{
    struct expression *e = make(memory, EXPRESSION_OPERATOR);
    struct expression *bytes = make_number(memory, size);
    struct expression *place = ast_clone_expression(memory->arena, address);

    if (offset > 0)
        place =
            make_binary(memory, BINARY_ADD, place, make_number(memory, offset));
    e->at.operator= at_operator_find(memory->user ? "@uderef" : "@kderef");
    LIST_ADD(memory->arena, &e->at.arguments, bytes);
    LIST_ADD(memory->arena, &e->at.arguments, place);
    e->depth = 1 + place->depth;
    return e;
}

/* Up to eight bytes, the first one lowest. */
static struct expression *
make_word(struct memory *memory, const struct expression *address,
          unsigned offset, unsigned count)
{
    struct expression *word = NULL;
    unsigned done = 0;

    for (unsigned size = 8; size > 0; size /= 2) {
        struct expression *part;

        if (count - done < size)
            continue;
        part = make_read(memory, address, offset + done, size);
        if (done > 0)
            part = make_binary(memory, BINARY_SHIFT_LEFT, part,
                               make_number(memory, done * 8));
        word = word ? make_binary(memory, BINARY_OR, word, part) : part;
        done += size;
    }
    return word;
}

/* How many bytes; the precision may be an argument that is a literal. */
static int
byte_count(struct memory *memory, const struct format_directive *directive,
           const expression_list *arguments)
{
    const struct expression *given = NULL;

    if (directive->precision_argument >= 0)
        given = arguments->items[directive->precision_argument];
    int64_t count = given                       ? given->number
                    : directive->precision >= 0 ? directive->precision
                                                : 1;

    if ((!given || given->kind == EXPRESSION_NUMBER) && count >= 1 &&
        count <= BYTES_MAX)
        return (int)count;
    unit_error(memory->unit, given ? given->token : memory->token,
               "%%m and %%M are of a literal number of bytes, from 1 to %d, "
               "since they are read at the hit",
               BYTES_MAX);
    return 1;
}

static void
expand_print(struct memory *memory, struct expression *print)
{
    expression_list old = print->print.arguments, new = {0};
    unsigned used = 0;

    /* A wrong number of arguments is told later. */
    LIST_EACH (directive, &print->print.directives)
        used += (directive->width_argument >= 0) +
                (directive->precision_argument >= 0) +
                (directive->argument >= 0);
    if (used != old.count)
        return;
    LIST_COPY(memory->arena, &print->print.directives);
    LIST_EACH (directive, &print->print.directives) {
        if (directive->width_argument >= 0) {
            LIST_ADD(memory->arena, &new, old.items[directive->width_argument]);
            directive->width_argument = (int)new.count - 1;
        }
        if (is_memory(directive)) {
            const struct expression *address = old.items[directive->argument];
            unsigned count, offset;

            memory->token = address->token;
            memory->user = directive->alternate;
            count = (unsigned)byte_count(memory, directive, &old);
            directive->precision = (int)count;
            directive->precision_argument = -1;
            directive->argument = (int)new.count;
            for (offset = 0; offset < count; offset += 8) {
                unsigned rest = count - offset;
                struct expression *word =
                    make_word(memory, address, offset, rest < 8 ? rest : 8);

                LIST_ADD(memory->arena, &new, word);
            }
            continue;
        }
        if (directive->precision_argument >= 0) {
            LIST_ADD(memory->arena, &new,
                     old.items[directive->precision_argument]);
            directive->precision_argument = (int)new.count - 1;
        }
        if (directive->argument >= 0) {
            LIST_ADD(memory->arena, &new, old.items[directive->argument]);
            directive->argument = (int)new.count - 1;
        }
    }
    print->print.arguments = new;
}

static void
expand(struct expression **slot, void *data)
{
    ast_each_operand(*slot, expand, data);
    if (resolve_prints_memory(*slot))
        expand_print(data, *slot);
}

static void
expand_statement(struct statement **slot, void *data)
{
    ast_each_expression(*slot, expand, data);
    ast_each_statement(*slot, expand_statement, data);
}

void
resolve_memory(struct unit *unit, struct statement *body)
{
    struct memory memory = {.unit = unit, .arena = &unit->arena};

    expand_statement(&body, &memory);
}
