#include "language/words/unsupported.h"

#include <string.h>

#include "language/types/resolve.h"

/* What E writes that is not the script's, or NULL. */
static const struct expression *
written_target(const struct expression *e)
{
    const struct expression *target = NULL;

    if (e->kind == EXPRESSION_ASSIGN)
        target = e->assign.target;
    else if (e->kind == EXPRESSION_INCREMENT)
        target = e->increment.target;
    return target && target->kind == EXPRESSION_TARGET ? target : NULL;
}

bool
unsupported_expression(struct unit *unit, const struct expression *expression)
{
    if (expression->kind == EXPRESSION_OPERATOR &&
        !strcmp(expression->at.operator->name, "@probewrite")) {
        unit_error(unit, expression->token,
                   "unexpected @probewrite: it is for the handlers of aliases");
        return true;
    }
    if (expression->kind == EXPRESSION_BINARY &&
        expression->binary.operator== BINARY_SHIFT_RIGHT_LOGICAL) {
        unit_error(unit, expression->token, "unsupported binary operator >>>");
        return true;
    }
    if (written_target(expression) && !unit->options.guru) {
        unit_error(unit, written_target(expression)->token,
                   "write to target variable not permitted; need machtap -g");
        return true;
    }
    if (expression->kind == EXPRESSION_CALL && !unit->options.guru &&
        !strncmp(expression->call.name, "set_kernel_", strlen("set_kernel_")) &&
        resolve_is_of_moment(unit, expression)) {
        unit_error(unit, expression->token,
                   "function %s writes to the kernel; need machtap -g",
                   expression->call.name);
        return true;
    }
    return false;
}
