/*
 * The runtime: all that C generated from a script is written against.
 *
 * It is the same for a process on GNU Mach and for one on the machine that
 * machtap runs on, where scripts without kernel probes run.  A process has
 * one thread that runs handlers, one after the other in the order of the
 * events, so nothing here is locked and state is in plain variables.
 */

#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include "runtime/base/failure.h"
#include "runtime/base/scratch.h"
#include "runtime/base/value.h"
#include "runtime/events/event.h"
#include "runtime/events/input.h"
#include "runtime/maps/histogram.h"
#include "runtime/maps/map.h"
#include "runtime/maps/stats.h"
#include "runtime/program.h"
#include "runtime/symbols/address.h"
#include "runtime/symbols/stack.h"
#include "runtime/values/date.h"
#include "runtime/values/float.h"
#include "runtime/values/function.h"
#include "runtime/values/hit_memory.h"
#include "runtime/values/name.h"
#include "runtime/values/print.h"
#include "runtime/values/quote.h"
#include "runtime/values/regex.h"

#endif /* RUNTIME_RUNTIME_H */
