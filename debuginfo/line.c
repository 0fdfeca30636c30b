#include "debuginfo/line.h"

#include "debuginfo/debuginfo_i.h"

static void
add_unit(struct debuginfo *debuginfo, Dwarf_Die *unit, const char *file,
         struct arena *arena, debuginfo_lines *lines)
{
    const char *raw = NULL, *last = NULL;
    Dwarf_Lines *table;
    bool matches = false;
    size_t count;

    if (dwarf_getsrclines(unit, &table, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *at = dwarf_onesrcline(table, i);
        struct debuginfo_line line = {0};
        bool statement = false, ends = false;
        const char *source = dwarf_linesrc(at, NULL, NULL);
        int number = 0;

        dwarf_linebeginstatement(at, &statement);
        dwarf_lineendsequence(at, &ends);
        if (source == NULL || !statement || ends ||
            dwarf_lineno(at, &number) != 0 || number <= 0 ||
            dwarf_lineaddr(at, &line.address) != 0)
            continue;
        if (source != raw) {
            raw = source;
            last = debuginfo_source_path(debuginfo, unit, source);
            matches = file == NULL || debuginfo_file_matches(file, last);
        }
        if (!matches)
            continue;
        line.file = last;
        line.line = (unsigned)number;
        LIST_ADD(arena, lines, line);
    }
}

void
debuginfo_find_lines(struct debuginfo *debuginfo, const char *file,
                     struct arena *arena, debuginfo_lines *lines)
{
    Dwarf_CU *unit = NULL;
    uint8_t type;
    Dwarf_Die die;

    while (dwarf_get_units(debuginfo->dwarf, unit, &unit, NULL, &type, &die,
                           NULL) == 0)
        add_unit(debuginfo, &die, file, arena, lines);
}
