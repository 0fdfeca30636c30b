/*
 * The insides of struct debuginfo, for the files of this folder only.
 */

#ifndef DEBUGINFO_DEBUGINFO_I_H
#define DEBUGINFO_DEBUGINFO_I_H

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

#include "debuginfo/ctype.h"
#include "debuginfo/debuginfo.h"
#include "debuginfo/instance.h"
#include "debuginfo/location.h"

typedef LIST_OF(struct debuginfo_function) function_info_list;

struct symbol {
    const char *name;
    uint64_t address;
    uint64_t size;
    bool function;
    bool external; /* not static */
};

/* A part of a function's code that is not where calls arrive. */
struct function_part {
    uint64_t address;
    uint64_t size;
    uint64_t function; /* its first address */
};

struct debuginfo {
    struct arena arena; /* names and lists */
    int file;
    /* Of a program: then ELF and DWARF are the module's. */
    Dwfl *programs;
    Dwfl_Module *module;
    Elf *elf;
    Dwarf *dwarf; /* NULL: a program without */
    GElf_Ehdr header;
    unsigned word_size;
    const char *version;
    const char *folder; /* that all sources are in, with the last '/' */
    /* What the last file asked for was: most are the same. */
    const char *raw_file;
    const char *file_path;
    LIST_OF(struct symbol) symbols;      /* by address */
    function_info_list functions;        /* by address */
    function_info_list inline_functions; /* by name */
    LIST_OF(struct function_part) parts; /* few */
    bool indexed;                        /* these three are from an index */
    Dwarf_CFI *unwind_elf;               /* .eh_frame, opened when needed */
    Dwarf_CFI *unwind_dwarf;             /* .debug_frame */
    bool unwind_opened;
};

/* Bytes of an address in programs for the machine; 0: it is not known. */
unsigned debuginfo_machine_word_size(GElf_Half machine);

/* Put the symbols in order of their addresses. */
void debuginfo_sort_symbols(struct debuginfo *debuginfo);

/* Read the symbol table; names stay libelf's. */
int debuginfo_read_symbols(struct debuginfo *debuginfo, const char *path,
                           struct error *error);

/* The symbol of a function that begins at ADDRESS, or NULL. */
const struct symbol *
symbol_of_function(const struct debuginfo *debuginfo, uint64_t address);

/* Fill functions and inline_functions from DWARF; there may be none. */
void debuginfo_read_functions(struct debuginfo *debuginfo);

/* Add what only the symbol table knows as a function. */
void debuginfo_add_symbol_functions(struct debuginfo *debuginfo);

/*
 * Open the executable at PATH, of user mode; debugging information may be in
 * a file of its own.  Fails if it is no ELF file, or may be loaded anywhere.
 * The caller ends *dwfl.
 */
Dwfl_Module *program_open(const char *path, Dwfl **dwfl, struct error *error);

/* Fill functions, inline_functions, parts and folder from an index; false if
 * it is not usable. */
bool debuginfo_read_index(struct debuginfo *debuginfo, const void *bytes,
                          size_t size);

/* RAW, a file as a unit's tables name it, as a path from the root. */
const char *source_path(struct arena *arena, Dwarf_Die *unit, const char *raw);

/* RAW, a file as a unit's tables name it, from the top of the source tree. */
const char *debuginfo_source_path(struct debuginfo *debuginfo, Dwarf_Die *unit,
                                  const char *raw);

/* The file that an entry was declared in. */
const char *debuginfo_declared_in(struct debuginfo *debuginfo, Dwarf_Die *die);

/* The entry at an offset of .debug_info. */
bool die_at(struct debuginfo *debuginfo, uint64_t offset, Dwarf_Die *die);

/* The expansion that DIE is, in the code of FUNCTION; false if it has none. */
bool instance_read(struct debuginfo *debuginfo, Dwarf_Die *die,
                   const struct debuginfo_function *function,
                   struct debuginfo_instance *instance);

/* The type that ENTRY's DW_AT_type refers to; void if it has none. */
struct ctype ctype_of(struct debuginfo *debuginfo, Dwarf_Die *entry);

/* The type whose entry TYPE is. */
struct ctype ctype_from(struct debuginfo *debuginfo, Dwarf_Die *type);

/* The entry of the type without typedefs and qualifiers. */
bool ctype_core(struct debuginfo *debuginfo, const struct ctype *type,
                Dwarf_Die *core);

/* The entry of TAG and NAME, not only declared, in whatever unit. */
bool ctype_find_defined(struct debuginfo *debuginfo, int tag, const char *name,
                        Dwarf_Die *found);

/* Offset, type and bits of the member that ENTRY is of something at
 * OFFSET. */
void ctype_place_member(struct debuginfo *debuginfo, Dwarf_Die *entry,
                        uint64_t offset, struct cmember *member);

/* What FUNCTION's location descriptions are to be seen from. */
struct location_frame {
    struct debuginfo *debuginfo;
    Dwarf_Die *function; /* NULL for globals */
    uint64_t entry;      /* address at which the function begins */
    uint64_t address;
    struct arena *arena;
};

/* From DWARF's operations to a location. */
int location_translate(const struct location_frame *frame,
                       Dwarf_Attribute *attribute, const Dwarf_Op *operations,
                       size_t count, struct location *location,
                       struct error *error);

#endif /* DEBUGINFO_DEBUGINFO_I_H */
