#include "language/words/at_operator.h"

#include <string.h>

static const struct at_operator operators[] = {
    {"@kderef", 2, 2, "the N bytes at an address of the kernel"},
    {"@uderef", 2, 2, "the N bytes at an address of the task"},
    {"@kregister", 1, 1, "a register of the kernel by its DWARF number"},
    {"@uregister", 1, 1, "a register of the task by its DWARF number"},
    {"@perf", 1, 1, "a counter of performance events"},
    {"@probewrite", 1, 1, "whether the handler writes a context variable"},
    {"@const", 1, 1, "a constant of the C sources"},
    {"@enum", 1, 1, "the value of an enumerator"},
    {"@enumname", 2, 2, "the name of an enumerator by its value"},
    {"@errno", 0, 0, "the error that a system call returned"},
};

static const char *const stats[STAT_OPERATORS] = {
    [STAT_COUNT] = "@count", [STAT_SUM] = "@sum", [STAT_MIN] = "@min",
    [STAT_MAX] = "@max",     [STAT_AVG] = "@avg", [STAT_VARIANCE] = "@variance",
};

/* What the parser knows by name. */
static const char *const parsed[] = {
    "@define", "@cast",     "@var",         "@defined",
    "@entry",  "@hist_log", "@hist_linear",
};

const struct at_operator *
at_operator_find(const char *name)
{
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
        if (!strcmp(operators[i].name, name))
            return &operators[i];
    return NULL;
}

bool
at_operator_is_stat(const char *name, enum stat_operator *found)
{
    for (int i = 0; i < STAT_OPERATORS; i++)
        if (!strcmp(stats[i], name)) {
            *found = i;
            return true;
        }
    return false;
}

const char *at_operator_stat_name(enum stat_operator
                                  operator)
{
    return stats[operator];
}

bool
at_operator_is_reserved(const char *name)
{
    enum stat_operator operator;

    for (size_t i = 0; i < sizeof(parsed) / sizeof(parsed[0]); i++)
        if (!strcmp(parsed[i], name))
            return true;
    return at_operator_find(name) || at_operator_is_stat(name, &operator);
}

const char *
at_operator_name(unsigned i)
{
    const unsigned rows = sizeof(operators) / sizeof(operators[0]);
    const unsigned words = sizeof(parsed) / sizeof(parsed[0]);

    if (i < rows)
        return operators[i].name;
    i -= rows;
    if (i < STAT_OPERATORS)
        return stats[i];
    i -= STAT_OPERATORS;
    return i < words ? parsed[i] : NULL;
}
