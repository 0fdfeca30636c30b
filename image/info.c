#include "image/info.h"

#include "protocol/probe.h"

static const char *const reasons[] = {
#define REASON_TEXT(name, text) [IMAGE_REASON_##name] = (text),
    IMAGE_REASONS(REASON_TEXT)
#undef REASON_TEXT
};

static const char *const patches[] = {
#define PATCH_TEXT(name, text) [IMAGE_PATCH_##name] = (text),
    IMAGE_PATCHES(PATCH_TEXT)
#undef PATCH_TEXT
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *
name_of(const char *const *names, size_t count, unsigned number)
{
    return number < count ? names[number] : "unknown";
}

static const void *
part(const struct image_header *header, uint32_t offset)
{
    return (const char *)header + offset;
}

/* The functions that only a breakpoint is possible for, for one reason. */
static void
list_functions(struct text *text, const struct image_header *header,
               unsigned reason)
{
    const struct image_function *function =
        part(header, header->functions_offset);
    const char *names = part(header, header->names_offset);
    uint32_t i;

    for (i = 0; i < header->functions; i++, function++) {
        if ((function->flags & IMAGE_FUNCTION_FORBIDDEN) == 0 &&
            function->entry == 0 && function->reason == reason)
            text_printf(text, "                %s\n", names + function->name);
    }
}

static void
describe_functions(struct text *text, const struct image_header *header,
                   bool list)
{
    const struct image_function *functions =
        part(header, header->functions_offset);
    const char *names = part(header, header->names_offset);
    unsigned jump = 0, forbidden = 0, why[COUNT(reasons)] = {0};
    uint32_t i;
    size_t r;

    for (i = 0; i < header->functions; i++) {
        if (functions[i].flags & IMAGE_FUNCTION_FORBIDDEN)
            forbidden++;
        else if (functions[i].entry != 0)
            jump++;
        else if (functions[i].reason < COUNT(reasons))
            why[functions[i].reason]++;
    }
    text_printf(text, "functions  %u\n", header->functions);
    text_printf(text, "  %5u  by a jump at the entry\n", jump);
    text_printf(text, "  %5u  by a breakpoint only\n",
                header->functions - jump - forbidden);
    for (r = 0; r < COUNT(reasons); r++) {
        if (why[r] == 0)
            continue;
        text_printf(text, "         %5u  %s\n", why[r], reasons[r]);
        if (list)
            list_functions(text, header, (unsigned)r);
    }
    text_printf(text, "  %5u  not at all\n", forbidden);
    for (i = 0; i < header->functions; i++) {
        if (functions[i].flags & IMAGE_FUNCTION_FORBIDDEN)
            text_printf(text, "         %s: %s\n", names + functions[i].name,
                        name_of(reasons, COUNT(reasons), functions[i].reason));
    }
}

static void
describe_bytes(struct text *text, const char *word, const uint8_t *bytes,
               unsigned size)
{
    unsigned i;

    text_printf(text, "         %-6s", word);
    for (i = 0; i < size && i < IMAGE_PATCH_MAX; i++)
        text_printf(text, " %02x", bytes[i]);
    text_putc(text, '\n');
}

static void
describe_patches(struct text *text, const struct image_header *header)
{
    const struct image_patch *patch = part(header, header->patches_offset);
    uint32_t i;

    text_printf(text, "patches    %u\n", header->patches);
    for (i = 0; i < header->patches; i++, patch++) {
        text_printf(text, "  %#llx  %s\n",
                    (unsigned long long)(header->text_base + patch->address),
                    name_of(patches, COUNT(patches), patch->kind));
        describe_bytes(text, "before", patch->before, patch->size);
        describe_bytes(text, "after", patch->after, patch->size);
    }
}

void
info_describe(struct text *text, const struct image_header *header, bool list)
{
    text_printf(text, "kernel     %s\n", header->identity);
    text_printf(text, "protocol   %d, tables %u\n", PROBE_PROTOCOL_VERSION,
                header->version);
    text_printf(text, "text       %#llx, %u bytes\n",
                (unsigned long long)header->text_base, header->text_size);
    text_printf(text, "symbols    %u\n", header->symbols);
    text_printf(text, "tables     %u bytes\n", header->size);
    describe_functions(text, header, list);
    describe_patches(text, header);
}
