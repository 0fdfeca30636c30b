/*
 * Manual pages of the library, from its comments (language/print/document.h):
 *
 *     pages FOLDER FILE...
 *
 * writes into FOLDER machtap-functions.7, machtap-probes.7, and for each
 * function, macro and probe alias function::NAME.3machtap, macro::... and
 * probe::..., as SystemTap calls its pages.  A comment that documents
 * nothing, or something with other parameters, is an error.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "language/print/dump.h"
#include "language/words/builtin.h"
#include "support/path.h"

struct pages {
    const char *folder;
    struct unit *unit;
    struct arena arena;
    document_list documents;
    unsigned errors;
};

static const struct {
    const char *prefix;
    const char *parameters; /* the section's name */
} kinds[] = {
    [DOCUMENT_FUNCTION] = {"function", "ARGUMENTS"},
    [DOCUMENT_PROBE] = {"probe", "VARIABLES"},
    [DOCUMENT_MACRO] = {"macro", "ARGUMENTS"},
};

static bool
same(const struct document *a, const struct document *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0;
}

/* ---- what documents are of ------------------------------------------- */

static bool
put_function(struct pages *pages, const struct document *document,
             struct text *text)
{
    const struct builtin *builtin =
        builtin_find(document->name, document->parameters.count);

    LIST_EACH (script, &pages->unit->scripts)
        LIST_EACH (function, &(*script)->functions) {
            const variable_list *parameters = &(*function)->parameters;
            bool found = parameters->count == document->parameters.count &&
                         strcmp((*function)->name, document->name) == 0;

            for (unsigned i = 0; found && i < parameters->count; i++)
                found = strcmp(parameters->items[i]->name,
                               document->parameters.items[i].name) == 0;
            if (!found)
                continue;
            dump_declaration(*function, text);
            return true;
        }
    if (!builtin || builtin->refused)
        return false;
    dump_signature(builtin, document, text);
    return true;
}

/* The locals that an alias gives to the probes that use it. */
typedef LIST_OF(const char *) name_list;

struct giving {
    struct arena *arena;
    name_list names;
};

static bool
has(const name_list *names, const char *name)
{
    LIST_EACH (known, names)
        if (strcmp(*known, name) == 0)
            return true;
    return false;
}

static void
note_variable(struct expression **slot, void *data)
{
    struct giving *giving = data;
    const struct expression *e = *slot;

    if (e->kind == EXPRESSION_ASSIGN &&
        e->assign.target->kind == EXPRESSION_SYMBOL &&
        e->assign.target->symbol.name[0] != '_' &&
        !has(&giving->names, e->assign.target->symbol.name))
        LIST_ADD(giving->arena, &giving->names, e->assign.target->symbol.name);
}

/* Whether the variables that are documented are those that there are; an
 * alias of aliases has theirs. */
static bool
gives(struct arena *arena, const struct alias *alias,
      const struct document *document)
{
    struct giving giving = {.arena = arena};
    name_list documented = {0};

    if (alias->prologue)
        ast_walk(alias->prologue, note_variable, &giving);
    if (giving.names.count == 0)
        return true;
    LIST_EACH (parameter, &document->parameters) {
        if (!has(&giving.names, parameter->name))
            return false;
        LIST_ADD(arena, &documented, parameter->name);
    }
    LIST_EACH (name, &giving.names)
        if (!has(&documented, *name))
            return false;
    return true;
}

static bool
put_probe(struct pages *pages, const struct document *document,
          struct text *text)
{
    LIST_EACH (script, &pages->unit->scripts)
        LIST_EACH (alias, &(*script)->aliases) {
            size_t size = text->size;

            probe_point_print((*alias)->name, text);
            if (strcmp(text_string(text) + size, document->name) == 0)
                return gives(&pages->arena, *alias, document);
            text->size = size;
        }
    return false;
}

static bool
put_macro(struct pages *pages, const struct document *document,
          struct text *text)
{
    (void)pages;
    text_printf(text, "@%s", document->name);
    LIST_EACH (parameter, &document->parameters)
        text_printf(text, "%s%s",
                    parameter == document->parameters.items ? "(" : ", ",
                    parameter->name);
    text_puts(text, document->parameters.count > 0 ? ")" : "");
    return true;
}

/* What it looks like in a script. */
static void
put_signature(struct pages *pages, const struct document *document,
              struct text *text)
{
    static bool (*const put[])(struct pages *, const struct document *,
                               struct text *) = {
        [DOCUMENT_FUNCTION] = put_function,
        [DOCUMENT_PROBE] = put_probe,
        [DOCUMENT_MACRO] = put_macro,
    };

    if (put[document->kind](pages, document, text))
        return;
    fprintf(stderr,
            "pages: %s %s with %u parameters of these names is documented, "
            "but there is none\n",
            kinds[document->kind].prefix, document->name,
            document->parameters.count);
    pages->errors++;
}

/* ---- mdoc ------------------------------------------------------------ */

/* Whether a sentence ends at AT, and another begins. */
static bool
ends_sentence(const char *at)
{
    const char *next = at + 1 + strspn(at + 1, " ");

    return *at == '.' && next > at + 1 &&
           (strchr("\"(", *next) || (*next >= 'A' && *next <= 'Z'));
}

/* Text that begins a line; each sentence has one, as roff wants it. */
static void
put_text(struct text *page, const char *text)
{
    if (*text == '.' || *text == '\'')
        text_puts(page, "\\&");
    for (; *text; text++) {
        bool ends = ends_sentence(text);

        if (*text == '\\')
            text_puts(page, "\\e");
        else
            text_putc(page, *text);
        if (*text == '\n' && (text[1] == '.' || text[1] == '\''))
            text_puts(page, "\\&");
        if (!ends)
            continue;
        text_putc(page, '\n');
        text += strspn(text + 1, " ");
    }
    if (page->data[page->size - 1] != '\n')
        text_putc(page, '\n');
}

/* A sentence of what has neither capital letter nor full stop. */
static void
put_sentence(struct text *page, const char *sentence)
{
    struct text text = {0};

    text_puts(&text, sentence);
    if (text.data[0] >= 'a' && text.data[0] <= 'z')
        text.data[0] = (char)(text.data[0] - 'a' + 'A');
    if (text.data[text.size - 1] != '.')
        text_putc(&text, '.');
    put_text(page, text_string(&text));
    text_free(&text);
}

static void
put_code(struct text *page, const char *macro, const char *code)
{
    text_puts(page, macro);
    text_puts(page, " \"");
    for (; *code; code++)
        text_puts(page, *code == '"' ? "\"\"" : (char[]){*code, '\0'});
    text_puts(page, "\"\n");
}

static void
put_parameters(struct text *page, const struct document *document,
               const char *list)
{
    if (document->parameters.count == 0)
        return;
    text_printf(page, ".Bl -tag -width Ds%s\n", list);
    LIST_EACH (parameter, &document->parameters) {
        put_code(page, ".It Va", parameter->name);
        put_text(page, parameter->text);
    }
    text_puts(page, ".El\n");
}

static void
put_paragraphs(struct text *page, const struct document *document,
               const char *before)
{
    LIST_EACH (paragraph, &document->paragraphs) {
        if (paragraph->verbatim) {
            text_puts(page, ".Bd -literal -offset indent\n");
            put_text(page, paragraph->text);
            text_puts(page, ".Ed\n");
        } else {
            text_puts(page, before);
            put_text(page, paragraph->text);
        }
        before = ".Pp\n";
    }
}

static void
put_head(struct text *page, const char *name, const char *section,
         const char *summary)
{
    text_puts(page, ".Dd $Mdocdate$\n.Dt ");
    for (const char *at = name; *at; at++)
        text_putc(page,
                  *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
    text_printf(page, " %s\n.Os machtap\n.Sh NAME\n.Nm %s\n.Nd ", section,
                name);
    put_text(page, summary);
}

static void
write_page(struct pages *pages, const char *name, const char *ending,
           struct text *page)
{
    char *path = xasprintf("%s/%s.%s", pages->folder, name, ending);
    struct error error;

    if (path_write(path, page->data, page->size, 0644, &error) != 0) {
        fprintf(stderr, "pages: %s\n", error.text);
        pages->errors++;
    }
    free(path);
    text_free(page);
}

/* ---- a page of one name ---------------------------------------------- */

/* All documents of FIRST's kind and name: a function may have several. */
static void
write_name(struct pages *pages, const struct document *first,
           const char *see_also)
{
    char *name = xasprintf("%s::%s", kinds[first->kind].prefix, first->name);
    const struct document *end =
        pages->documents.items + pages->documents.count;
    struct text page = {0};
    unsigned count = 0;

    put_head(&page, name, "3", first->summary);
    text_puts(&page, ".Sh SYNOPSIS\n");
    for (const struct document *at = first; at < end; at++) {
        struct text signature = {0};

        if (!same(at, first))
            continue;
        text_puts(&page, count++ ? ".Pp\n" : "");
        put_signature(pages, at, &signature);
        put_code(&page, ".Li", text_string(&signature));
        text_free(&signature);
    }
    text_printf(&page, ".Sh %s\n", kinds[first->kind].parameters);
    const struct document *longest = first;
    for (const struct document *at = first; at < end; at++)
        if (same(at, first) && at->parameters.count > longest->parameters.count)
            longest = at;
    if (longest->parameters.count > 0)
        put_parameters(&page, longest, "");
    else
        text_puts(&page, "None.\n");
    text_puts(&page, ".Sh DESCRIPTION\n");
    if (count > 1)
        text_puts(&page, ".Bl -enum\n");
    for (const struct document *at = first; at < end; at++) {
        if (!same(at, first))
            continue;
        text_puts(&page, count > 1 ? ".It\n" : "");
        put_sentence(&page, at->summary);
        put_paragraphs(&page, at, ".Pp\n");
    }
    text_puts(&page, count > 1 ? ".El\n" : "");
    text_printf(&page, ".Sh SEE ALSO\n.Xr machtap 1 ,\n.Xr %s 7\n", see_also);
    write_page(pages, name, "3machtap", &page);
    free(name);
}

/* ---- a page of all --------------------------------------------------- */

/* Whether the file that FILE is of has any documents of the KIND. */
static bool
file_has(const struct pages *pages, const struct document *file, bool probes)
{
    const struct document *end =
        pages->documents.items + pages->documents.count;

    for (file++; file < end && file->kind != DOCUMENT_FILE; file++)
        if ((file->kind == DOCUMENT_PROBE) == probes)
            return true;
    return false;
}

static void
write_all(struct pages *pages, const char *name, const char *summary,
          const char *introduction, bool probes)
{
    struct text page = {0};
    bool any = false;

    put_head(&page, name, "7", summary);
    text_printf(&page, ".Sh DESCRIPTION\n%s", introduction);
    LIST_EACH (document, &pages->documents) {
        struct text signature = {0};

        if (document->kind == DOCUMENT_FILE) {
            text_puts(&page, any ? ".El\n" : "");
            any = file_has(pages, document, probes);
            if (!any)
                continue;
            put_code(&page, ".Ss", document->summary);
            put_paragraphs(&page, document, "");
            text_puts(&page, ".Bl -tag -width Ds\n");
            continue;
        }
        if ((document->kind == DOCUMENT_PROBE) != probes)
            continue;
        put_signature(pages, document, &signature);
        put_code(&page, ".It Li", text_string(&signature));
        text_free(&signature);
        put_sentence(&page, document->summary);
        put_parameters(&page, document, " -compact");
        put_paragraphs(&page, document, ".Pp\n");

        bool first = true;
        LIST_EACH (before, &pages->documents) {
            if (before == document)
                break;
            first = first && !same(before, document);
        }
        if (first)
            write_name(pages, document, name);
    }
    text_puts(&page, any ? ".El\n" : "");
    text_printf(&page,
                ".Sh SEE ALSO\n.Xr machtap 1 ,\n.Xr %s 7\n.Pp\nEach has a "
                "page of its own too, such as\n.Li \"man %s\" .\n",
                probes ? "machtap-functions" : "machtap-probes",
                probes ? "probe::scheduler.switch" : "function::substr");
    write_page(pages, name, "7", &page);
}

static const char functions_introduction[] =
    "Each is given with the type of its value, if it has one, and with its\n"
    "parameters.\n"
    "Besides these there are\n"
    ".Fn print ,\n.Fn println ,\n.Fn printd ,\n.Fn printdln ,\n.Fn printf\n"
    "and the same with an\n.Sq s\n"
    "before the name, which give a string and print nothing.\n"
    ".Pp\n"
    "A string has at most\n.Dv MAXSTRINGLEN\n"
    "bytes with its end; what a function makes that is longer is cut.\n"
    "What belongs to an event is as it was at the event, though the handler\n"
    "runs later.\n";

static const char probes_introduction[] =
    "These are names for places of GNU Mach that people ask for most, and\n"
    "for a few of the script's own process.\n"
    "Most are aliases of functions of the kernel: a script that uses them\n"
    "does not depend on how the kernel calls its functions, and their\n"
    "variables need no\n.Sq $ .\n"
    ".Li \"machtap -l 'scheduler.*'\"\n"
    "says which functions a name stands for.\n"
    ".Pp\n"
    "Threads are named by the address of their\n.Li \"struct thread\" ,\n"
    "as\n.Fn thread\n"
    "gives it, tasks by that of their\n.Li \"struct task\" ,\n"
    "as\n.Fn task\n"
    "does, so the values of different points can be compared.\n"
    ".Fn execname ,\n.Fn task ,\n.Fn thread\n"
    "and\n.Fn backtrace\n"
    "are of the thread that the point's context says, which is not always\n"
    "the one that the point is about.\n";

int
main(int argc, char **argv)
{
    struct language_options options = {.guru = true};
    struct pages pages = {0};

    if (argc < 3) {
        fputs("usage: pages FOLDER FILE...\n", stderr);
        return 2;
    }
    pages.folder = argv[1];
    pages.unit = unit_new(&options);
    mkdir(pages.folder, 0777);
    for (int i = 2; i < argc; i++)
        pages.errors += unit_add_library(pages.unit, argv[i]) != 0;
    fputs(text_string(&pages.unit->messages.text), stderr);
    dump_documents(pages.unit, &pages.arena, &pages.documents);

    write_all(&pages, "machtap-functions", "functions that scripts can call",
              functions_introduction, false);
    write_all(&pages, "machtap-probes", "places of the kernel that have names",
              probes_introduction, true);
    unit_free(pages.unit);
    arena_free(&pages.arena);
    return pages.errors > 0;
}
