/* Programs of user mode, which are opened by way of libdwfl: it finds the
 * debugging information that is in a file of its own. */

#include <elfutils/libdwfl.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"

static int
check_module(Dwfl_Module *module, const char *path, struct error *error)
{
    GElf_Addr bias;
    Elf *elf = dwfl_module_getelf(module, &bias);
    GElf_Ehdr header;

    if (elf == NULL || gelf_getehdr(elf, &header) == NULL)
        return error_set(error, "%s: %s", path, dwfl_errmsg(-1));
    if (header.e_type != ET_EXEC)
        return error_set(error,
                         "%s: %s, so its addresses are not known before it "
                         "runs",
                         path,
                         header.e_type == ET_DYN
                             ? "is loaded at any address (position-independent)"
                             : "is no executable");
    return 0;
}

Dwfl_Module *
program_open(const char *path, Dwfl **dwfl, struct error *error)
{
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_build_id_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .section_address = dwfl_offline_section_address,
    };
    Dwfl_Module *module = NULL;

    *dwfl = dwfl_begin(&callbacks);
    if (*dwfl != NULL) {
        dwfl_report_begin(*dwfl);
        module = dwfl_report_offline(*dwfl, "", path, -1);
        dwfl_report_end(*dwfl, NULL, NULL);
    }
    if (module == NULL)
        error_set(error, "%s: %s", path, dwfl_errmsg(-1));
    else if (check_module(module, path, error) == 0)
        return module;
    dwfl_end(*dwfl);
    return NULL;
}

/* Those of the program, or of the file that its debugging information is in. */
static void
read_symbols(struct debuginfo *debuginfo)
{
    int count = dwfl_module_getsymtab(debuginfo->module);

    for (int i = 0; i < count; i++) {
        GElf_Sym entry;
        GElf_Addr address;
        GElf_Word section;
        const char *name = dwfl_module_getsym_info(
            debuginfo->module, i, &entry, &address, &section, NULL, NULL);
        struct symbol symbol = {
            .name = name,
            .address = address,
            .size = entry.st_size,
        };

        if (name == NULL || *name == '\0' || section == SHN_UNDEF ||
            GELF_ST_TYPE(entry.st_info) > STT_FUNC)
            continue;
        symbol.function = GELF_ST_TYPE(entry.st_info) == STT_FUNC;
        symbol.external = GELF_ST_BIND(entry.st_info) != STB_LOCAL;
        LIST_ADD(&debuginfo->arena, &debuginfo->symbols, symbol);
    }
    debuginfo_sort_symbols(debuginfo);
}

struct debuginfo *
debuginfo_open_program(const char *path, struct error *error)
{
    struct debuginfo *debuginfo = xcalloc(1, sizeof(*debuginfo));
    GElf_Addr bias;

    debuginfo->file = -1;
    debuginfo->version = "";
    debuginfo->module = program_open(path, &debuginfo->programs, error);
    if (debuginfo->module == NULL)
        goto failed;
    debuginfo->elf = dwfl_module_getelf(debuginfo->module, &bias);
    debuginfo->dwarf = dwfl_module_getdwarf(debuginfo->module, &bias);
    gelf_getehdr(debuginfo->elf, &debuginfo->header);
    debuginfo->word_size =
        debuginfo_machine_word_size(debuginfo->header.e_machine);
    if (debuginfo->word_size == 0) {
        error_set(error, "%s: is for a machine other than x86", path);
        goto failed;
    }
    read_symbols(debuginfo);
    debuginfo_read_functions(debuginfo);
    debuginfo_add_symbol_functions(debuginfo);
    if (debuginfo->functions.count > 0)
        return debuginfo;
    error_set(error,
              "%s: has neither symbols nor debugging information (stripped), "
              "so nothing in it has a name",
              path);
failed:
    debuginfo_close(debuginfo);
    return NULL;
}

size_t
debuginfo_bytes(const struct debuginfo *debuginfo, uint64_t address,
                uint8_t *bytes, size_t size)
{
    size_t count = 0;

    elf_getphdrnum(debuginfo->elf, &count);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;
        Elf_Data *data;

        if (gelf_getphdr(debuginfo->elf, (int)i, &header) == NULL ||
            header.p_type != PT_LOAD ||
            address - header.p_vaddr >= header.p_filesz)
            continue;
        uint64_t offset = address - header.p_vaddr;
        if (size > header.p_filesz - offset)
            size = header.p_filesz - offset;
        data = elf_getdata_rawchunk(debuginfo->elf,
                                    (int64_t)(header.p_offset + offset), size,
                                    ELF_T_BYTE);
        if (data == NULL || data->d_buf == NULL)
            return 0;
        memcpy(bytes, data->d_buf, size);
        return size;
    }
    return 0;
}
