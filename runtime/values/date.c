#include "runtime/values/date.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/limit.h"
#include "runtime/base/platform.h"
#include "runtime/base/scratch.h"

static struct rt_string
copy(const char *text)
{
    return rt_hold((struct rt_string){text, strlen(text)});
}

/* ---- dates ----------------------------------------------------------- */

/* The date of a day counted from 1970, by eras of 400 years that begin in
 * March. */
static void
put_date(char *text, size_t size, int64_t seconds)
{
    static const char days[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "MarAprMayJunJulAugSepOctNovDecJanFeb";
    int64_t day = seconds / 86400 - (seconds % 86400 < 0);
    int64_t second = seconds - day * 86400;
    int64_t weekday = (day % 7 + 7) % 7;
    int64_t shifted = day + 719468;
    int64_t era = shifted / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t of_month = of_year - (153 * month + 2) / 5 + 1;

    year += era * 400 + (month >= 10);
    snprintf(text, size, "%.3s %.3s %2d %02d:%02d:%02d %d", days + 3 * weekday,
             months + 3 * month, (int)of_month, (int)(second / 3600),
             (int)(second / 60 % 60), (int)(second % 60), (int)year);
}

static bool
check_seconds(int64_t seconds)
{
    if (seconds == (int32_t)seconds)
        return true;
    rt_raise("ctime of %lld: too far from 1970", (long long)seconds);
    return false;
}

struct rt_string
rt_ctime(int64_t seconds)
{
    char text[64];

    if (!check_seconds(seconds))
        return RT_TEXT("");
    put_date(text, sizeof(text), seconds);
    return copy(text);
}

struct rt_string
rt_tz_ctime(int64_t seconds)
{
    const char *name;
    int64_t west = rt_platform_zone(&name);
    char date[64], text[128];

    if (!check_seconds(seconds))
        return RT_TEXT("");
    put_date(date, sizeof(date), seconds - west);
    snprintf(text, sizeof(text), "%s %s", date, name);
    return copy(text);
}

int64_t
rt_tz_gmtoff(void)
{
    const char *name;

    return rt_platform_zone(&name);
}

struct rt_string
rt_tz_name(void)
{
    const char *name;

    rt_platform_zone(&name);
    return copy(name);
}

struct rt_string
rt_env_var(struct rt_string name)
{
    const char *value = rt_platform_variable(name.text);

    return value != NULL ? copy(value) : RT_TEXT("");
}
