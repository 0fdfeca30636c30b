#include "language/builtin.h"

#include <string.h>

#define L      TYPE_LONG
#define S      TYPE_STRING
#define V      TYPE_VOID
#define PLAIN  BUILTIN_PROCESS, false
#define EVENT  BUILTIN_EVENT, false
#define HIT    BUILTIN_HIT, false
#define PROBE  BUILTIN_PROBE, false
#define LEAVES BUILTIN_PROCESS, true

#define FUNCTION(type, name, time, c_name, summary, count, ...) \
    {name, type, count, {__VA_ARGS__}, time, c_name, summary, NULL}

/* About an address of the task that hit the probe; or of tasks that have the
 * name of the second argument, for addresses that were kept. */
#define USER_SYMBOL(name, c_name, summary)                          \
    FUNCTION(S, name, EVENT, c_name, summary " in the task", 1, L), \
        FUNCTION(S, name, PLAIN, c_name "_of",                      \
                 "the same in tasks called as the second argument", 2, L, S)

/* It reads memory at the hit; translate/memory.h says how. */
#define MEMORY(type, name, count, ...) \
    FUNCTION(type, name, HIT, NULL, "", count, __VA_ARGS__)

/* What no script calls by name. */
#define INTERNAL(type, name, c_name, count, ...) \
    FUNCTION(type, name, PLAIN, c_name, "", count, __VA_ARGS__)

/* For what machtap has no support of yet; foreign.h has what GNU Mach has no
 * notion of. */
#define REFUSED(name, count, reason) \
    {name, L, count, {L, L, L, L, L, L}, PLAIN, NULL, NULL, reason}
#define NOT_YET(name, count) \
    REFUSED(name, count, "not supported yet: " name "()")

static const struct builtin table[] = {
    /* Who and where. */
    FUNCTION(S, "execname", EVENT, "rt_execname",
             "name of the task that hit the probe", 0),
    FUNCTION(L, "task", EVENT, "rt_task",
             "identity of that task: its address in the kernel", 0),
    FUNCTION(L, "thread", EVENT, "rt_thread",
             "identity of the thread: its address in the kernel", 0),
    FUNCTION(L, "tid", EVENT, "rt_thread", "the same as thread()", 0),
    FUNCTION(L, "cpu", EVENT, "rt_cpu", "number of the processor", 0),

    /* When. */
    FUNCTION(L, "gettimeofday_ns", EVENT, "rt_gettimeofday_ns",
             "nanoseconds since 1970", 0),
    FUNCTION(L, "gettimeofday_us", EVENT, "rt_gettimeofday_us",
             "microseconds since 1970", 0),
    FUNCTION(L, "gettimeofday_ms", EVENT, "rt_gettimeofday_ms",
             "milliseconds since 1970", 0),
    FUNCTION(L, "gettimeofday_s", EVENT, "rt_gettimeofday_s",
             "seconds since 1970", 0),
    FUNCTION(L, "ktime_get_ns", EVENT, "rt_ktime_get_ns",
             "nanoseconds since the script started", 0),

    /* Which probe. */
    FUNCTION(S, "pp", PROBE, "rt_pp", "the probe point, resolved", 0),
    FUNCTION(S, "pn", PROBE, "rt_pn", "the probe point as written", 0),
    FUNCTION(S, "probefunc", PROBE, "rt_probefunc",
             "name of the function probed", 0),
    FUNCTION(S, "ppfunc", PROBE, "rt_probefunc", "the same as probefunc()", 0),
    FUNCTION(S, "probemod", PROBE, "rt_probemod",
             "\"kernel\" in a probe of the kernel", 0),

    /* Where: stacks and symbols. */
    FUNCTION(L, "addr", EVENT, "rt_addr", "where the processor was", 0),
    FUNCTION(L, "uaddr", EVENT, "rt_uaddr",
             "where the thread is, or was last, in user mode", 0),
    FUNCTION(L, "user_mode", EVENT, "rt_user_mode",
             "whether the processor was in user mode", 0),
    FUNCTION(S, "backtrace", EVENT, "rt_backtrace",
             "addresses of the kernel's stack, in hexadecimal", 0),
    FUNCTION(S, "ubacktrace", EVENT, "rt_ubacktrace",
             "addresses of the stack in user mode", 0),
    FUNCTION(V, "print_backtrace", EVENT, "rt_print_backtrace",
             "print the kernel's stack with symbols", 0),
    FUNCTION(V, "print_backtrace_fileline", EVENT,
             "rt_print_backtrace_fileline",
             "the same with files and lines of the sources", 0),
    FUNCTION(V, "print_ubacktrace", EVENT, "rt_print_ubacktrace",
             "print the stack in user mode with symbols", 0),
    FUNCTION(V, "print_ubacktrace_brief", EVENT, "rt_print_ubacktrace_brief",
             "print names and offsets of the stack in user mode", 0),
    FUNCTION(V, "print_ubacktrace_fileline", EVENT,
             "rt_print_ubacktrace_fileline",
             "print the stack in user mode with files and lines", 0),
    FUNCTION(S, "sprint_backtrace", EVENT, "rt_sprint_backtrace",
             "what print_backtrace() prints", 0),
    FUNCTION(S, "sprint_ubacktrace", EVENT, "rt_sprint_ubacktrace",
             "what print_ubacktrace() prints", 0),
    FUNCTION(L, "stack", EVENT, "rt_stack",
             "the address at a level of the kernel's stack", 1, L),
    FUNCTION(L, "ustack", EVENT, "rt_ustack",
             "the address at a level of the stack in user mode", 1, L),
    FUNCTION(S, "callers", EVENT, "rt_callers",
             "addresses of so many levels of the kernel's stack", 1, L),
    FUNCTION(S, "ucallers", EVENT, "rt_ucallers",
             "addresses of so many levels of the stack in user mode", 1, L),
    FUNCTION(S, "caller", EVENT, "rt_caller",
             "name and address of the calling function", 0),
    FUNCTION(L, "caller_addr", EVENT, "rt_caller_addr",
             "address that the function returns to", 0),
    FUNCTION(V, "print_stack", PLAIN, "rt_print_stack",
             "print addresses with symbols", 1, S),
    FUNCTION(V, "print_syms", PLAIN, "rt_print_stack", "the same", 1, S),
    FUNCTION(S, "sprint_stack", PLAIN, "rt_sprint_stack",
             "what print_stack() prints", 1, S),
    FUNCTION(S, "sprint_syms", PLAIN, "rt_sprint_stack",
             "what print_syms() prints", 1, S),
    FUNCTION(V, "print_ustack", EVENT, "rt_print_ustack",
             "print addresses of the task with symbols", 1, S),
    FUNCTION(V, "print_usyms", EVENT, "rt_print_ustack", "the same", 1, S),
    FUNCTION(S, "sprint_ustack", EVENT, "rt_sprint_ustack",
             "what print_ustack() prints", 1, S),
    FUNCTION(S, "sprint_usyms", EVENT, "rt_sprint_ustack",
             "what print_usyms() prints", 1, S),
    FUNCTION(S, "symname", PLAIN, "rt_symname",
             "the kernel's symbol that an address is in", 1, L),
    FUNCTION(S, "symdata", PLAIN, "rt_symdata",
             "the same with offset, size and module", 1, L),
    FUNCTION(S, "symfile", PLAIN, "rt_symfile",
             "file of the kernel's sources that an address comes from", 1, L),
    FUNCTION(S, "symline", PLAIN, "rt_symline", "the line in it", 1, L),
    FUNCTION(S, "symfileline", PLAIN, "rt_symfileline", "both, as FILE:LINE", 1,
             L),
    FUNCTION(S, "modname", PLAIN, "rt_modname",
             "\"kernel\", for an address of the kernel", 1, L),
    USER_SYMBOL("usymname", "rt_usymname", "the symbol that an address is in"),
    USER_SYMBOL("usymdata", "rt_usymdata",
                "the same with offset, size and program"),
    USER_SYMBOL("usymfile", "rt_usymfile",
                "file of the sources that an address comes from"),
    USER_SYMBOL("usymline", "rt_usymline", "the line in it"),
    USER_SYMBOL("usymfileline", "rt_usymfileline", "both, as FILE:LINE"),
    USER_SYMBOL("umodname", "rt_umodname", "the program that an address is in"),

    /* Read at the hit. */
    FUNCTION(L, "register", HIT, NULL, "the register of that name", 1, S),
    FUNCTION(L, "u_register", HIT, NULL, "the same, without sign", 1, S),
    FUNCTION(S, "probe_type", HIT, NULL, "kind of the probe point", 0),
    FUNCTION(L, "is_return", HIT, NULL, "whether it is a .return probe", 0),
    FUNCTION(L, "registers_valid", HIT, NULL, "whether there are registers", 0),
    FUNCTION(L, "returnval", HIT, NULL,
             "what the function returns, as a number", 0),
    FUNCTION(L, "int_arg", HIT, NULL, "argument of that number, from 1", 1, L),
    FUNCTION(L, "uint_arg", HIT, NULL, "argument of that number, from 1", 1, L),
    FUNCTION(L, "long_arg", HIT, NULL, "argument of that number, from 1", 1, L),
    FUNCTION(L, "ulong_arg", HIT, NULL, "argument of that number, from 1", 1,
             L),
    FUNCTION(L, "pointer_arg", HIT, NULL, "argument of that number, from 1", 1,
             L),
    FUNCTION(L, "longlong_arg", HIT, NULL, "argument of that number, from 1", 1,
             L),
    FUNCTION(L, "s32_arg", HIT, NULL, "argument of that number, from 1", 1, L),
    FUNCTION(L, "u32_arg", HIT, NULL, "argument of that number, from 1", 1, L),
    FUNCTION(L, "s64_arg", HIT, NULL, "argument of that number, from 1", 1, L),
    FUNCTION(L, "u64_arg", HIT, NULL, "argument of that number, from 1", 1, L),
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

    /* What functions of memory become. */
    INTERNAL(S, "_memory_address", "rt_memory_address", 1, L),
    INTERNAL(S, "_memory_quoted", "rt_text_strn", 3, S, L, L),
    INTERNAL(S, "_memory_utf", "rt_memory_utf", 2, S, L),
    INTERNAL(S, "_memory_utf", "rt_memory_utf_or", 3, S, L, S),
    INTERNAL(S, "_memory_warning", "rt_memory_warning", 2, L, S),
    INTERNAL(L, "_memory_warning", "rt_memory_warning_number", 1, L),

    /* The script. */
    FUNCTION(V, "exit", PLAIN, "rt_exit",
             "end the script when the handler is done", 0),
    FUNCTION(V, "abort", LEAVES, "rt_abort", "end the script at once", 0),
    FUNCTION(V, "error", LEAVES, "rt_error", "raise a run-time error", 1, S),
    FUNCTION(V, "log", PLAIN, "rt_log", "print a line", 1, S),
    FUNCTION(V, "warn", PLAIN, "rt_warn", "print a warning on standard error",
             1, S),
    FUNCTION(V, "system", PLAIN, "rt_system",
             "start a command of the shell, where there is one", 1, S),
    FUNCTION(V, "assert", PLAIN, "rt_assert", "raise an error if 0", 1, L),
    FUNCTION(V, "assert", PLAIN, "rt_assert_message",
             "raise an error with a message if 0", 2, L, S),
    FUNCTION(L, "target", PLAIN, "rt_target",
             "what -x says, or the task of the workload or command of -c", 0),
    FUNCTION(S, "_input_text", PLAIN, "rt_input_text",
             "the byte or line of an input probe", 0),
    FUNCTION(L, "randint", PLAIN, "rt_randint",
             "a random number from 0 to less than the argument", 1, L),

    /* Strings. */
    FUNCTION(L, "strlen", PLAIN, "rt_strlen", "bytes of a string", 1, S),
    FUNCTION(S, "substr", PLAIN, "rt_substr", "part of a string: from, length",
             3, S, L, L),
    FUNCTION(L, "stringat", PLAIN, "rt_stringat", "the byte at a position", 2,
             S, L),
    FUNCTION(L, "isinstr", PLAIN, "rt_isinstr",
             "whether the second string occurs in the first", 2, S, S),
    FUNCTION(L, "strpos", PLAIN, "rt_strpos", "where it does, or -1", 2, S, S),
    FUNCTION(S, "str_replace", PLAIN, "rt_str_replace",
             "the first string with each of the second replaced by the third",
             3, S, S, S),
    FUNCTION(L, "strtol", PLAIN, "rt_strtol", "the number in a string", 2, S,
             L),
    FUNCTION(L, "isdigit", PLAIN, "rt_isdigit",
             "whether a string begins with a digit", 1, S),
    FUNCTION(S, "tokenize", PLAIN, "rt_tokenize",
             "the next token of a string, or of the last one if \"\"", 2, S, S),
    FUNCTION(S, "tokenize", PLAIN, "rt_tokenize_next",
             "the next token of the last string", 1, S),
    FUNCTION(S, "text_str", PLAIN, "rt_text_str",
             "what does not print as escapes", 1, S),
    FUNCTION(S, "text_strn", PLAIN, "rt_text_strn",
             "the same of limited length, quoted or not", 3, S, L, L),
    FUNCTION(S, "string_quoted", PLAIN, "rt_string_quoted",
             "the same in quotes", 1, S),

    FUNCTION(S, "json_quoted", PLAIN, "rt_json_quoted",
             "a string as JSON writes it, in quotes", 1, S),
    FUNCTION(S, "module_name", PLAIN, "rt_module_name",
             "name of the script's own process", 0),
    FUNCTION(S, "env_var", PLAIN, "rt_env_var",
             "a variable of the script's environment, \"\" if not set", 1, S),
    FUNCTION(S, "errno_str", PLAIN, "rt_errno_str",
             "name of an error's number: ENOENT of 2", 1, L),
    FUNCTION(L, "errno_p", PLAIN, "rt_errno_p",
             "the number of a known error without sign, or 0", 1, L),
    FUNCTION(S, "mach_error_string", PLAIN, "rt_mach_error_string",
             "name of what Mach may return", 1, L),
    FUNCTION(S, "signal_str", PLAIN, "rt_signal_str",
             "name of a signal's number: SIGINT of 2", 1, L),

    /* Dates. */
    FUNCTION(S, "ctime", PLAIN, "rt_ctime",
             "date and time of seconds since 1970, in UTC", 1, L),
    FUNCTION(S, "tz_ctime", PLAIN, "rt_tz_ctime",
             "the same in local time, with the zone's name", 1, L),
    FUNCTION(L, "tz_gmtoff", PLAIN, "rt_tz_gmtoff",
             "seconds that local time is behind UTC", 0),
    FUNCTION(S, "tz_name", PLAIN, "rt_tz_name", "name of the local time zone",
             0),

    /* Floating point, in longs with the bits of a double. */
    FUNCTION(L, "fp_add", PLAIN, "rt_fp_add", "sum", 2, L, L),
    FUNCTION(L, "fp_sub", PLAIN, "rt_fp_sub", "difference", 2, L, L),
    FUNCTION(L, "fp_mul", PLAIN, "rt_fp_mul", "product", 2, L, L),
    FUNCTION(L, "fp_div", PLAIN, "rt_fp_div", "quotient", 2, L, L),
    FUNCTION(L, "fp_rem", PLAIN, "rt_fp_rem",
             "what is left by the quotient rounded to the nearest", 2, L, L),
    FUNCTION(L, "fp_sqrt", PLAIN, "rt_fp_sqrt", "square root", 1, L),
    FUNCTION(L, "fp_eq", PLAIN, "rt_fp_eq", "whether they are equal", 2, L, L),
    FUNCTION(L, "fp_le", PLAIN, "rt_fp_le",
             "whether the first is at most the second", 2, L, L),
    FUNCTION(L, "fp_lt", PLAIN, "rt_fp_lt",
             "whether the first is less than the second", 2, L, L),
    FUNCTION(L, "long_to_fp", PLAIN, "rt_long_to_fp",
             "floating point of a long", 1, L),
    FUNCTION(L, "fp32_to_fp64", PLAIN, "rt_fp32_to_fp64",
             "64 bits of a floating point number of 32", 1, L),
    FUNCTION(L, "fp_to_long", PLAIN, "rt_fp_to_long",
             "a long, rounded: 0 to nearest, 1 to zero, 2 down, 3 up, 4 to "
             "nearest with halves away from zero, 6 to odd",
             3, L, L, L),
    FUNCTION(S, "fp_to_string", PLAIN, "rt_fp_to_string",
             "text, with so many digits after the point", 2, L, L),
    FUNCTION(L, "string_to_fp", PLAIN, "rt_string_to_fp",
             "floating point of text", 1, S),

    FUNCTION(S, "matched", PLAIN, "rt_matched",
             "a group of the last =~, or of 0 the whole match", 1, L),
    FUNCTION(S, "matched_str", PLAIN, "rt_matched_str",
             "the whole match of the last =~", 0),
    FUNCTION(L, "ngroups", PLAIN, "rt_ngroups",
             "groups of the last =~, the whole among them", 0),

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
