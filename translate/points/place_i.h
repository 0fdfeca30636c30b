/*
 * What the files that find places share.
 */

#ifndef TRANSLATE_POINTS_PLACE_I_H
#define TRANSLATE_POINTS_PLACE_I_H

#include "debuginfo/call.h"
#include "translate/points/family.h"
#include "translate/points/place.h"

struct place *place_new(struct place_finder *finder, enum point_kind kind);

/* The point as written, without what is no part of its name. */
const char *
place_written_name(struct arena *arena, const struct probe_point *point);

/* The same with the names of FAMILY's components where it has wildcards. */
const char *place_family_name(struct arena *arena,
                              const struct probe_point *point,
                              const struct family *family);

/* "vm_map_enter@vm/vm_map.c:960", or its name alone where no file is known. */
const char *place_function_name(struct arena *arena,
                                const struct debuginfo_function *function);

/* The argument of a component, or NULL. */
const struct expression *
place_argument(const struct probe_point *point, unsigned component);

/* ---- sites (site.c) -------------------------------------------- */

/* What is found for one point. */
struct site_search {
    struct place_finder *finder;
    struct probe_resolution *resolution;
    const struct probe_point *point;
    const struct family *family;
    const struct object *object; /* what its sites are in */
    bool apart;                  /* each site is a place of its own */
    struct place *place;         /* the last one; NULL: none was found */
    /* A site that must not be probed, and why. */
    const char *forbidden;
    const char *reason;
};

/* Whether SITE may be probed; if not, that and why is noted. */
bool site_may_be(struct site_search *search, const struct site *site);

/* Add SITE if it may be probed. */
void site_add(struct site_search *search, const struct site *site);

/* Tell the language of what was found, if there is anything. */
void site_finish(struct site_search *search);

/* ---- families of the kernel and programs ----------------------------- */

/* POINT_WRONG, POINT_NO_MATCH, or 0; function.c and statement.c.
 */
int place_resolve_function(struct site_search *search, unsigned *component,
                           struct error *error);
int place_resolve_function_at(struct site_search *search, unsigned *component,
                              struct error *error);
int place_resolve_statement(struct site_search *search, unsigned *component,
                            struct error *error);
/*
 * Why there is no function that WANTED names, whatever its line: POINT_NO_MATCH
 * with what may have been meant (missing.c).
 */
int place_no_function(struct site_search *search,
                      const struct debuginfo_pattern *wanted,
                      struct error *error);

/* callee.c and label.c */
int place_resolve_callee(struct site_search *search, unsigned *component,
                         struct error *error);
int place_resolve_label(struct site_search *search, unsigned *component,
                        struct error *error);

/* data.c */
int place_resolve_data(struct site_search *search, unsigned *component,
                       struct error *error);

/* mark.c */
int place_resolve_mark(struct site_search *search, unsigned *component,
                       struct error *error);

/* profile.c */
int place_resolve_profile(struct site_search *search, unsigned *component,
                          struct error *error);

/* process.c */
int place_resolve_process(struct site_search *search, unsigned *component,
                          struct error *error);

/* The functions that do system calls, each once; -1 with an error. */
typedef LIST_OF(const struct debuginfo_function *) trap_list;
int place_find_traps(struct place_finder *finder, trap_list *traps,
                     struct error *error);

/* Where system calls end other than by a return, with the result as the first
 * argument of the call there. */
void place_find_trap_returns(struct place_finder *finder,
                             debuginfo_call_places *places);

/* Lines that a point asks for. */
struct line_range {
    unsigned first;
    unsigned last;
};

/* FUNCTION[@FILE[:LINES]]; LINES: N, N-M, several with commas, '*', or +N
 * for one that is counted from the declaration of the function. */
struct source_pattern {
    struct debuginfo_pattern function; /* its line is 0 */
    LIST_OF(struct line_range) lines;
    bool any_line;
    bool relative;
};

int source_pattern_read(struct arena *arena, const char *string,
                        struct source_pattern *pattern, struct error *error);

/* Whether it asks for LINE, in what was declared in line DECLARED. */
bool source_pattern_has(const struct source_pattern *pattern, unsigned line,
                        unsigned declared);

#endif /* TRANSLATE_POINTS_PLACE_I_H */
