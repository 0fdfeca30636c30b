#include "image/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "protocol/image.h"
#include "support/arena.h"

#define PAGE_SIZE 4096

/* ld names the ends of binary input by the path of a temporary file. */
#define LINKER_PREFIX "_binary_"

/* Symbols of the output: ELF wants all local ones before the others. */
struct symbol_table {
    struct text locals;
    struct text globals;
    struct text strings;
};

struct output {
    const struct kernel *kernel;
    const struct combined *combined;
    Elf *elf;
    struct arena arena;
    uint64_t end;           /* of the file so far */
    uint64_t own_offset;    /* of the segment in the file */
    unsigned *kernel_index; /* by section of the kernel's file; 0: dropped */
    unsigned *own_index;    /* by section of the segment's file */
    struct symbol_table symbols;
    struct text names; /* of sections */
};

static uint64_t
align(uint64_t value, uint64_t alignment)
{
    return (value + alignment - 1) / alignment * alignment;
}

static const char *
section_name(const struct image_file *file, const GElf_Shdr *header)
{
    const char *name = NULL;
    size_t names;

    if (elf_getshdrstrndx(file->elf, &names) == 0)
        name = elf_strptr(file->elf, names, header->sh_name);
    return name != NULL ? name : "";
}

/*
 * Add a section whose header says where in the file it is.  Returns its
 * index, or 0 if libelf has no memory.
 */
static unsigned
add_section(struct output *output, GElf_Shdr header, const char *name,
            const void *bytes, Elf_Type type)
{
    Elf_Scn *section = elf_newscn(output->elf);
    Elf_Data *data = section != NULL ? elf_newdata(section) : NULL;

    if (data == NULL)
        return 0;
    header.sh_name = (GElf_Word)output->names.size;
    text_add(&output->names, name, strlen(name) + 1);
    data->d_buf = (void *)bytes;
    data->d_size = header.sh_size;
    data->d_type = type;
    data->d_version = EV_CURRENT;
    data->d_align = 1;
    if (gelf_update_shdr(section, &header) == 0)
        return 0;
    if (header.sh_type != SHT_NOBITS &&
        header.sh_offset + header.sh_size > output->end)
        output->end = header.sh_offset + header.sh_size;
    return (unsigned)elf_ndxscn(section);
}

/* One that is put behind all that there is. */
static unsigned
append_section(struct output *output, GElf_Shdr header, const char *name,
               const void *bytes, Elf_Type type)
{
    header.sh_offset = align(output->end, 16);
    return add_section(output, header, name, bytes, type);
}

static bool
is_dropped(const char *name, const GElf_Shdr *header)
{
    return strncmp(name, ".debug", 6) == 0 ||
           strncmp(name, ".zdebug", 7) == 0 || header->sh_type == SHT_SYMTAB ||
           header->sh_type == SHT_STRTAB || header->sh_type == SHT_REL ||
           header->sh_type == SHT_RELA;
}

/* A section's bytes; .bss has none, and its offset says nothing. */
static const char *
bytes_of(const struct image_file *file, const GElf_Shdr *header)
{
    return header->sh_type != SHT_NOBITS ? file->data + header->sh_offset
                                         : NULL;
}

/* The kernel's sections: those that are loaded stay where they are. */
static bool
add_kernel_sections(struct output *output, bool loaded)
{
    const struct image_file *file = &output->kernel->file;
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while ((section = elf_nextscn(file->elf, section)) != NULL) {
        const char *name;
        unsigned index;

        gelf_getshdr(section, &header);
        name = section_name(file, &header);
        if (((header.sh_flags & SHF_ALLOC) != 0) != loaded ||
            is_dropped(name, &header))
            continue;
        header.sh_link = 0;
        header.sh_info = 0;
        index = (loaded ? add_section : append_section)(
            output, header, name, bytes_of(file, &header), ELF_T_BYTE);
        if (index == 0)
            return false;
        output->kernel_index[elf_ndxscn(section)] = index;
    }
    return true;
}

static bool
add_own_sections(struct output *output)
{
    const struct combined *combined = output->combined;
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    output->own_offset = align(output->end, PAGE_SIZE);
    while ((section = elf_nextscn(combined->file.elf, section)) != NULL) {
        const char *bytes;
        unsigned index;

        gelf_getshdr(section, &header);
        if ((header.sh_flags & SHF_ALLOC) == 0)
            continue;
        bytes = bytes_of(&combined->file, &header);
        header.sh_offset =
            output->own_offset + (header.sh_addr - combined->start);
        index =
            add_section(output, header, section_name(&combined->file, &header),
                        bytes, ELF_T_BYTE);
        if (index == 0)
            return false;
        output->own_index[elf_ndxscn(section)] = index;
    }
    return true;
}

/*
 * Take over a file's symbols whose section is there.  Those that are
 * absolute are kept of the kernel only: the segment's are the kernel's.
 */
static void
add_symbols(struct symbol_table *table, const struct image_file *file,
            const unsigned *index, bool absolute)
{
    GElf_Shdr header;
    Elf_Scn *section = image_file_section(file, ".symtab", &header);
    Elf_Data *data = section != NULL ? elf_getdata(section, NULL) : NULL;
    GElf_Sym symbol;
    size_t sections = 0;
    int i;

    elf_getshdrnum(file->elf, &sections);
    for (i = 1; data != NULL && gelf_getsym(data, i, &symbol) != NULL; i++) {
        const char *name =
            elf_strptr(file->elf, header.sh_link, symbol.st_name);
        bool local = GELF_ST_BIND(symbol.st_info) == STB_LOCAL;
        unsigned type = GELF_ST_TYPE(symbol.st_info);

        if (name == NULL || *name == '\0' || type == STT_SECTION ||
            strncmp(name, LINKER_PREFIX, strlen(LINKER_PREFIX)) == 0)
            continue;
        if (symbol.st_shndx < SHN_LORESERVE) {
            if (symbol.st_shndx >= sections || index[symbol.st_shndx] == 0)
                continue;
            symbol.st_shndx = (GElf_Section)index[symbol.st_shndx];
        } else if (!absolute) {
            continue;
        }
        symbol.st_name = (GElf_Word)table->strings.size;
        text_add(&table->strings, name, strlen(name) + 1);
        text_add(local ? &table->locals : &table->globals, &symbol,
                 sizeof(symbol));
    }
}

/* Bring symbols into the form of the file's ELF class. */
static void *
convert_symbols(struct output *output, const struct text *text, size_t *size)
{
    size_t count = text->size / sizeof(GElf_Sym), i;
    const GElf_Sym *from = (const GElf_Sym *)text->data;
    Elf32_Sym *to;

    *size = text->size;
    if (output->kernel->machine->elf_class == ELFCLASS64)
        return text->data;
    *size = count * sizeof(*to);
    to = arena_alloc(&output->arena, *size);
    for (i = 0; i < count; i++)
        to[i] = (Elf32_Sym){
            .st_name = from[i].st_name,
            .st_value = (Elf32_Addr)from[i].st_value,
            .st_size = (Elf32_Word)from[i].st_size,
            .st_info = from[i].st_info,
            .st_other = from[i].st_other,
            .st_shndx = from[i].st_shndx,
        };
    return to;
}

static bool
add_symbol_table(struct output *output)
{
    struct symbol_table *table = &output->symbols;
    static const GElf_Sym none;
    GElf_Shdr header = {
        .sh_type = SHT_SYMTAB,
        .sh_addralign = 8,
        .sh_entsize = gelf_fsize(output->elf, ELF_T_SYM, 1, EV_CURRENT),
    };
    GElf_Shdr strings = {.sh_type = SHT_STRTAB, .sh_addralign = 1};
    void *symbols;
    size_t size;

    text_add(&table->locals, &none, sizeof(none));
    text_add(&table->strings, "", 1);
    add_symbols(table, &output->kernel->file, output->kernel_index, true);
    add_symbols(table, &output->combined->file, output->own_index, false);

    header.sh_info = (GElf_Word)(table->locals.size / sizeof(GElf_Sym));
    text_add(&table->locals, text_string(&table->globals), table->globals.size);
    symbols = convert_symbols(output, &table->locals, &size);
    header.sh_size = size;
    strings.sh_size = table->strings.size;

    strings.sh_offset = align(output->end, 16);
    header.sh_link = add_section(output, strings, ".strtab",
                                 table->strings.data, ELF_T_BYTE);
    return header.sh_link != 0 &&
           append_section(output, header, ".symtab", symbols, ELF_T_SYM) != 0;
}

/* The header's names come last, so they have their own too. */
static bool
add_section_names(struct output *output)
{
    static const char name[] = ".shstrtab";
    GElf_Shdr header = {
        .sh_type = SHT_STRTAB,
        .sh_addralign = 1,
        .sh_size = output->names.size + sizeof(name),
    };
    unsigned index;
    Elf_Data *data;
    GElf_Ehdr ehdr;

    index = append_section(output, header, name, NULL, ELF_T_BYTE);
    if (index == 0 || gelf_getehdr(output->elf, &ehdr) == NULL)
        return false;
    data = elf_getdata(elf_getscn(output->elf, index), NULL);
    data->d_buf = output->names.data;
    ehdr.e_shstrndx = (GElf_Half)index;
    ehdr.e_shoff = align(output->end, 16);
    return gelf_update_ehdr(output->elf, &ehdr) != 0;
}

static bool
add_program_header(struct output *output)
{
    const struct image_file *file = &output->kernel->file;
    const struct combined *combined = output->combined;
    unsigned count = 0, kept = 0, i;
    GElf_Phdr own = {
        .p_type = PT_LOAD,
        .p_flags = PF_R | PF_W | PF_X,
        .p_offset = output->own_offset,
        .p_vaddr = combined->start,
        .p_paddr = combined->start - output->kernel->phys_offset,
        .p_memsz = combined->end - combined->start,
        .p_align = PAGE_SIZE,
    };
    GElf_Phdr phdr, segment;
    size_t total = 0;

    elf_getphdrnum(file->elf, &total);
    for (i = 0; i < total; i++) {
        gelf_getphdr(file->elf, (int)i, &phdr);
        count += phdr.p_type != PT_GNU_STACK;
    }
    elf_getphdrnum(combined->file.elf, &total);
    for (i = 0; i < total; i++) {
        gelf_getphdr(combined->file.elf, (int)i, &segment);
        if (segment.p_type == PT_LOAD)
            own.p_filesz = segment.p_vaddr + segment.p_filesz - own.p_vaddr;
    }

    if (gelf_newphdr(output->elf, count + 1) == NULL)
        return false;
    elf_getphdrnum(file->elf, &total);
    for (i = 0; i < total; i++) {
        gelf_getphdr(file->elf, (int)i, &phdr);
        if (phdr.p_type != PT_GNU_STACK &&
            gelf_update_phdr(output->elf, (int)kept++, &phdr) == 0)
            return false;
    }
    return gelf_update_phdr(output->elf, (int)kept, &own) != 0;
}

static bool
add_all(struct output *output)
{
    const GElf_Ehdr *from = &output->kernel->file.header;
    unsigned elf_class = output->kernel->machine->elf_class;
    GElf_Ehdr header;

    if (gelf_newehdr(output->elf, (int)elf_class) == NULL ||
        gelf_getehdr(output->elf, &header) == NULL)
        return false;
    header.e_ident[EI_DATA] = from->e_ident[EI_DATA];
    header.e_type = from->e_type;
    header.e_machine = from->e_machine;
    header.e_version = EV_CURRENT;
    header.e_entry = from->e_entry;
    header.e_flags = from->e_flags;
    header.e_phoff = gelf_fsize(output->elf, ELF_T_EHDR, 1, EV_CURRENT);
    if (gelf_update_ehdr(output->elf, &header) == 0)
        return false;
    text_add(&output->names, "", 1);
    elf_flagelf(output->elf, ELF_C_SET, ELF_F_LAYOUT);
    return add_kernel_sections(output, true) && add_own_sections(output) &&
           add_kernel_sections(output, false) && add_symbol_table(output) &&
           add_section_names(output) && add_program_header(output);
}

/* The program header grew at most into the gap before the first bytes. */
static int
check_room(const struct kernel *kernel, struct error *error)
{
    size_t count = 0, i, needed = 1;
    uint64_t first = UINT64_MAX;
    GElf_Phdr phdr;

    elf_getphdrnum(kernel->file.elf, &count);
    for (i = 0; i < count; i++) {
        gelf_getphdr(kernel->file.elf, (int)i, &phdr);
        needed += phdr.p_type != PT_GNU_STACK;
        if (phdr.p_type == PT_LOAD && phdr.p_offset < first)
            first = phdr.p_offset;
    }
    if (gelf_fsize(kernel->file.elf, ELF_T_EHDR, 1, EV_CURRENT) +
            gelf_fsize(kernel->file.elf, ELF_T_PHDR, needed, EV_CURRENT) >
        first)
        return error_set(error,
                         "%s: its program header has no room for one more "
                         "segment",
                         kernel->file.path);
    return 0;
}

static void
apply(const struct patches *patches, const struct kernel *kernel)
{
    unsigned i;

    for (i = 0; i < patches->count; i++) {
        const struct patch *patch = &patches->items[i];

        memcpy(image_file_bytes(&kernel->file, patch->address, patch->size),
               patch->after, patch->size);
    }
}

static int
write_out(struct output *output, struct text *bytes, int fd,
          struct error *error)
{
    int64_t size = -1;
    char *mapped;

    output->elf = elf_begin(fd, ELF_C_WRITE, NULL);
    if (output->elf != NULL && add_all(output))
        size = elf_update(output->elf, ELF_C_WRITE);
    if (size < 0)
        return error_set(error, "cannot make the linked image: %s",
                         elf_errmsg(-1));
    mapped = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped == MAP_FAILED)
        return error_set(error, "cannot make the linked image: %s",
                         strerror(errno));
    text_add(bytes, mapped, (size_t)size);
    munmap(mapped, (size_t)size);
    return 0;
}

int
output_make(struct text *bytes, const struct kernel *kernel,
            const struct combined *combined, const struct patches *patches,
            struct error *error)
{
    struct output output = {.kernel = kernel, .combined = combined};
    size_t kernel_sections = 0, own_sections = 0;
    int result, fd;

    if (check_room(kernel, error) != 0)
        return -1;
    fd = memfd_create("machtap", MFD_CLOEXEC);
    if (fd < 0)
        return error_set(error, "cannot make the linked image: %s",
                         strerror(errno));
    elf_getshdrnum(kernel->file.elf, &kernel_sections);
    elf_getshdrnum(combined->file.elf, &own_sections);
    output.kernel_index =
        arena_alloc(&output.arena, kernel_sections * sizeof(unsigned));
    output.own_index =
        arena_alloc(&output.arena, own_sections * sizeof(unsigned));

    apply(patches, kernel);
    result = write_out(&output, bytes, fd, error);

    elf_end(output.elf);
    close(fd);
    text_free(&output.symbols.locals);
    text_free(&output.symbols.globals);
    text_free(&output.symbols.strings);
    text_free(&output.names);
    arena_free(&output.arena);
    return result;
}
