#include "language/words/builtin.h"

#include <string.h>

#define L      TYPE_LONG
#define S      TYPE_STRING
#define V      TYPE_VOID
#define PLAIN  BUILTIN_PROCESS, false
#define EVENT  BUILTIN_EVENT, false
#define HIT    BUILTIN_HIT, false
#define PROBE  BUILTIN_PROBE, false
#define LEAVES BUILTIN_PROCESS, true

#define FUNCTION(type, name, time, c_name, count, ...) \
    {name, type, count, {__VA_ARGS__}, time, c_name, NULL}

/* About an address of the task that hit the probe; or of tasks that have the
 * name of the second argument, for addresses that were kept. */
#define USER_SYMBOL(name, c_name)           \
    FUNCTION(S, name, EVENT, c_name, 1, L), \
        FUNCTION(S, name, PLAIN, c_name "_of", 2, L, S)

/* It reads memory at the hit; translate/values/read_function.h says how. */
#define MEMORY(type, name, count, ...) \
    FUNCTION(type, name, HIT, NULL, count, __VA_ARGS__)

/* What no script calls by name. */
#define INTERNAL(type, name, c_name, count, ...) \
    FUNCTION(type, name, PLAIN, c_name, count, __VA_ARGS__)

/* For what machtap has no support of yet; foreign.h has what GNU Mach has no
 * notion of. */
#define REFUSED(name, count, reason) \
    {name, L, count, {L, L, L, L, L, L}, PLAIN, NULL, reason}
#define NOT_YET(name, count) \
    REFUSED(name, count, "not supported yet: " name "()")

static const struct builtin table[] = {
    /* Who and where. */
    FUNCTION(S, "execname", EVENT, "rt_execname", 0),
    FUNCTION(L, "task", EVENT, "rt_task", 0),
    FUNCTION(L, "thread", EVENT, "rt_thread", 0),
    FUNCTION(L, "tid", EVENT, "rt_thread", 0),
    FUNCTION(L, "cpu", EVENT, "rt_cpu", 0),

    /* When. */
    FUNCTION(L, "gettimeofday_ns", EVENT, "rt_gettimeofday_ns", 0),
    FUNCTION(L, "gettimeofday_us", EVENT, "rt_gettimeofday_us", 0),
    FUNCTION(L, "gettimeofday_ms", EVENT, "rt_gettimeofday_ms", 0),
    FUNCTION(L, "gettimeofday_s", EVENT, "rt_gettimeofday_s", 0),
    FUNCTION(L, "ktime_get_ns", EVENT, "rt_ktime_get_ns", 0),

    /* Which probe. */
    FUNCTION(S, "pp", PROBE, "rt_pp", 0),
    FUNCTION(S, "pn", PROBE, "rt_pn", 0),
    FUNCTION(S, "probefunc", PROBE, "rt_probefunc", 0),
    FUNCTION(S, "ppfunc", PROBE, "rt_probefunc", 0),
    FUNCTION(S, "probemod", PROBE, "rt_probemod", 0),

    /* Where: stacks and symbols. */
    FUNCTION(L, "addr", EVENT, "rt_addr", 0),
    FUNCTION(L, "uaddr", EVENT, "rt_uaddr", 0),
    FUNCTION(L, "user_mode", EVENT, "rt_user_mode", 0),
    FUNCTION(S, "backtrace", EVENT, "rt_backtrace", 0),
    FUNCTION(S, "ubacktrace", EVENT, "rt_ubacktrace", 0),
    FUNCTION(V, "print_backtrace", EVENT, "rt_print_backtrace", 0),
    FUNCTION(V, "print_backtrace_fileline", EVENT,
             "rt_print_backtrace_fileline", 0),
    FUNCTION(V, "print_ubacktrace", EVENT, "rt_print_ubacktrace", 0),
    FUNCTION(V, "print_ubacktrace_brief", EVENT, "rt_print_ubacktrace_brief",
             0),
    FUNCTION(V, "print_ubacktrace_fileline", EVENT,
             "rt_print_ubacktrace_fileline", 0),
    FUNCTION(S, "sprint_backtrace", EVENT, "rt_sprint_backtrace", 0),
    FUNCTION(S, "sprint_ubacktrace", EVENT, "rt_sprint_ubacktrace", 0),
    FUNCTION(L, "stack", EVENT, "rt_stack", 1, L),
    FUNCTION(L, "ustack", EVENT, "rt_ustack", 1, L),
    FUNCTION(S, "callers", EVENT, "rt_callers", 1, L),
    FUNCTION(S, "ucallers", EVENT, "rt_ucallers", 1, L),
    FUNCTION(S, "caller", EVENT, "rt_caller", 0),
    FUNCTION(L, "caller_addr", EVENT, "rt_caller_addr", 0),
    FUNCTION(V, "print_stack", PLAIN, "rt_print_stack", 1, S),
    FUNCTION(V, "print_syms", PLAIN, "rt_print_stack", 1, S),
    FUNCTION(S, "sprint_stack", PLAIN, "rt_sprint_stack", 1, S),
    FUNCTION(S, "sprint_syms", PLAIN, "rt_sprint_stack", 1, S),
    FUNCTION(V, "print_ustack", EVENT, "rt_print_ustack", 1, S),
    FUNCTION(V, "print_usyms", EVENT, "rt_print_ustack", 1, S),
    FUNCTION(S, "sprint_ustack", EVENT, "rt_sprint_ustack", 1, S),
    FUNCTION(S, "sprint_usyms", EVENT, "rt_sprint_ustack", 1, S),
    FUNCTION(S, "symname", PLAIN, "rt_symname", 1, L),
    FUNCTION(S, "symdata", PLAIN, "rt_symdata", 1, L),
    FUNCTION(S, "symfile", PLAIN, "rt_symfile", 1, L),
    FUNCTION(S, "symline", PLAIN, "rt_symline", 1, L),
    FUNCTION(S, "symfileline", PLAIN, "rt_symfileline", 1, L),
    FUNCTION(S, "modname", PLAIN, "rt_modname", 1, L),
    USER_SYMBOL("usymname", "rt_usymname"),
    USER_SYMBOL("usymdata", "rt_usymdata"),
    USER_SYMBOL("usymfile", "rt_usymfile"),
    USER_SYMBOL("usymline", "rt_usymline"),
    USER_SYMBOL("usymfileline", "rt_usymfileline"),
    USER_SYMBOL("umodname", "rt_umodname"),

    /* Read at the hit. */
    FUNCTION(L, "register", HIT, NULL, 1, S),
    FUNCTION(L, "u_register", HIT, NULL, 1, S),
    FUNCTION(S, "probe_type", HIT, NULL, 0),
    FUNCTION(L, "is_return", HIT, NULL, 0),
    FUNCTION(L, "registers_valid", HIT, NULL, 0),
    FUNCTION(L, "returnval", HIT, NULL, 0),
    FUNCTION(L, "int_arg", HIT, NULL, 1, L),
    FUNCTION(L, "uint_arg", HIT, NULL, 1, L),
    FUNCTION(L, "long_arg", HIT, NULL, 1, L),
    FUNCTION(L, "ulong_arg", HIT, NULL, 1, L),
    FUNCTION(L, "pointer_arg", HIT, NULL, 1, L),
    FUNCTION(L, "longlong_arg", HIT, NULL, 1, L),
    FUNCTION(L, "ulonglong_arg", HIT, NULL, 1, L),
    FUNCTION(L, "s32_arg", HIT, NULL, 1, L),
    FUNCTION(L, "u32_arg", HIT, NULL, 1, L),
    FUNCTION(L, "s64_arg", HIT, NULL, 1, L),
    FUNCTION(L, "u64_arg", HIT, NULL, 1, L),
    MEMORY(L, "kernel_char", 1, L),
    MEMORY(L, "kernel_short", 1, L),
    MEMORY(L, "kernel_int", 1, L),
    MEMORY(L, "kernel_long", 1, L),
    MEMORY(L, "kernel_int64", 1, L),
    MEMORY(L, "kernel_uint8", 1, L),
    MEMORY(L, "kernel_uint16", 1, L),
    MEMORY(L, "kernel_uint32", 1, L),
    MEMORY(L, "kernel_uint64", 1, L),
    MEMORY(L, "kernel_pointer", 1, L),
    MEMORY(L, "set_kernel_char", 2, L, L),
    MEMORY(L, "set_kernel_short", 2, L, L),
    MEMORY(L, "set_kernel_int", 2, L, L),
    MEMORY(L, "set_kernel_long", 2, L, L),
    MEMORY(L, "set_kernel_int64", 2, L, L),
    MEMORY(L, "set_kernel_pointer", 2, L, L),
    MEMORY(L, "set_kernel_string", 2, L, S),
    MEMORY(L, "set_kernel_string_n", 3, L, L, S),
    MEMORY(L, "user_char", 1, L),
    MEMORY(L, "user_char_error", 1, L),
    MEMORY(L, "user_char_warn", 1, L),
    MEMORY(L, "user_short", 1, L),
    MEMORY(L, "user_short_error", 1, L),
    MEMORY(L, "user_short_warn", 1, L),
    MEMORY(L, "user_int", 1, L),
    MEMORY(L, "user_int_error", 1, L),
    MEMORY(L, "user_int_warn", 1, L),
    MEMORY(L, "user_long", 1, L),
    MEMORY(L, "user_long_error", 1, L),
    MEMORY(L, "user_long_warn", 1, L),
    MEMORY(L, "user_ushort", 1, L),
    MEMORY(L, "user_ushort_error", 1, L),
    MEMORY(L, "user_ushort_warn", 1, L),
    MEMORY(L, "user_uint", 1, L),
    MEMORY(L, "user_uint_error", 1, L),
    MEMORY(L, "user_uint_warn", 1, L),
    MEMORY(L, "user_ulong", 1, L),
    MEMORY(L, "user_ulong_error", 1, L),
    MEMORY(L, "user_ulong_warn", 1, L),
    MEMORY(L, "user_int8", 1, L),
    MEMORY(L, "user_int8_error", 1, L),
    MEMORY(L, "user_int16", 1, L),
    MEMORY(L, "user_int16_error", 1, L),
    MEMORY(L, "user_int32", 1, L),
    MEMORY(L, "user_int32_error", 1, L),
    MEMORY(L, "user_int64", 1, L),
    MEMORY(L, "user_int64_error", 1, L),
    MEMORY(L, "user_uint8", 1, L),
    MEMORY(L, "user_uint8_error", 1, L),
    MEMORY(L, "user_uint16", 1, L),
    MEMORY(L, "user_uint16_error", 1, L),
    MEMORY(L, "user_uint32", 1, L),
    MEMORY(L, "user_uint32_error", 1, L),
    MEMORY(L, "user_uint64", 1, L),
    MEMORY(L, "user_uint64_error", 1, L),
    MEMORY(S, "kernel_string", 1, L),
    MEMORY(S, "kernel_string", 2, L, S),
    MEMORY(S, "kernel_string_n", 2, L, L),
    MEMORY(S, "kernel_string_quoted", 1, L),
    MEMORY(S, "kernel_string_utf16", 1, L),
    MEMORY(S, "kernel_string_utf16", 2, L, S),
    MEMORY(S, "kernel_string_utf32", 1, L),
    MEMORY(S, "kernel_string_utf32", 2, L, S),
    MEMORY(S, "kernel_string_quoted_utf16", 1, L),
    MEMORY(S, "kernel_string_quoted_utf32", 1, L),
    MEMORY(S, "kernel_buffer_quoted", 2, L, L),
    MEMORY(S, "kernel_buffer_quoted", 3, L, L, L),
    MEMORY(S, "kernel_buffer_quoted_error", 3, L, L, L),
    MEMORY(S, "kernel_or_user_string_quoted", 1, L),
    MEMORY(S, "kernel_or_user_string_quoted_utf16", 1, L),
    MEMORY(S, "kernel_or_user_string_quoted_utf32", 1, L),
    MEMORY(S, "user_string", 1, L),
    MEMORY(S, "user_string", 2, L, S),
    MEMORY(S, "user_string_n", 2, L, L),
    MEMORY(S, "user_string_n", 3, L, L, S),
    MEMORY(S, "user_string_nofault", 1, L),
    MEMORY(S, "user_string_n_nofault", 2, L, L),
    MEMORY(S, "user_string_warn", 1, L),
    MEMORY(S, "user_string_warn", 2, L, S),
    MEMORY(S, "user_string_n_warn", 2, L, L),
    MEMORY(S, "user_string_n_warn", 3, L, L, S),
    MEMORY(S, "user_string_quoted", 1, L),
    MEMORY(S, "user_string_n_quoted", 2, L, L),
    MEMORY(S, "user_string_n_quoted", 3, L, L, L),
    MEMORY(S, "user_string_utf16", 1, L),
    MEMORY(S, "user_string_utf16", 2, L, S),
    MEMORY(S, "user_string_utf32", 1, L),
    MEMORY(S, "user_string_utf32", 2, L, S),
    MEMORY(S, "user_string_quoted_utf16", 1, L),
    MEMORY(S, "user_string_quoted_utf32", 1, L),
    MEMORY(S, "user_buffer_quoted", 3, L, L, L),
    MEMORY(S, "user_buffer_quoted_error", 3, L, L, L),

    INTERNAL(L, "_string_size", "rt_string_size", 0),

    /* What functions of memory become. */
    INTERNAL(S, "_memory_address", "rt_memory_address", 1, L),
    INTERNAL(S, "_memory_quoted", "rt_text_strn", 3, S, L, L),
    INTERNAL(S, "_memory_utf", "rt_memory_utf", 2, S, L),
    INTERNAL(S, "_memory_utf", "rt_memory_utf_or", 3, S, L, S),
    INTERNAL(S, "_memory_warning", "rt_memory_warning", 2, L, S),
    INTERNAL(L, "_memory_warning", "rt_memory_warning_number", 1, L),

    /* The script. */
    FUNCTION(V, "exit", PLAIN, "rt_exit", 0),
    FUNCTION(V, "abort", LEAVES, "rt_abort", 0),
    FUNCTION(V, "error", LEAVES, "rt_error", 1, S),
    FUNCTION(V, "log", PLAIN, "rt_log", 1, S),
    FUNCTION(V, "warn", PLAIN, "rt_warn", 1, S),
    FUNCTION(V, "system", PLAIN, "rt_system", 1, S),
    FUNCTION(V, "assert", PLAIN, "rt_assert", 1, L),
    FUNCTION(V, "assert", PLAIN, "rt_assert_message", 2, L, S),
    FUNCTION(L, "target", PLAIN, "rt_target", 0),
    FUNCTION(S, "_input_text", PLAIN, "rt_input_text", 0),
    FUNCTION(L, "randint", PLAIN, "rt_randint", 1, L),

    /* Strings. */
    FUNCTION(L, "strlen", PLAIN, "rt_strlen", 1, S),
    FUNCTION(S, "substr", PLAIN, "rt_substr", 3, S, L, L),
    FUNCTION(L, "stringat", PLAIN, "rt_stringat", 2, S, L),
    FUNCTION(L, "isinstr", PLAIN, "rt_isinstr", 2, S, S),
    FUNCTION(L, "strpos", PLAIN, "rt_strpos", 2, S, S),
    FUNCTION(S, "str_replace", PLAIN, "rt_str_replace", 3, S, S, S),
    FUNCTION(L, "strtol", PLAIN, "rt_strtol", 2, S, L),
    FUNCTION(L, "isdigit", PLAIN, "rt_isdigit", 1, S),
    FUNCTION(S, "tokenize", PLAIN, "rt_tokenize", 2, S, S),
    FUNCTION(S, "tokenize", PLAIN, "rt_tokenize_next", 1, S),
    FUNCTION(S, "text_str", PLAIN, "rt_text_str", 1, S),
    FUNCTION(S, "text_strn", PLAIN, "rt_text_strn", 3, S, L, L),
    FUNCTION(S, "string_quoted", PLAIN, "rt_string_quoted", 1, S),

    FUNCTION(S, "json_quoted", PLAIN, "rt_json_quoted", 1, S),
    FUNCTION(S, "module_name", PLAIN, "rt_module_name", 0),
    FUNCTION(S, "env_var", PLAIN, "rt_env_var", 1, S),
    FUNCTION(S, "errno_str", PLAIN, "rt_errno_str", 1, L),
    FUNCTION(L, "errno_p", PLAIN, "rt_errno_p", 1, L),
    FUNCTION(S, "mach_error_string", PLAIN, "rt_mach_error_string", 1, L),
    FUNCTION(S, "signal_str", PLAIN, "rt_signal_str", 1, L),

    /* Dates. */
    FUNCTION(S, "ctime", PLAIN, "rt_ctime", 1, L),
    FUNCTION(S, "tz_ctime", PLAIN, "rt_tz_ctime", 1, L),
    FUNCTION(L, "tz_gmtoff", PLAIN, "rt_tz_gmtoff", 0),
    FUNCTION(S, "tz_name", PLAIN, "rt_tz_name", 0),

    /* Floating point, in longs with the bits of a double. */
    FUNCTION(L, "fp_add", PLAIN, "rt_fp_add", 2, L, L),
    FUNCTION(L, "fp_sub", PLAIN, "rt_fp_sub", 2, L, L),
    FUNCTION(L, "fp_mul", PLAIN, "rt_fp_mul", 2, L, L),
    FUNCTION(L, "fp_div", PLAIN, "rt_fp_div", 2, L, L),
    FUNCTION(L, "fp_rem", PLAIN, "rt_fp_rem", 2, L, L),
    FUNCTION(L, "fp_sqrt", PLAIN, "rt_fp_sqrt", 1, L),
    FUNCTION(L, "fp_eq", PLAIN, "rt_fp_eq", 2, L, L),
    FUNCTION(L, "fp_le", PLAIN, "rt_fp_le", 2, L, L),
    FUNCTION(L, "fp_lt", PLAIN, "rt_fp_lt", 2, L, L),
    FUNCTION(L, "long_to_fp", PLAIN, "rt_long_to_fp", 1, L),
    FUNCTION(L, "fp32_to_fp64", PLAIN, "rt_fp32_to_fp64", 1, L),
    FUNCTION(L, "fp_to_long", PLAIN, "rt_fp_to_long", 3, L, L, L),
    FUNCTION(S, "fp_to_string", PLAIN, "rt_fp_to_string", 2, L, L),
    FUNCTION(L, "string_to_fp", PLAIN, "rt_string_to_fp", 1, S),

    FUNCTION(S, "matched", PLAIN, "rt_matched", 1, L),
    FUNCTION(S, "matched_str", PLAIN, "rt_matched_str", 0),
    FUNCTION(L, "ngroups", PLAIN, "rt_ngroups", 0),

    NOT_YET("print_ubacktrace", 3),
    NOT_YET("print_ubacktrace_fileline", 3),
};

const struct builtin *
builtin_find(const char *name, unsigned count)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].parameter_count == count && !strcmp(table[i].name, name))
            return &table[i];
    return NULL;
}

const struct builtin *
builtin_table(unsigned *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}
