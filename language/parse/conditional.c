#include "language/parse/conditional.h"

#include <fnmatch.h>
#include <string.h>

#include "language/parse/lexer.h"

enum relation { LT, LE, GT, GE, EQ, NE, NONE };

static enum relation
relation_of(const struct token *token)
{
    static const char *const texts[] = {[LT] = "<",  [LE] = "<=", [GT] = ">",
                                        [GE] = ">=", [EQ] = "==", [NE] = "!="};

    for (int i = 0; i < NONE; i++)
        if (token_is(token, TOKEN_OPERATOR, texts[i]))
            return i;
    return NONE;
}

static bool
holds(enum relation relation, int order)
{
    switch (relation) {
    case LT:
        return order < 0;
    case LE:
        return order <= 0;
    case GT:
        return order > 0;
    case GE:
        return order >= 0;
    case EQ:
        return order == 0;
    default:
        return order != 0;
    }
}

static int
order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* What a name on the left stands for. */
enum value_kind {
    VALUE_VERSION, /* ordered as versions; == and != take wildcards */
    VALUE_WORD,    /* only == and !=, with wildcards */
    VALUE_NUMBER,
};

struct value {
    const char *name;
    enum value_kind kind;
    const char *(*text)(const struct language_options *options);
};

static const char *
kernel_v(const struct language_options *options)
{
    return options->kernel_v;
}

static const char *
kernel_vr(const struct language_options *options)
{
    return options->kernel_vr;
}

static const char *
arch(const struct language_options *options)
{
    return options->arch;
}

static const char *
version(const struct language_options *options)
{
    return options->version;
}

static const char *
privilege(const struct language_options *options)
{
    return options->privilege ? options->privilege : "stapdev";
}

static const char *
runtime(const struct language_options *options)
{
    return "mach";
}

static const char *
unset(const struct language_options *options)
{
    return "";
}

static const struct value values[] = {
    {"kernel_v", VALUE_VERSION, kernel_v},
    {"kernel_vr", VALUE_VERSION, kernel_vr},
    {"systemtap_v", VALUE_VERSION, version},
    {"arch", VALUE_WORD, arch},
    {"systemtap_privilege", VALUE_WORD, privilege},
    {"runtime", VALUE_WORD, runtime},
    {"guru_mode", VALUE_NUMBER, NULL},
};

/* GNU Mach has no kernel configuration to ask: CONFIG_* are unset. */
static const struct value config = {"CONFIG_", VALUE_WORD, unset};

static const struct value *
value_of(const struct token *token)
{
    if (token->kind != TOKEN_IDENTIFIER)
        return NULL;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (!strcmp(values[i].name, token->text))
            return &values[i];
    return strncmp(token->text, config.name, strlen(config.name)) ? NULL
                                                                  : &config;
}

int
condition_compare(const struct language_options *options,
                  const struct token *left, const struct token *operator,
                  const struct token * right, const char **problem,
                  const struct token **at)
{
    const struct value *value = value_of(left);
    enum relation relation = relation_of(operator);

    if (!value && left->kind != TOKEN_STRING && left->kind != TOKEN_NUMBER) {
        *problem = "expected kernel_v, kernel_vr, arch, systemtap_v, "
                   "systemtap_privilege, guru_mode, runtime, CONFIG_*, or a "
                   "literal";
        *at = left;
        return -1;
    }
    if (relation == NONE) {
        *problem = "expected comparison operator";
        *at = operator;
        return -1;
    }

    enum token_kind wanted = left->kind;

    if (value)
        wanted = value->kind == VALUE_NUMBER ? TOKEN_NUMBER : TOKEN_STRING;
    if (right->kind != wanted) {
        *problem = wanted == TOKEN_NUMBER
                       ? "expected number literal as right value"
                       : "expected string literal as right value";
        *at = right;
        return -1;
    }
    if (!value && wanted == TOKEN_NUMBER)
        return holds(relation, order_of(left->value, right->value));
    if (!value)
        return holds(relation, strcmp(left->text, right->text));
    if (value->kind == VALUE_NUMBER && (relation == EQ || relation == NE))
        return holds(relation, order_of(options->guru, right->value));

    const char *text = value->text ? value->text(options) : NULL;

    if (!text)
        text = "";
    if (relation == EQ || relation == NE)
        return holds(relation, fnmatch(right->text, text, 0));
    if (value->kind != VALUE_VERSION) {
        *problem = "expected '==' or '!='";
        *at = operator;
        return -1;
    }
    return holds(relation, strverscmp(text, right->text));
}
