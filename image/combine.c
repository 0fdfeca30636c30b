#include "image/combine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/image.h"
#include "support/command.h"
#include "support/path.h"
#include "support/text.h"

#define PAGE_SIZE 4096

#define TABLES_FILE "machtap-tables"

/* Files that ld reads and writes, in a folder that is removed again. */
static const char *const file_names[] = {"script", TABLES_FILE, "segment"};

enum { SCRIPT, TABLES, SEGMENT, FILES };

static uint64_t
page_above(uint64_t address)
{
    return (address + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
}

/*
 * The tables come first, so that the pattern for data meets only objects.  The
 * thunk is filled in after linking.  Of the objects all but notes and unwind
 * tables is taken; PROVIDE lets a symbol of our own stand before the kernel's.
 */
static void
write_script(struct text *script, const struct kernel *kernel,
             const char *symbols)
{
    text_printf(script,
                "PHDRS { all PT_LOAD FLAGS(7); }\n"
                "SECTIONS {\n"
                ". = 0x%llx;\n" SYMBOL_START " = .;\n" IMAGE_SECTION
                " : {\n    " SYMBOL_TABLES " = .;\n    *" TABLES_FILE
                "(.data)\n} :all\n",
                (unsigned long long)page_above(kernel->end));
    text_printf(script,
                COMBINED_CODE " : ALIGN(64) {\n"
                              "    " SYMBOL_THUNK " = .; FILL(0xcc)\n"
                              "    . += %d;\n"
                              "    *(.text .text.*) . = ALIGN(64);\n"
                              "    *(.rodata .rodata.*) . = ALIGN(64);\n"
                              "    *(.data .data.*)\n"
                              "} :all\n",
                THUNK_SIZE);
    text_printf(script,
                COMBINED_BSS
                " : ALIGN(64) {\n"
                "    *(.bss .bss.* COMMON)\n"
                "    . = ALIGN(%d);\n"
                "} :all\n" SYMBOL_END " = .;\n"
                "/DISCARD/ : { *(.note* .comment .debug* .eh_frame) }\n"
                "}\n" SYMBOL_DISTANCE " = 0x%llx;\n%s",
                PAGE_SIZE, (unsigned long long)kernel->phys_offset, symbols);
}

static void
make_command(struct command *command, const struct kernel *kernel,
             const struct objects *objects, const char *core,
             char *const *paths)
{
    command_add(command, "ld");
    command_addf(command, "-m%s", kernel->machine->emulation);
    command_add(command, "-nostdlib");
    command_add(command, "-static");
    command_add(command, "--no-warn-rwx-segments");
    command_add(command, "--build-id=none");
    command_add(command, "-znoexecstack");
    command_addf(command, "-zmax-page-size=%d", PAGE_SIZE);
    command_addf(command, "-T%s", paths[SCRIPT]);
    LIST_EACH (at, &objects->paths)
        command_add(command, *at);
    if (core != NULL)
        command_add(command, core);
    command_addf(command, "--oformat=%s", kernel->machine->format);
    command_add(command, "-bbinary");
    command_add(command, paths[TABLES]);
    command_addf(command, "-o%s", paths[SEGMENT]);
}

static int
run_linker(const struct kernel *kernel, const struct objects *objects,
           const char *core, char *const *paths, bool verbose,
           struct error *error)
{
    struct command command = {0};
    struct text output = {0};
    int result;
    char *line;

    make_command(&command, kernel, objects, core, paths);
    if (verbose) {
        line = command_line(&command);
        fprintf(stderr, "%s\n", line);
        free(line);
    }
    result = command_run(&command, &output, error);
    if (result != 0 && strstr(error->text, "undefined reference") != NULL)
        error_prefix(error,
                     "the probe subsystem uses symbols that it does not "
                     "define and needs.list does not ask the kernel for");
    text_free(&output);
    command_free(&command);
    return result;
}

/* What the script does not name would lie behind the segment's end. */
static int
check_sections(const struct combined *combined, struct error *error)
{
    Elf *elf = combined->file.elf;
    Elf_Scn *section = NULL;
    GElf_Shdr header;
    size_t names = 0;

    elf_getshdrstrndx(elf, &names);
    while ((section = elf_nextscn(elf, section)) != NULL) {
        gelf_getshdr(section, &header);
        if ((header.sh_flags & SHF_ALLOC) != 0 && header.sh_size != 0 &&
            (header.sh_addr < combined->start ||
             header.sh_addr + header.sh_size > combined->end))
            return error_set(error,
                             "the probe subsystem has a section %s, for which "
                             "the image has no place",
                             elf_strptr(elf, names, header.sh_name));
    }
    return 0;
}

int
combine(struct combined *combined, const struct kernel *kernel,
        const struct objects *objects, const char *core, const char *symbols,
        const void *tables, size_t tables_size, bool verbose,
        struct error *error)
{
    const char *temporary = getenv("TMPDIR");
    char *folder = xasprintf("%s/machtap-link-XXXXXX",
                             temporary != NULL ? temporary : "/tmp");
    struct text script = {0};
    char *paths[FILES];
    int result = -1;
    int i;

    *combined = (struct combined){.start = page_above(kernel->end)};
    if (mkdtemp(folder) == NULL) {
        error_set(error, "cannot make the folder %s: %s", folder,
                  strerror(errno));
        free(folder);
        return -1;
    }
    for (i = 0; i < FILES; i++)
        paths[i] = xasprintf("%s/%s", folder, file_names[i]);
    write_script(&script, kernel, symbols);

    if (path_write(paths[SCRIPT], text_string(&script), script.size, 0666,
                   error) == 0 &&
        path_write(paths[TABLES], tables, tables_size, 0666, error) == 0 &&
        run_linker(kernel, objects, core, paths, verbose, error) == 0 &&
        image_file_open(&combined->file, paths[SEGMENT], error) == 0) {
        combined->file.path = "the linked segment";
        result = combined_symbol(combined, SYMBOL_END, &combined->end, error);
        if (result == 0)
            result = check_sections(combined, error);
    }

    for (i = 0; i < FILES; i++) {
        unlink(paths[i]);
        free(paths[i]);
    }
    rmdir(folder);
    free(folder);
    text_free(&script);
    return result;
}

void
combined_free(struct combined *combined)
{
    image_file_close(&combined->file);
}

int
combined_symbol(const struct combined *combined, const char *name,
                uint64_t *address, struct error *error)
{
    if (image_file_symbol(&combined->file, name, address, NULL) == 0)
        return 0;
    return error_set(error, "the probe subsystem does not define %s", name);
}
