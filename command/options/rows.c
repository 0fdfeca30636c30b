#include "command/options/rows.h"

#include "command/options/options.h"

#define AT(member) offsetof(struct options, member)

#define WHEN "always never auto"

#define REFUSED(letter, name, word, reason) \
    {letter, name, VALUE_REFUSED, 0, 0, word, reason, NULL}
#define IGNORED(letter, name, word, help) \
    {letter, name, VALUE_IGNORED, 0, 0, word, help, NULL}

#define NO_SERVER "there are no compile servers: everything is done here"
#define NO_LIMIT  "limits of processes are the shell's: ulimit"

const struct option_row option_rows[] = {
    /* The script. */
    {'e', NULL, VALUE_TEXT, AT(script_text), 0, "SCRIPT",
     "run SCRIPT, given here, instead of a file", NULL},
    {'E', NULL, VALUE_LIST, AT(more_texts), 0, "SCRIPT",
     "run SCRIPT too; may be repeated", NULL},
    {0, "example", VALUE_NONE, AT(example), 0, NULL,
     "FILE is one of the examples; without FILE, list them", NULL},
    {'G', NULL, VALUE_LIST, AT(globals), 0, "NAME=VALUE",
     "set the initial value of a global", NULL},
    {'I', NULL, VALUE_LIST, AT(libraries), 0, "FOLDER",
     "look for library scripts in FOLDER too", NULL},
    {'d', NULL, VALUE_OBJECT, AT(objects), 0, "PROGRAM",
     "know the symbols of tasks that run PROGRAM, an ELF file, too; those\n"
     "of boot modules are known",
     NULL},
    {'g', NULL, VALUE_NONE, AT(guru), 0, NULL, "guru mode", NULL},
    {'u', NULL, VALUE_NONE, AT(unoptimized), 0, NULL,
     "unoptimized: keep probes that do nothing; what the script computes\n"
     "but never uses is kept in any case",
     NULL},
    {0, "compatible", VALUE_VERSION, AT(compatible), 0, "VERSION",
     "the language as of VERSION of SystemTap", NULL},
    {0, "check-version", VALUE_NONE, AT(check_version), 0, NULL,
     "warn of what depends on the version of the language", NULL},
    {0, "skip-badvars", VALUE_NONE, AT(skip_badvars), 0, NULL,
     "context variables that are not there, or cannot be read, are 0", NULL},
    {0, "privilege", VALUE_CHOICE, AT(privilege), 0, "LEVEL",
     "refuse what users of LEVEL may not do: stapdev, stapsys, stapusr",
     "stapdev stapsys stapusr"},
    {0, "unprivileged", VALUE_FIXED, AT(privilege), 0, NULL,
     "the same as --privilege=stapusr", "stapusr"},

    /* Passes and messages. */
    {'p', NULL, VALUE_PASS, 0, 0, "PASS",
     "stop after pass 1 parse, 2 elaborate, 3 translate, 4 compile, 5 run",
     NULL},
    {'v', "verbose", VALUE_COUNT, AT(verbose), 0, NULL,
     "say what is done and how long each pass takes; -vv says more", NULL},
    {0, "vp", VALUE_PASSES, 0, 0, "ABCDE",
     "add to the verbosity of passes 1 to 5, a digit for each", NULL},
    {'w', NULL, VALUE_NONE, AT(no_warnings), 0, NULL, "show no warnings", NULL},
    {'W', NULL, VALUE_NONE, AT(warnings_errors), 0, NULL,
     "treat warnings as errors", NULL},
    {0, "semantic-keep-going", VALUE_NONE, AT(keep_going), 0, NULL,
     "show all semantic errors, similar ones too", NULL},
    {0, "color", VALUE_CHOICE, AT(color), 0, "[=WHEN]",
     "color messages: always, never, auto (on a terminal)", WHEN},
    {0, "colour", VALUE_CHOICE, AT(color), 0, "[=WHEN]", NULL, WHEN},
    {'k', "keep", VALUE_NONE, AT(keep), 0, NULL,
     "keep the temporary folder, and say where it is", NULL},
    {'m', NULL, VALUE_TEXT, AT(module_name), 0, "NAME",
     "save the compiled script as NAME in this folder", NULL},
    {0, "no-cache", VALUE_NONE, AT(no_cache), 0, NULL,
     "use no cached result of an earlier run, but cache those of this", NULL},
    {0, "poison-cache", VALUE_NONE, AT(no_cache), 0, NULL, NULL, NULL},
    {0, "disable-cache", VALUE_NONE, AT(disable_cache), 0, NULL,
     "neither use nor make cached results", NULL},
    {0, "clean-cache", VALUE_ACTION, 0, OPTIONS_CLEAN_CACHE, NULL,
     "remove what has not been used for longest from the cache, until it is\n"
     "as small as it has to be",
     NULL},

    /* Lists. */
    {'l', NULL, VALUE_LISTING, 0, OPTIONS_LIST, "POINT",
     "list the probe points that POINT matches", NULL},
    {'L', NULL, VALUE_LISTING, 0, OPTIONS_LIST_VARS, "POINT",
     "list them with the variables that can be read there", NULL},
    {0, "dump-functions", VALUE_ACTION, 0, OPTIONS_DUMP_FUNCTIONS, NULL,
     "list the functions of the library; with -v also what they do", NULL},
    {0, "dump-probe-types", VALUE_ACTION, 0, OPTIONS_DUMP_TYPES, NULL,
     "list the kinds of probe points", NULL},
    {0, "dump-probe-aliases", VALUE_ACTION, 0, OPTIONS_DUMP_ALIASES, NULL,
     "list the probe aliases of the library", NULL},

    /* The run. */
    {'c', NULL, VALUE_TEXT, AT(workload), 0, "WORKLOAD",
     "run WORKLOAD beside the script and end with it: options of the\n"
     "bundled workload (\"vm=100 rpc=0\"), or a boot module and its words;\n"
     "with --host, a command of the shell",
     NULL},
    {'x', NULL, VALUE_INTEGER, AT(target), 0, "TARGET", "what target() gives",
     NULL},
    {'T', NULL, VALUE_NUMBER, AT(run_time), 1, "SECONDS",
     "end the script after SECONDS", NULL},
    {'s', NULL, VALUE_NUMBER, AT(buffer), 1, "MIB",
     "size of each CPU's ring of records", NULL},
    {'D', NULL, VALUE_LIST, AT(defines), 0, "NAME=VALUE",
     "set a limit of the runtime: MAXSTRINGLEN, MAXMAPENTRIES, ...; with -g\n"
     "any other NAME is defined for embedded C",
     NULL},
    {'t', NULL, VALUE_NONE, AT(timing), 0, NULL,
     "report how often each probe ran and how long that took", NULL},
    {'o', NULL, VALUE_TEXT, AT(output), 0, "FILE",
     "write the script's output to FILE, a name with % as for strftime(3)",
     NULL},
    {'S', NULL, VALUE_ROTATION, 0, 0, "SIZE[,N]",
     "go on with another file of -o after SIZE MiB, and keep N of them", NULL},
    {'F', NULL, VALUE_NONE, AT(background), 0, NULL,
     "with -o: run in the background, and print the process number", NULL},
    {0, "no-global-var-display", VALUE_NONE, AT(no_globals), 0, NULL,
     "do not print the globals that are only written at the end", NULL},
    {0, "suppress-handler-errors", VALUE_NONE, AT(suppress_errors), 0, NULL,
     "end a handler that fails quietly, and only count the errors", NULL},
    {0, "suppress-time-limits", VALUE_NONE, AT(no_time_limits), 0, NULL,
     "handlers may run for ever; needs -g", NULL},
    {0, "run", VALUE_SAVED, 0, OPTIONS_RUN_SAVED, "FILE",
     "run a script that -p4 or -m compiled; words after it, NAME=VALUE,\n"
     "set globals",
     NULL},
    {0, "host", VALUE_NONE, AT(host), 0, NULL,
     "run the script on this machine; what it does anyway if the script\n"
     "needs no kernel and no option asks for a machine",
     NULL},
    {0, "self", VALUE_NONE, AT(self), 0, NULL,
     "trace what the script's own process causes, too", NULL},

    /* The machine. */
    {0, "kernel", VALUE_TEXT, AT(kernel), 0, "KERNEL",
     "kernel to run: a GNU Mach image with debugging information, or\n"
     "the name of one that was fetched (default: trixie-amd64-up)",
     NULL},
    {0, "module", VALUE_LIST, AT(modules), 0, "LINE",
     "boot LINE, a file and its boot-script words, too; may be repeated", NULL},
    {0, "no-workload", VALUE_NONE, AT(no_workload), 0, NULL,
     "do not run the bundled workload", NULL},
    {0, "append", VALUE_TEXT, AT(append), 0, "WORDS",
     "add WORDS to the kernel's command line", NULL},
    {0, "console", VALUE_TEXT, AT(console), 0, "FILE",
     "write the kernel's console to FILE", NULL},
    {0, "smp", VALUE_NUMBER, AT(cpus), 1, "CPUS", "number of CPUs", NULL},
    {0, "memory", VALUE_NUMBER, AT(memory), 16, "MIB",
     "memory of the machine (default: 64, more with --smp)", NULL},
    {0, "timeout", VALUE_NUMBER, AT(timeout), 1, "SECONDS",
     "end the machine after SECONDS, whatever it does (default: 600)", NULL},
    {'h', "help", VALUE_ACTION, 0, OPTIONS_HELP, NULL, "show this text", NULL},
    {'V', "version", VALUE_ACTION, 0, OPTIONS_VERSION, NULL, "show the version",
     NULL},

    /* What is so anyway. */
    IGNORED(0, "ldd", NULL, NULL),
    IGNORED(0, "all-modules", NULL, NULL),
    IGNORED('P', NULL, NULL, NULL),
    {0, "prologue-searching", VALUE_CHOICE, AT(prologue), 0, "[=WHEN]", NULL,
     WHEN},
    {0, "runtime", VALUE_CHOICE, AT(runtime), 0, "MODE", NULL, "mach"},

    /* What machtap has not. */
    REFUSED('i', "interactive", NULL,
            "there is no interactive mode; write a file, or use -e"),
    REFUSED('b', NULL, NULL,
            "there is no bulk mode: records are merged in time order"),
    REFUSED('r', NULL, "RELEASE", "use --kernel"),
    REFUSED('a', NULL, "ARCH", "use --kernel, whose architecture it is"),
    REFUSED('B', NULL, "NAME=VALUE", "no kernel is built"),
    REFUSED('R', NULL, "FOLDER", "use MACHTAP_HOME"),
    REFUSED('q', NULL, NULL,
            "tapset information in the object is not supported"),
    REFUSED(0, "monitor", "[=SECONDS]",
            "there is no monitor window; -v and -t report at the end"),
    REFUSED(0, "remote", "URL", "other machines cannot be traced from here"),
    REFUSED(0, "remote-prefix", NULL,
            "other machines cannot be traced from here"),
    REFUSED(0, "dyninst", NULL, "there is one runtime, mach"),
    REFUSED(0, "bpf", NULL, "there is one runtime, mach"),
    REFUSED(0, "modinfo", "NAME=VALUE", "no kernel module is made"),
    REFUSED(0, "sign-module", NULL, "no kernel module is made"),
    REFUSED(0, "save-uprobes", NULL, "no kernel module is made"),
    REFUSED(0, "build-as", "USER", "no kernel module is made"),
    REFUSED(0, "use-server", "[=SERVER]", NO_SERVER),
    REFUSED(0, "use-server-on-error", "[=YES]", NO_SERVER),
    REFUSED(0, "list-servers", "[=SERVERS]", NO_SERVER),
    REFUSED(0, "trust-servers", "[=SPEC]", NO_SERVER),
    REFUSED(0, "download-debuginfo", "[=OPTION]",
            "a kernel's debugging information is in its image; see "
            "machtap-kernel(1)"),
    REFUSED(0, "rlimit-as", "NUMBER", NO_LIMIT),
    REFUSED(0, "rlimit-cpu", "NUMBER", NO_LIMIT),
    REFUSED(0, "rlimit-nproc", "NUMBER", NO_LIMIT),
    REFUSED(0, "rlimit-stack", "NUMBER", NO_LIMIT),
    REFUSED(0, "rlimit-fsize", "NUMBER", NO_LIMIT),
    REFUSED(0, "sysroot", "FOLDER", "use --kernel"),
    REFUSED(0, "sysenv", "NAME=VALUE", "use --kernel"),
    REFUSED(0, "target-namespaces", "PID", "GNU Mach has no name spaces"),
    REFUSED(0, "language-server", NULL, "there is no language server"),
    REFUSED(0, "debug", "[=WHAT]", "use -vvv"),
    {0, NULL, VALUE_NONE, 0, 0, NULL, NULL, NULL},
};
