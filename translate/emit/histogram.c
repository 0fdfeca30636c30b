/*
 * Histograms: their buckets and their pictures.
 */

#include "translate/emit/emit_i.h"

/* RT_LOG_BUCKETS of the runtime. */
#define LOG_BUCKETS 128

/* Below the range, above it, and one for its upper bound. */
#define MORE_BUCKETS 3

/* A variable has one histogram, whose description has its name. */
const char *
emit_histogram(struct emitter *emitter, const struct expression *expression)
{
    const struct expression *stats = expression->histogram.stats;
    const struct variable *variable = stats->kind == EXPRESSION_INDEX
                                          ? emit_array(stats)
                                          : stats->symbol.variable;

    return emit_text(emitter, "&buckets_%s",
                     emit_variable_name(emitter, variable));
}

unsigned
emit_bucket_count(const struct expression *histogram)
{
    uint64_t range = (uint64_t)histogram->histogram.high -
                     (uint64_t)histogram->histogram.low;

    if (!histogram->histogram.linear)
        return LOG_BUCKETS;
    return (unsigned)(range / (uint64_t)histogram->histogram.step) +
           MORE_BUCKETS;
}

/* @hist_log(s)[i] */
struct operand
emit_bucket(struct emitter *emitter, const struct expression *expression)
{
    const struct expression *histogram = expression->index.base;
    struct expression *parts[] = {expression->index.indexes.items[0]};
    struct operand number, result;

    emit_operands(emitter, parts, 1, &number);
    number = emit_steady(emitter, TYPE_LONG, number);
    result = emit_temporary(
        emitter, TYPE_LONG,
        emit_text(emitter, "rt_histogram_bucket(%s, %s, %s)",
                  emit_histogram(emitter, histogram),
                  emit_stats_place(emitter, histogram->histogram.stats),
                  number.text),
        STEADY);
    emit_check(emitter, histogram->token);
    return result;
}

struct operand
emit_in_histogram(struct emitter *emitter, const struct expression *expression)
{
    struct operand number =
        emit_expression(emitter, expression->in.indexes.items[0]);

    return (struct operand){
        emit_text(emitter, "rt_histogram_has(%s, %s)",
                  emit_histogram(emitter, expression->in.array), number.text),
        number.steadiness};
}

/* The picture ends in an empty line; println and sprintln add no other. */
struct operand
emit_print_histogram(struct emitter *emitter, const struct expression *print)
{
    const struct expression *histogram = print->print.arguments.items[0];
    const char *arguments =
        emit_text(emitter, "%s, %s", emit_histogram(emitter, histogram),
                  emit_stats_place(emitter, histogram->histogram.stats));
    struct operand result = {NULL, STEADY};

    if (!print->print.to_string) {
        emit_line(emitter, "rt_print_histogram(%s);", arguments);
        emit_check(emitter, histogram->token);
        return result;
    }
    emitter->scratch_used = true;
    result = emit_temporary(
        emitter, TYPE_STRING,
        emit_text(emitter, "rt_sprint_histogram(%s)", arguments), STEADY);
    emit_check(emitter, histogram->token);
    return result;
}

/* foreach (i in @hist_log(s)), foreach (v = i in ...) */
void
emit_foreach_bucket(struct emitter *emitter, const struct statement *statement)
{
    const struct expression *histogram = statement->foreach.array;
    const struct expression *key = statement->foreach.keys.items[0];
    const char *number = emit_text(emitter, "n%u", emit_name(emitter));
    const char *limit = NULL;

    emit_open(emitter, "%s", "");
    if (statement->foreach.limit != NULL) {
        limit = emit_expression(emitter, statement->foreach.limit).text;
        limit = emit_temporary(emitter, TYPE_LONG, limit, STEADY).text;
        emit_release(emitter);
    }
    emit_open(emitter, "for (int64_t %s = 0; %s < %u%s; %s++) ", number, number,
              emit_bucket_count(histogram),
              limit ? emit_text(emitter, " && %s < %s", number, limit) : "",
              number);
    emit_loop_variable(emitter, key, number);
    if (statement->foreach.value != NULL) {
        const char *place =
            emit_stats_place(emitter, histogram->histogram.stats);

        emit_loop_variable(emitter, statement->foreach.value,
                           emit_text(emitter, "rt_histogram_bucket(%s, %s, %s)",
                                     emit_histogram(emitter, histogram), place,
                                     number));
        emit_check(emitter, histogram->token);
        emit_release(emitter);
    }
    emit_loop_body(emitter, statement->foreach.body, statement->token, NULL);
    emit_close(emitter);
    emit_close(emitter);
}
