#include "runtime/text.h"

#include <stdio.h>
#include <string.h>

#include "runtime/failure.h"
#include "runtime/limit.h"
#include "runtime/platform.h"
#include "runtime/scratch.h"

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

/* ---- names of numbers ------------------------------------------------ */

/* The Hurd's errors have its system's number above these. */
#define ERROR_SYSTEM 0x40000000
#define ERROR_CODE   0x3fff

static const char *const errors[] = {
    NULL,
    "EPERM",
    "ENOENT",
    "ESRCH",
    "EINTR",
    "EIO",
    "ENXIO",
    "E2BIG",
    "ENOEXEC",
    "EBADF",
    "ECHILD",
    "EDEADLK",
    "ENOMEM",
    "EACCES",
    "EFAULT",
    "ENOTBLK",
    "EBUSY",
    "EEXIST",
    "EXDEV",
    "ENODEV",
    "ENOTDIR",
    "EISDIR",
    "EINVAL",
    "EMFILE",
    "ENFILE",
    "ENOTTY",
    "ETXTBSY",
    "EFBIG",
    "ENOSPC",
    "ESPIPE",
    "EROFS",
    "EMLINK",
    "EPIPE",
    "EDOM",
    "ERANGE",
    "EAGAIN",
    "EINPROGRESS",
    "EALREADY",
    "ENOTSOCK",
    "EMSGSIZE",
    "EPROTOTYPE",
    "ENOPROTOOPT",
    "EPROTONOSUPPORT",
    "ESOCKTNOSUPPORT",
    "EOPNOTSUPP",
    "EPFNOSUPPORT",
    "EAFNOSUPPORT",
    "EADDRINUSE",
    "EADDRNOTAVAIL",
    "ENETDOWN",
    "ENETUNREACH",
    "ENETRESET",
    "ECONNABORTED",
    "ECONNRESET",
    "ENOBUFS",
    "EISCONN",
    "ENOTCONN",
    "EDESTADDRREQ",
    "ESHUTDOWN",
    "ETOOMANYREFS",
    "ETIMEDOUT",
    "ECONNREFUSED",
    "ELOOP",
    "ENAMETOOLONG",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "ENOTEMPTY",
    "EPROCLIM",
    "EUSERS",
    "EDQUOT",
    "ESTALE",
    "EREMOTE",
    "EBADRPC",
    "ERPCMISMATCH",
    "EPROGUNAVAIL",
    "EPROGMISMATCH",
    "EPROCUNAVAIL",
    "ENOLCK",
    "ENOSYS",
    "EFTYPE",
    "EAUTH",
    "ENEEDAUTH",
};

static const char *const signals[] = {
    NULL,      "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP",
    "SIGABRT", "SIGEMT",  "SIGFPE",    "SIGKILL", "SIGBUS",   "SIGSEGV",
    "SIGSYS",  "SIGPIPE", "SIGALRM",   "SIGTERM", "SIGURG",   "SIGSTOP",
    "SIGTSTP", "SIGCONT", "SIGCHLD",   "SIGTTIN", "SIGTTOU",  "SIGIO",
    "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGINFO",
    "SIGUSR1", "SIGUSR2", "SIGLOST",
};

static struct rt_string
name_of(const char *const *names, size_t count, int64_t number,
        const char *prefix)
{
    char text[40];

    if (number > 0 && number < (int64_t)count)
        return copy(names[number]);
    snprintf(text, sizeof(text), "%s#%lld", prefix, (long long)number);
    return copy(text);
}

struct rt_string
rt_errno_str(int64_t number)
{
    if ((number & ~(int64_t)ERROR_CODE) == ERROR_SYSTEM)
        number &= ERROR_CODE;
    return name_of(errors, sizeof(errors) / sizeof(errors[0]), number, "E");
}

struct rt_string
rt_signal_str(int64_t number)
{
    return name_of(signals, sizeof(signals) / sizeof(signals[0]), number,
                   "SIG");
}

/* ---- JSON ------------------------------------------------------------ */

/* A byte as it stands in a JSON string; returns how many bytes that are. */
static size_t
json_escape(char *text, size_t size, char byte)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    size_t i;

    for (i = 0; i + 1 < sizeof(letters); i += 2) {
        if (letters[i] == byte) {
            text[0] = '\\';
            text[1] = letters[i + 1];
            return 2;
        }
    }
    if ((uint8_t)byte < ' ' || byte == 0x7f)
        return (size_t)snprintf(text, size, "\\u%04x", (unsigned)byte);
    text[0] = byte;
    return 1;
}

/* Cut before a byte that does not fit, so that the quotes always match. */
struct rt_string
rt_json_quoted(struct rt_string string)
{
    size_t size = rt_string_max;
    char *text = rt_scratch_reserve(&size);
    size_t used = 0, i;

    if (size < 2)
        return RT_TEXT("");
    text[used++] = '"';
    for (i = 0; i < string.length; i++) {
        char escaped[8];
        size_t length = json_escape(escaped, sizeof(escaped), string.text[i]);

        if (used + length + 1 > size)
            break;
        memcpy(text + used, escaped, length);
        used += length;
    }
    text[used++] = '"';
    return rt_scratch_take(text, used);
}
