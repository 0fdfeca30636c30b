/*
 * What the translation is told: the options in its own words.
 */

#ifndef COMMAND_OPTIONS_SETTINGS_H
#define COMMAND_OPTIONS_SETTINGS_H

#include "command/machtap.h"

/*
 * Do all that comes before the translation, once it is known where the script
 * runs: find the example and the library, link a kernel that is surely needed,
 * and fill in the settings.
 */
int settings_prepare(struct machtap *machtap,
                     struct translate_options *settings, struct error *error);

#endif /* COMMAND_OPTIONS_SETTINGS_H */
