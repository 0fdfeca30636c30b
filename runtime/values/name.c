#include "runtime/values/name.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/scratch.h"

/* The Hurd's errors have its system's number above these. */
#define ERROR_SYSTEM 0x40000000
#define ERROR_CODE   0x3fff

/* What mach_msg() adds to a result to say what there was no room for. */
#define MSG_SYSTEM 0x10000000
#define MSG_ROOM   0x3c00

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
    [100] = "EBACKGROUND",
    "EDIED",
    "ED",
    "EGREGIOUS",
    "EIEIO",
    "EGRATUITOUS",
    "EILSEQ",
    "EBADMSG",
    "EIDRM",
    "EMULTIHOP",
    "ENODATA",
    "ENOLINK",
    "ENOMSG",
    "ENOSR",
    "ENOSTR",
    "EOVERFLOW",
    "EPROTO",
    "ETIME",
    "ENOTSUP",
    "ECANCELED",
    "EOWNERDEAD",
    "ENOTRECOVERABLE",
};

static const char *const signals[] = {
    NULL,      "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP",
    "SIGABRT", "SIGEMT",  "SIGFPE",    "SIGKILL", "SIGBUS",   "SIGSEGV",
    "SIGSYS",  "SIGPIPE", "SIGALRM",   "SIGTERM", "SIGURG",   "SIGSTOP",
    "SIGTSTP", "SIGCONT", "SIGCHLD",   "SIGTTIN", "SIGTTOU",  "SIGIO",
    "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGINFO",
    "SIGUSR1", "SIGUSR2", "SIGLOST",
};

static const char *const kernel_returns[] = {
    "KERN_SUCCESS",
    "KERN_INVALID_ADDRESS",
    "KERN_PROTECTION_FAILURE",
    "KERN_NO_SPACE",
    "KERN_INVALID_ARGUMENT",
    "KERN_FAILURE",
    "KERN_RESOURCE_SHORTAGE",
    "KERN_NOT_RECEIVER",
    "KERN_NO_ACCESS",
    "KERN_MEMORY_FAILURE",
    "KERN_MEMORY_ERROR",
    NULL,
    "KERN_NOT_IN_SET",
    "KERN_NAME_EXISTS",
    "KERN_ABORTED",
    "KERN_INVALID_NAME",
    "KERN_INVALID_TASK",
    "KERN_INVALID_RIGHT",
    "KERN_INVALID_VALUE",
    "KERN_UREFS_OVERFLOW",
    "KERN_INVALID_CAPABILITY",
    "KERN_RIGHT_EXISTS",
    "KERN_INVALID_HOST",
    "KERN_MEMORY_PRESENT",
    "KERN_WRITE_PROTECTION_FAILURE",
    NULL,
    "KERN_TERMINATED",
    "KERN_TIMEDOUT",
    "KERN_INTERRUPTED",
};

static const char *const send_returns[] = {
    "MACH_SEND_IN_PROGRESS",    "MACH_SEND_INVALID_DATA",
    "MACH_SEND_INVALID_DEST",   "MACH_SEND_TIMED_OUT",
    "MACH_SEND_WILL_NOTIFY",    "MACH_SEND_NOTIFY_IN_PROGRESS",
    "MACH_SEND_INTERRUPTED",    "MACH_SEND_MSG_TOO_SMALL",
    "MACH_SEND_INVALID_REPLY",  "MACH_SEND_INVALID_RIGHT",
    "MACH_SEND_INVALID_NOTIFY", "MACH_SEND_INVALID_MEMORY",
    "MACH_SEND_NO_BUFFER",      "MACH_SEND_NO_NOTIFY",
    "MACH_SEND_INVALID_TYPE",   "MACH_SEND_INVALID_HEADER",
};

static const char *const receive_returns[] = {
    "MACH_RCV_IN_PROGRESS",    "MACH_RCV_INVALID_NAME", "MACH_RCV_TIMED_OUT",
    "MACH_RCV_TOO_LARGE",      "MACH_RCV_INTERRUPTED",  "MACH_RCV_PORT_CHANGED",
    "MACH_RCV_INVALID_NOTIFY", "MACH_RCV_INVALID_DATA", "MACH_RCV_PORT_DIED",
    "MACH_RCV_IN_SET",         "MACH_RCV_HEADER_ERROR", "MACH_RCV_BODY_ERROR",
};

static const char *const mig_errors[] = {
    "MIG_DESTROY_REQUEST", "MIG_SERVER_DIED",  "MIG_ARRAY_TOO_LARGE",
    "MIG_EXCEPTION",       "MIG_NO_REPLY",     "MIG_BAD_ARGUMENTS",
    "MIG_BAD_ID",          "MIG_REMOTE_ERROR", "MIG_REPLY_MISMATCH",
    "MIG_TYPE_ERROR",
};

static const char *const device_errors[] = {
    "D_IO_ERROR",       "D_WOULD_BLOCK",  "D_NO_SUCH_DEVICE",
    "D_ALREADY_OPEN",   "D_DEVICE_DOWN",  "D_INVALID_OPERATION",
    "D_INVALID_RECNUM", "D_INVALID_SIZE", "D_NO_MEMORY",
    "D_READ_ONLY",
};

#define ROW(first, names) {first, sizeof(names) / sizeof((names)[0]), names}

/* What a kernel, its interfaces and its devices may return. */
static const struct {
    int32_t first;
    uint32_t count;
    const char *const *names;
} mach_errors[] = {
    ROW(0, kernel_returns),
    ROW(MSG_SYSTEM + 1, send_returns),
    ROW(MSG_SYSTEM + 0x4001, receive_returns),
    ROW(-309, mig_errors),
    ROW(2500, device_errors),
};

static struct rt_string
copy(const char *text)
{
    return rt_hold((struct rt_string){text, strlen(text)});
}

static struct rt_string
unknown(const char *prefix, int64_t number)
{
    char text[40];

    snprintf(text, sizeof(text), "%s#%lld", prefix, (long long)number);
    return copy(text);
}

/* The Hurd's number of an error that may be negative or have the system. */
static const char *
error_name(int64_t number)
{
    if ((number & ~(int64_t)ERROR_CODE) == ERROR_SYSTEM)
        number &= ERROR_CODE;
    else if (number < 0)
        number = rt_negate(number);
    if (number < 1 || number >= (int64_t)(sizeof(errors) / sizeof(errors[0])))
        return NULL;
    return errors[number];
}

struct rt_string
rt_errno_str(int64_t number)
{
    const char *name = error_name(number);

    return name != NULL ? copy(name) : unknown("E", number);
}

int64_t
rt_errno_p(int64_t number)
{
    if (error_name(number) == NULL)
        return 0;
    if (number < 0)
        number = rt_negate(number);
    return number & ERROR_CODE;
}

struct rt_string
rt_signal_str(int64_t number)
{
    if (number > 0 && number < (int64_t)(sizeof(signals) / sizeof(signals[0])))
        return copy(signals[number]);
    return unknown("SIG", number);
}

struct rt_string
rt_mach_error_string(int64_t number)
{
    /* It is an int in C; who read it as unsigned means the same. */
    int32_t code = (int32_t)number;
    size_t i;

    if ((code & ~ERROR_CODE) == MSG_SYSTEM ||
        (code & ~ERROR_CODE) == (MSG_SYSTEM | 0x4000))
        code &= ~MSG_ROOM;
    for (i = 0; i < sizeof(mach_errors) / sizeof(mach_errors[0]); i++) {
        int64_t index = (int64_t)code - mach_errors[i].first;

        if (index >= 0 && index < (int64_t)mach_errors[i].count &&
            mach_errors[i].names[index] != NULL)
            return copy(mach_errors[i].names[index]);
    }
    if ((code & ~ERROR_CODE) == ERROR_SYSTEM && error_name(code) != NULL)
        return copy(error_name(code));
    return unknown("error ", number);
}
