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

#include "runtime/address.h"
#include "runtime/event.h"
#include "runtime/failure.h"
#include "runtime/float.h"
#include "runtime/function.h"
#include "runtime/histogram.h"
#include "runtime/hit_memory.h"
#include "runtime/input.h"
#include "runtime/map.h"
#include "runtime/name.h"
#include "runtime/print.h"
#include "runtime/program.h"
#include "runtime/quote.h"
#include "runtime/regex.h"
#include "runtime/scratch.h"
#include "runtime/stack.h"
#include "runtime/stats.h"
#include "runtime/text.h"
#include "runtime/value.h"

#endif /* RUNTIME_RUNTIME_H */
