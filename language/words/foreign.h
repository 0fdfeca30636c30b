/*
 * Functions of SystemTap's library that GNU Mach has nothing for: they are
 * refused by name, with what to use instead where there is something.
 */

#ifndef LANGUAGE_WORDS_FOREIGN_H
#define LANGUAGE_WORDS_FOREIGN_H

/* Why a function is not to be had, or NULL if SystemTap has none of that
 * name. */
const char *foreign_function(const char *name);

#endif /* LANGUAGE_WORDS_FOREIGN_H */
