/*
 * Who calls whom: how deep calls of the script's functions can go.
 */

#include <stdlib.h>

#include "translate/emit/emit_i.h"

enum visit {
    UNSEEN,
    OPEN, /* on the way that is being followed */
    DONE,
};

struct call_graph {
    const struct unit *unit;
    unsigned *depths;   /* of each function in unit->functions */
    enum visit *visits; /* likewise */
    bool recursion;
    unsigned deepest; /* callee of the function being looked at */
};

static unsigned follow(struct call_graph *graph, const struct function *called);

static void
note_call(struct expression **slot, void *data)
{
    struct call_graph *graph = data;
    const struct expression *expression = *slot;
    const struct function *function;

    if (expression->kind != EXPRESSION_CALL)
        return;
    for (function = expression->call.function; function != NULL;
         function = function->overload) {
        unsigned depth = follow(graph, function);

        if (depth > graph->deepest)
            graph->deepest = depth;
    }
}

/* Calls that are open at most once CALLED is, itself included. */
static unsigned
follow(struct call_graph *graph, const struct function *called)
{
    const function_list *functions = &graph->unit->functions;
    unsigned outer = graph->deepest;
    unsigned i;

    for (i = 0; i < functions->count; i++) {
        if (functions->items[i] == called)
            break;
    }
    if (i == functions->count)
        return 0;
    if (graph->visits[i] == OPEN) {
        graph->recursion = true;
        return 0;
    }
    if (graph->visits[i] == UNSEEN) {
        graph->visits[i] = OPEN;
        graph->deepest = 0;
        if (called->body != NULL)
            ast_walk(called->body, note_call, graph);
        graph->depths[i] = graph->deepest + 1;
        graph->visits[i] = DONE;
        graph->deepest = outer;
    }
    return graph->depths[i];
}

unsigned
emit_call_depth(const struct unit *unit)
{
    unsigned count = unit->functions.count;
    struct call_graph graph = {
        .unit = unit,
        .depths = xcalloc(count + 1, sizeof(unsigned)),
        .visits = xcalloc(count + 1, sizeof(enum visit)),
    };
    unsigned most = 0;
    unsigned i;

    for (i = 0; i < count; i++) {
        unsigned depth = follow(&graph, unit->functions.items[i]);

        if (depth > most)
            most = depth;
    }
    free(graph.depths);
    free(graph.visits);
    return graph.recursion ? most : 0;
}
