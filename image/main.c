/*
 * machtap-kernel: link the probe subsystem into a GNU Mach kernel.
 */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "image/info.h"
#include "protocol/probe.h"
#include "support/text.h"

static const char help[] =
    "Usage: machtap-kernel link KERNEL -o IMAGE [OPTION...]\n"
    "       machtap-kernel info IMAGE\n"
    "\n"
    "link puts the probe subsystem into an unstripped GNU Mach kernel, such\n"
    "as those of Debian's gnumach-image-...-dbg packages, gzipped or not.\n"
    "info says what is in a linked image.\n"
    "\n"
    "  -o, --output=IMAGE         the file to write\n"
    "  -v, --verbose              say what is done and how long it takes;\n"
    "                             twice: the commands too; with info: name\n"
    "                             the functions that cannot take a jump\n"
    "      --container=native     as the kernel is, for GRUB (the default)\n"
    "      --container=elf32      for qemu -kernel\n"
    "      --kernel-sources=DIR   sources of the subsystem, instead of its "
    "own\n"
    "      --core=OBJECT          object to link with those sources\n"
    "      --help                 this text\n"
    "      --version              version of the probe protocol\n";

enum {
    OPTION_CONTAINER = 256,
    OPTION_SOURCES,
    OPTION_CORE,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option options[] = {
    {"output", required_argument, NULL, 'o'},
    {"verbose", no_argument, NULL, 'v'},
    {"container", required_argument, NULL, OPTION_CONTAINER},
    {"kernel-sources", required_argument, NULL, OPTION_SOURCES},
    {"core", required_argument, NULL, OPTION_CORE},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static const struct {
    const char *name;
    enum image_container container;
} containers[] = {
    {"native", IMAGE_NATIVE},
    {"elf32", IMAGE_ELF32},
};

/* What went wrong with the command line itself. */
#define STATUS_USAGE 2

static int __attribute__((format(printf, 1, 2)))
usage(const char *format, ...)
{
    va_list arguments;

    fputs("machtap-kernel: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputs("\nTry \"machtap-kernel --help\".\n", stderr);
    return STATUS_USAGE;
}

static int
fail(const struct error *error)
{
    fprintf(stderr, "machtap-kernel: %s\n", error->text);
    return EXIT_FAILURE;
}

static int
find_container(const char *name, enum image_container *container)
{
    size_t i;

    for (i = 0; i < sizeof(containers) / sizeof(containers[0]); i++) {
        if (strcmp(containers[i].name, name) == 0) {
            *container = containers[i].container;
            return 0;
        }
    }
    return -1;
}

static int
run_link(const struct image_options *link)
{
    struct error error;

    if (link->output == NULL)
        return usage("link wants the file to write: -o IMAGE");
    return image_link(link, &error) == 0 ? EXIT_SUCCESS : fail(&error);
}

static int
run_info(const struct image_options *link)
{
    struct text text = {0};
    struct image_header *header;
    struct error error;

    header = image_read_tables(link->kernel, &error);
    if (header == NULL)
        return fail(&error);
    info_describe(&text, header, link->verbose > 0);
    fputs(text_string(&text), stdout);
    text_free(&text);
    free(header);
    return EXIT_SUCCESS;
}

static const struct {
    const char *name;
    const char *operand;
    int (*run)(const struct image_options *link);
} commands[] = {
    {"link", "KERNEL", run_link},
    {"info", "IMAGE", run_info},
};

int
main(int argc, char **argv)
{
    struct image_options link = {0};
    size_t i;
    int option;

    while ((option = getopt_long(argc, argv, "o:v", options, NULL)) != -1) {
        switch (option) {
        case 'o':
            link.output = optarg;
            break;
        case 'v':
            link.verbose++;
            break;
        case OPTION_CONTAINER:
            if (find_container(optarg, &link.container) != 0)
                return usage("there is no container \"%s\", only native and "
                             "elf32",
                             optarg);
            break;
        case OPTION_SOURCES:
            link.sources = optarg;
            break;
        case OPTION_CORE:
            link.core = optarg;
            break;
        case OPTION_HELP:
            fputs(help, stdout);
            return EXIT_SUCCESS;
        case OPTION_VERSION:
            printf("machtap-kernel, protocol %d, tables %d\n",
                   PROBE_PROTOCOL_VERSION, IMAGE_VERSION);
            return EXIT_SUCCESS;
        default:
            return usage("the command line cannot be read");
        }
    }
    if (optind == argc)
        return usage("no command: link or info");
    for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(argv[optind], commands[i].name) != 0)
            continue;
        if (argc - optind != 2)
            return usage("%s wants one %s", commands[i].name,
                         commands[i].operand);
        link.kernel = argv[optind + 1];
        return commands[i].run(&link);
    }
    return usage("there is no command \"%s\", only link and info",
                 argv[optind]);
}
