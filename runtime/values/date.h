/*
 * Functions of the language for dates and the environment.  A script's name()
 * is rt_name() here.
 */

#ifndef RUNTIME_VALUES_DATE_H
#define RUNTIME_VALUES_DATE_H

#include "runtime/base/value.h"

/* "Wed Jun 30 21:49:08 1993" of seconds since 1970, in UTC; raises when they
 * are no 32-bit number. */
struct rt_string rt_ctime(int64_t seconds);

/* The same in local time with the zone's name; what is to be subtracted from
 * UTC to get local time, in seconds; the name. */
struct rt_string rt_tz_ctime(int64_t seconds);
int64_t rt_tz_gmtoff(void);
struct rt_string rt_tz_name(void);

/* A variable of the process's environment; "" if it is not set. */
struct rt_string rt_env_var(struct rt_string name);

#endif /* RUNTIME_VALUES_DATE_H */
