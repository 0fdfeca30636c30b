#include "translate/values/mark_argument.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Registers by the two letters that all of their names have, and DWARF's
 * numbers of them. */
static const struct {
    const char *letters;
    uint8_t wide;   /* on x86-64 */
    uint8_t narrow; /* on i386 */
} registers[] = {
    {"ax", 0, 0}, {"dx", 1, 2}, {"cx", 2, 1}, {"bx", 3, 3},
    {"si", 4, 6}, {"di", 5, 7}, {"bp", 6, 5}, {"sp", 7, 4},
};

#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

/* Those of x86-64 without a name of their own: r8 to r15. */
#define NUMBERED_FIRST 8
#define NUMBERED_LAST  15

struct reader {
    struct arena *arena;
    const struct debuginfo *debuginfo;
    step_list *steps;
    unsigned word_size;
    const char *at;
};

static void
add(struct reader *reader, enum step_kind kind, int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(reader->arena, reader->steps, step);
}

/* ---- operands -------------------------------------------------------- */

/* "al", "ah", "sil", "ax", "eax", "rax": the row's; *high if it is bits 8 to
 * 15. */
static bool
is_called(const char *name, size_t length, const char *letters, bool *high)
{
    *high = false;
    if (length == 3 && (name[0] == 'r' || name[0] == 'e'))
        return memcmp(name + 1, letters, 2) == 0;
    if (length == 3)
        return name[2] == 'l' && memcmp(name, letters, 2) == 0;
    if (length != 2 || name[0] != letters[0])
        return false;
    *high = name[1] == 'h' && letters[1] == 'x';
    return name[1] == letters[1] || *high ||
           (name[1] == 'l' && letters[1] == 'x');
}

static bool
find_register(const struct reader *reader, const char *name, size_t length,
              unsigned *number, bool *high)
{
    bool wide = reader->word_size == 8;
    char *end;

    for (size_t i = 0; i < REGISTERS; i++) {
        if (!is_called(name, length, registers[i].letters, high))
            continue;
        *number = wide ? registers[i].wide : registers[i].narrow;
        return true;
    }
    if (!wide || length < 2 || name[0] != 'r' ||
        !isdigit((unsigned char)name[1]))
        return false;
    *number = (unsigned)strtoul(name + 1, &end, 10);
    return *number >= NUMBERED_FIRST && *number <= NUMBERED_LAST &&
           (end == name + length ||
            (end + 1 == name + length && strchr("dwb", *end) != NULL));
}

/* "%rdi": what it holds goes on the stack. */
static bool
push_register(struct reader *reader)
{
    size_t length;
    unsigned number;
    bool high;

    if (*reader->at++ != '%')
        return false;
    length = strspn(reader->at, "abcdefghijklmnopqrstuvwxyz0123456789");
    if (!find_register(reader, reader->at, length, &number, &high))
        return false;
    reader->at += length;
    add(reader, STEP_REGISTER, number);
    if (high) {
        add(reader, STEP_CONSTANT, 8);
        add(reader, STEP_SHIFT_RIGHT, 0);
    }
    return true;
}

static int64_t
take_number(struct reader *reader)
{
    char *end;
    int64_t number = (int64_t)strtoull(reader->at, &end, 0);

    reader->at = end;
    return number;
}

/* "12", "-8", "symbol", "symbol+4" */
static bool
take_displacement(struct reader *reader, uint64_t *displacement)
{
    size_t length = strcspn(reader->at, "+-( ");
    uint64_t size;

    *displacement = 0;
    if (length > 0 && !isdigit((unsigned char)*reader->at)) {
        if (debuginfo_symbol(reader->debuginfo,
                             arena_string(reader->arena, reader->at, length),
                             displacement, &size) != 0)
            return false;
        reader->at += length;
    }
    *displacement += (uint64_t)take_number(reader);
    return true;
}

/* "DISPLACEMENT(BASE,INDEX,SCALE)": the address; the assembler has made a
 * symbol that is relative to %rip one. */
static bool
push_address(struct reader *reader)
{
    static const char relative[] = "(%rip)";
    uint64_t displacement;

    if (!take_displacement(reader, &displacement))
        return false;
    add(reader, STEP_CONSTANT, (int64_t)displacement);
    if (strncmp(reader->at, relative, strlen(relative)) == 0) {
        reader->at += strlen(relative);
        return true;
    }
    if (*reader->at != '(')
        return true;
    reader->at++;
    if (*reader->at == '%') {
        if (!push_register(reader))
            return false;
        add(reader, STEP_ADD, 0);
    }
    if (*reader->at == ',') {
        reader->at++;
        if (!push_register(reader))
            return false;
        if (*reader->at == ',') {
            reader->at++;
            add(reader, STEP_CONSTANT, take_number(reader));
            add(reader, STEP_MULTIPLY, 0);
        }
        add(reader, STEP_ADD, 0);
    }
    return *reader->at++ == ')';
}

/* What of SIZE bytes the operand is. */
static bool
push_operand(struct reader *reader, unsigned size)
{
    if (*reader->at == '$') {
        reader->at++;
        add(reader, STEP_CONSTANT, take_number(reader));
        return true;
    }
    if (*reader->at == '%')
        return push_register(reader);
    if (!push_address(reader))
        return false;
    if (reader->word_size == 4)
        add(reader, STEP_ZERO_EXTEND, 32);
    add(reader, STEP_LOAD_USER, size);
    return true;
}

/* ---- arguments ------------------------------------------------------- */

/* The next one's text, or NULL. */
static const char *
next_argument(const char *at)
{
    at += strspn(at, " ");
    return *at != '\0' ? at : NULL;
}

unsigned
mark_argument_count(const char *arguments)
{
    unsigned count = 0;

    for (const char *at = arguments; (at = next_argument(at)) != NULL;
         at += strcspn(at, " "))
        count++;
    return count;
}

int
mark_argument(struct arena *arena, const struct debuginfo *debuginfo,
              const char *arguments, unsigned number, step_list *steps,
              struct error *error)
{
    const char *text = next_argument(arguments);
    struct reader reader = {arena, debuginfo, steps,
                            debuginfo_word_size(debuginfo), NULL};

    for (unsigned i = 1; text != NULL && i < number; i++)
        text = next_argument(text + strcspn(text, " "));
    if (text == NULL)
        return error_set(error, "there is no argument %u", number);
    reader.at = text;
    int64_t size = take_number(&reader);
    unsigned bytes = (unsigned)(size < 0 ? -size : size);
    if ((bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8) &&
        *reader.at++ == '@' && push_operand(&reader, bytes) &&
        (*reader.at == '\0' || *reader.at == ' ')) {
        if (bytes < 8)
            add(&reader, size < 0 ? STEP_SIGN_EXTEND : STEP_ZERO_EXTEND,
                bytes * 8);
        return 0;
    }
    return error_set(error, "not supported yet: an argument that is '%.*s'",
                     (int)strcspn(text, " "), text);
}
