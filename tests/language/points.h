/*
 * What probe points and context variables mean in tests of the language:
 *
 *   begin, end, never, error        one place each
 *   timer.s(N), timer.ms(N)         one place
 *   kernel.function("F")            one place, none if F begins with "no"
 *   kernel.function("*")            two places, f and g
 *   kernel.function("F").return     not supported
 *
 * $name is a string if the name begins with "str", missing if it begins with
 * "no", and in g, too, if it begins with "f"; otherwise it is a long.
 */

#ifndef TESTS_LANGUAGE_POINTS_H
#define TESTS_LANGUAGE_POINTS_H

#include "language/language.h"

extern const struct language_context test_context;

#endif /* TESTS_LANGUAGE_POINTS_H */
