#include "image/types_i.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

/* How many missing things one message names. */
#define MISSING_MAX 1800

static void
missing(struct types *types, int line, const char *purpose, const char *format,
        ...)
{
    va_list arguments;

    if (types->missing.size > MISSING_MAX)
        return;
    text_printf(&types->missing, "\n%s:%d: ", types->needs->path, line);
    va_start(arguments, format);
    text_vprintf(&types->missing, format, arguments);
    va_end(arguments);
    text_printf(&types->missing, "; needed for: %s", purpose);
}

/* Offsets for assembler sources, and that the compiler sees the same ones. */
static void
add_checks(struct types *types, struct named *named, const char *tag)
{
    Dwarf_Die *aggregate = &named->dies.items[0], plain;
    const char *word =
        named->need->kind == NEED_TYPE ? "" : need_word(named->need->kind);
    struct place place;

    if (dwarf_tag(aggregate) == DW_TAG_typedef)
        aggregate = die_plain_type(aggregate, &plain);
    LIST_EACH (member, &named->need->members) {
        bool there = member_find(aggregate, member->path, &place);
        char *symbol =
            arena_string(&types->arena, member->path, strlen(member->path));

        for (char *dot = symbol; (dot = strchr(dot, '.')) != NULL;)
            *dot = '_';
        if (member->optional)
            text_printf(&types->numbers, "#define KERNEL_HAS_%s_%s %d\n", tag,
                        symbol, there);
        if (!there && !member->optional)
            missing(types, member->line, member->purpose,
                    "%s%s%s has no member %s", word, *word ? " " : "", tag,
                    member->path);
        if (!there || place.bits != 0)
            continue;
        text_printf(&types->numbers, "#define KERNEL_OFFSET_%s_%s %llu\n", tag,
                    symbol, (unsigned long long)place.offset);
        text_printf(&types->definitions,
                    "_Static_assert(__builtin_offsetof(%s%s%s, %s) == %llu, "
                    "\"offset\");\n",
                    word, *word ? " " : "", tag, member->path,
                    (unsigned long long)place.offset);
    }
}

/*
 * Structs, unions and typedefs
 */

/* Write what stands between the braces of a listed struct. */
static void
add_body(struct types *types, struct text *out, struct named *named,
         Dwarf_Die *aggregate)
{
    text_puts(out, "{\n    union {\n");
    members_write(types, out, named, "", 0);
    text_printf(out, "        uint8_t all_bytes[%llu];\n    };\n}",
                (unsigned long long)die_size(aggregate));
}

/*
 * Units may have structs of one name that are not the same (drivers do).
 * What counts is whether the members on the list are.
 */
static bool
same_layout(struct types *types, struct named *named)
{
    Dwarf_Die *first = &named->dies.items[0];
    struct place a, b;

    LIST_EACH (die, &named->dies) {
        Dwarf_Die plain_first, plain, *left = first, *right = die;

        if (dwarf_tag(die) == DW_TAG_typedef) {
            left = die_plain_type(first, &plain_first);
            right = die_plain_type(die, &plain);
        }
        if (left == NULL || right == NULL)
            return left == right;
        if (die_size(left) != die_size(right))
            return false;
        LIST_EACH (member, &named->need->members) {
            bool in_left = member_find(left, member->path, &a);
            bool in_right = member_find(right, member->path, &b);

            if (in_left != in_right ||
                (in_left && (a.offset != b.offset || a.bit != b.bit)))
                return false;
        }
    }
    return true;
}

static bool
usable(struct types *types, struct named *named)
{
    const struct need *need = named->need;

    if (named->dies.count == 0) {
        if (!need->optional)
            missing(types, need->line, need->purpose, "there is no %s %s",
                    need_word(need->kind), need->name);
        return false;
    }
    if (!same_layout(types, named)) {
        missing(types, need->line, need->purpose,
                "%s %s is defined in more than one way", need_word(need->kind),
                need->name);
        return false;
    }
    return true;
}

static void
define_aggregate(struct types *types, struct named *named, const char *word)
{
    Dwarf_Die *die = &named->dies.items[0];
    struct text body = {0};

    add_body(types, &body, named, die);
    text_printf(&types->definitions, "%s %s %s;\n", word, named->need->name,
                text_string(&body));
    text_printf(&types->definitions,
                "_Static_assert(sizeof(%s %s) == %llu, \"size\");\n", word,
                named->need->name, (unsigned long long)die_size(die));
    text_printf(&types->numbers, "#define KERNEL_SIZE_%s %llu\n",
                named->need->name, (unsigned long long)die_size(die));
    add_checks(types, named, named->need->name);
    text_free(&body);
}

static void
define_typedef(struct types *types, struct named *named)
{
    const char *name = named->need->name;
    struct text body = {0};
    Dwarf_Die type, plain;
    Dwarf_Die *die = &named->dies.items[0];

    if (die_plain_type(die, &plain) != NULL && die_is_aggregate(&plain) &&
        dwarf_diename(&plain) == NULL) {
        add_body(types, &body, named, &plain);
        text_printf(&types->definitions, "typedef %s %s %s;\n",
                    dwarf_tag(&plain) == DW_TAG_union_type ? "union" : "struct",
                    text_string(&body), name);
        add_checks(types, named, name);
    } else {
        LIST_EACH (member, &named->need->members)
            missing(types, member->line, member->purpose,
                    "type %s is no struct without a tag", name);
        declare(types, &body, die_type(die, &type), name);
        text_printf(&types->definitions, "typedef %s;\n", text_string(&body));
    }
    text_free(&body);
}

/* Without the struct there is none of its members either. */
static void
tell_absence(struct types *types, struct named *named)
{
    LIST_EACH (member, &named->need->members) {
        if (member->optional)
            text_printf(&types->numbers, "#define KERNEL_HAS_%s_%s 0\n",
                        named->need->name, member->path);
    }
}

void
types_define_named(struct types *types, struct named *named)
{
    const struct need *need = named->need;

    if (named->written != LATER)
        return;
    named->written = NOW;
    if (!usable(types, named))
        tell_absence(types, named);
    else if (need->kind == NEED_TYPE)
        define_typedef(types, named);
    else
        define_aggregate(types, named, need_word(need->kind));
    if (need->optional)
        text_printf(&types->numbers, "#define KERNEL_HAS_%s %d\n", need->name,
                    named->dies.count != 0);
    named->written = DONE;
}

void
types_define(struct types *types, Dwarf_Die *die)
{
    bool is_union = dwarf_tag(die) == DW_TAG_union_type;
    const char *name = dwarf_diename(die);
    struct named *named =
        dies_named(types, is_union ? NEED_UNION : NEED_STRUCT, name);

    if (named != NULL) {
        types_define_named(types, named);
        return;
    }
    LIST_EACH (at, &types->opaque) {
        if (strcmp(*at, name) == 0)
            return;
    }
    LIST_ADD(&types->arena, &types->opaque,
             arena_string(&types->arena, name, strlen(name)));
    text_printf(&types->definitions, "%s %s { uint8_t all_bytes[%llu]; };\n",
                is_union ? "union" : "struct", name,
                (unsigned long long)die_size(die));
}

/*
 * Functions, variables, constants
 */

/* Is this the DIE of the code or data at an address? */
static bool
lies_at(Dwarf_Die *die, uint64_t address)
{
    Dwarf_Attribute attribute;
    Dwarf_Addr pc;
    Dwarf_Op *operations;
    size_t count;

    if (dwarf_tag(die) == DW_TAG_subprogram)
        return dwarf_entrypc(die, &pc) == 0 && pc == address;
    return dwarf_attr(die, DW_AT_location, &attribute) != NULL &&
           dwarf_getlocation(&attribute, &operations, &count) == 0 &&
           count == 1 && operations[0].atom == DW_OP_addr &&
           operations[0].number == address;
}

/* The DIE of a symbol; a mere declaration if the definition has none. */
static Dwarf_Die *
choose(struct named *named, uint64_t address)
{
    LIST_EACH (die, &named->dies) {
        if (lies_at(die, address))
            return die;
    }
    LIST_EACH (die, &named->dies) {
        if (dwarf_hasattr(die, DW_AT_declaration))
            return die;
    }
    return NULL;
}

static void
symbol_missing(struct types *types, const struct need *need, bool ambiguous,
               bool inlined)
{
    const char *word = need_word(need->kind);
    const struct symbol *clone =
        symbols_clone(&types->kernel->symbols, need->name);

    if (ambiguous)
        missing(types, need->line, need->purpose,
                "there are several static %ss %s", word, need->name);
    else if (clone != NULL)
        missing(types, need->line, need->purpose,
                "%s %s is there only as the compiler's clone %s", word,
                need->name, clone->name);
    else if (inlined)
        missing(types, need->line, need->purpose,
                "%s %s has no code of its own, it was inlined or left out",
                word, need->name);
    else
        missing(types, need->line, need->purpose, "there is no %s %s", word,
                need->name);
}

static void
add_symbol(struct types *types, struct named *named, struct text *symbols)
{
    const struct need *need = named->need;
    const struct symbol *symbol;
    struct text text = {0};
    Dwarf_Die *die = NULL, type;
    bool ambiguous;

    symbol = symbols_find(&types->kernel->symbols, need->name, &ambiguous);
    if (symbol != NULL && need->kind != NEED_LABEL)
        die = choose(named, symbol->address);
    if (need->optional)
        text_printf(&types->numbers, "#define KERNEL_HAS_%s %d\n", need->name,
                    symbol != NULL);
    if (symbol == NULL) {
        if (!need->optional)
            symbol_missing(types, need, ambiguous, named->dies.count != 0);
        return;
    }
    if (need->kind == NEED_LABEL) {
        text_printf(&text, "uint8_t %s[]", need->name);
    } else if (die == NULL) {
        missing(types, need->line, need->purpose,
                "%s %s has no debug information", need_word(need->kind),
                need->name);
        return;
    } else if (need->kind == NEED_FUNCTION) {
        declare(types, &text, die, need->name);
        if (dwarf_hasattr_integrate(die, DW_AT_noreturn))
            text_puts(&text, " __attribute__((noreturn))");
    } else {
        declare(types, &text, die_type(die, &type), need->name);
    }
    text_printf(&types->declarations, "extern %s;\n", text_string(&text));
    text_printf(symbols, "PROVIDE(%s = 0x%llx);\n", need->name,
                (unsigned long long)symbol->address);
    text_free(&text);
}

static void
add_constant(struct types *types, struct named *named)
{
    const struct need *need = named->need;
    Dwarf_Attribute attribute;
    Dwarf_Sword value = 0, other;
    bool first = true;

    if (need->optional)
        text_printf(&types->numbers, "#define KERNEL_HAS_%s %d\n", need->name,
                    named->dies.count != 0);
    if (named->dies.count == 0) {
        if (!need->optional)
            missing(types, need->line, need->purpose, "there is no constant %s",
                    need->name);
        return;
    }
    LIST_EACH (die, &named->dies) {
        if (dwarf_attr(die, DW_AT_const_value, &attribute) == NULL ||
            dwarf_formsdata(&attribute, &other) != 0 ||
            (!first && other != value)) {
            missing(types, need->line, need->purpose,
                    "constant %s has no value, or several", need->name);
            return;
        }
        value = other;
        first = false;
    }
    text_printf(&types->numbers, "#define %s %lld\n", need->name,
                (long long)value);
}

static void
add_bound(struct types *types, struct named *named)
{
    const struct need *need = named->need;
    uint64_t count = 0;
    Dwarf_Die type;

    LIST_EACH (die, &named->dies) {
        if (count == 0 && die_plain_type(die, &type) != NULL &&
            dwarf_tag(&type) == DW_TAG_array_type)
            count = die_elements(&type);
    }
    if (count == 0)
        missing(types, need->line, need->purpose,
                "variable %s is no array of a known size", need->variable);
    else
        text_printf(&types->numbers, "#define %s %llu\n", need->name,
                    (unsigned long long)count);
}

static void
add_named(struct types *types, struct named *named, struct text *symbols)
{
    switch (named->need->kind) {
    case NEED_STRUCT:
    case NEED_UNION:
    case NEED_TYPE:
        types_define_named(types, named);
        break;
    case NEED_FUNCTION:
    case NEED_VARIABLE:
    case NEED_LABEL:
        add_symbol(types, named, symbols);
        break;
    case NEED_CONSTANT:
        add_constant(types, named);
        break;
    case NEED_BOUND:
        add_bound(types, named);
        break;
    }
}

static void
assemble(struct types *types, struct text *header)
{
    text_printf(header,
                "/* Of %s.  Generated: do not edit. */\n"
                "#ifndef KERNEL_TYPES_H\n#define KERNEL_TYPES_H\n"
                "#define KERNEL_IDENTITY \"%s\"\n"
                "#ifndef __ASSEMBLER__\n#include <stdint.h>\n",
                types->kernel->identity, types->kernel->identity);
    LIST_EACH (at, &types->tags)
        text_printf(header, "%s;\n", *at);
    text_puts(header, text_string(&types->definitions));
    text_puts(header, text_string(&types->declarations));
    text_puts(header, "#endif\n");
    text_puts(header, text_string(&types->numbers));
    text_puts(header, "#endif\n");
}

int
types_generate(const struct kernel *kernel, const struct needs *needs,
               struct text *header, struct text *symbols, struct error *error)
{
    struct types types = {.kernel = kernel, .needs = needs};
    int result = 0;

    dies_find(&types);
    LIST_EACH (at, &types.named)
        add_named(&types, *at, symbols);
    if (types.missing.size == 0)
        assemble(&types, header);
    else
        result = error_set(
            error, "%s (%s) lacks what the probe subsystem needs:%s",
            kernel->file.path, kernel->identity, text_string(&types.missing));
    text_free(&types.definitions);
    text_free(&types.declarations);
    text_free(&types.numbers);
    text_free(&types.missing);
    arena_free(&types.arena);
    return result;
}
