/*
 * The session port: who may open one, what it says, nonsense sent to it, and
 * that nothing is left of a session that has gone.
 */

#include "tests/kernel/kit.h"

static void
refused_without_privilege(void)
{
    static const char *const names[] = {"the host's name port", "a task port",
                                        "a thread port", "no port"};
    const mach_port_t ports[] = {mach_host_self(), mach_task_self(),
                                 mach_thread_self(), MACH_PORT_NULL};

    for (unsigned i = 0; i < 4; i++) {
        mach_port_t session = MACH_PORT_NULL;
        kern_return_t kr =
            probe_session_open(ports[i], PROBE_PROTOCOL_VERSION, &session);

        if (ports[i] == MACH_PORT_NULL)
            check(kr != KERN_SUCCESS, "%s opens no session", names[i]);
        else
            check_is(kr, PROBE_ERROR_PRIVILEGE, "%s opens no session",
                     names[i]);
    }
}

/* What an unprivileged task finds, in memory that it shares with us. */
struct attempts {
    volatile uint32_t done;
    volatile uint32_t opened;
    volatile uint32_t refused;
};

static void
try_all_names(void *argument)
{
    struct attempts *attempts = argument;

    for (mach_port_t name = 1; name < 200; name++) {
        mach_port_t session;
        kern_return_t kr =
            probe_session_open(name, PROBE_PROTOCOL_VERSION, &session);

        attempts->opened += kr == KERN_SUCCESS;
        attempts->refused += kr == PROBE_ERROR_PRIVILEGE;
    }
    attempts->done = 1;
}

/* A task of its own that was given nothing: whatever it has is not enough. */
static void
refused_to_another_task(void)
{
    struct attempts *attempts = shared_memory(vm_page_size);
    mach_port_t host = task_ports.host;
    task_t task;

    task_ports.host = MACH_PORT_NULL;
    task = task_fork(try_all_names, attempts);
    task_ports.host = host;
    while (!attempts->done)
        swtch_pri(0);
    check_is(attempts->opened, 0, "an unprivileged task opens no session");
    check(attempts->refused > 0, "and is told why (%u of its ports)",
          attempts->refused);
    task_terminate(task);
    mach_port_deallocate(mach_task_self(), task);
}

static void
version_is_checked(void)
{
    mach_port_t session;

    check_is(probe_session_open(task_ports.host, PROBE_PROTOCOL_VERSION + 1,
                                &session),
             PROBE_ERROR_VERSION, "another version is refused");
}

static void
kernel_is_described(mach_port_t session)
{
    struct probe_kernel kernel;
    kern_return_t kr = probe_describe(session, (char *)&kernel);

    check_is(kr, KERN_SUCCESS, "describe");
    printf("# %s, %u functions, %u Hz, multiplier %#" PRIx64 "\n",
           kernel.identity, kernel.functions, kernel.hz, kernel.tsc_multiplier);
    check(strncmp(kernel.identity, "GNU Mach ", 9) == 0, "identity");
    check_is(kernel.version, PROBE_PROTOCOL_VERSION, "version");
    check(kernel.cpus >= 1, "%u CPUs", kernel.cpus);
    check_is(kernel.word_size, sizeof(void *), "size of a word");
    check(kernel.functions > 1000, "functions");
    check(kernel.tsc_multiplier != 0 && kernel.tsc_base != 0, "clock");
    check(kernel.wall_base > 1000000000000000000u, "time of day");
}

static void
symbols_are_found(mach_port_t session)
{
    probe_name_t name = "ipc_kobject_server";
    uint64_t address = 0, size = 0;

    check_is(probe_symbol(session, name, &address, &size), KERN_SUCCESS,
             "a function is found");
    check(address > KERNEL_START && size > 100, "address and size");
    strcpy(name, "no_such_symbol");
    check_is(probe_symbol(session, name, &address, &size),
             PROBE_ERROR_NO_SYMBOL, "an unknown name");
    memset(name, 'x', sizeof(name));
    check_is(probe_symbol(session, name, &address, &size),
             PROBE_ERROR_NO_SYMBOL, "a name without an end");
}

static void
other_ports_are_no_sessions(void)
{
    struct probe_kernel kernel;
    natural_t wake;

    check_is(probe_describe(task_ports.host, (char *)&kernel),
             KERN_INVALID_ARGUMENT, "the privileged port is no session");
    check_is(probe_describe(mach_task_self(), (char *)&kernel),
             KERN_INVALID_ARGUMENT, "a task port is no session");
    check_is(probe_wait(mach_host_self(), 0, 0, &wake), KERN_INVALID_ARGUMENT,
             "nothing to wait for at the host's port");
}

static void
sessions_are_limited(void)
{
    mach_port_t sessions[PROBE_SESSIONS_MAX + 1];
    kern_return_t kr = KERN_SUCCESS;
    unsigned open = 0;

    while (open <= PROBE_SESSIONS_MAX) {
        kr = probe_session_open(task_ports.host, PROBE_PROTOCOL_VERSION,
                                &sessions[open]);
        if (kr != KERN_SUCCESS)
            break;
        open++;
    }
    check_is(open, PROBE_SESSIONS_MAX, "as many sessions as the limit says");
    check_is(kr, PROBE_ERROR_SESSIONS, "and no more");
    while (open > 0)
        session_close(sessions[--open]);
}

/* A small generator (xorshift): the same nonsense in each run. */
static uint64_t
nonsense(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

struct nonsense_message {
    mach_msg_header_t header;
    uint64_t body[400];
};

static void
send_nonsense(mach_port_t port, unsigned count)
{
    static struct nonsense_message message;
    mach_port_t reply = mach_reply_port();
    unsigned answered = 0;

    for (unsigned i = 0; i < count; i++) {
        unsigned words = nonsense() % 400;

        /* Of each kind: some bytes small, so that types come out valid. */
        for (unsigned j = 0; j < words; j++) {
            uint64_t word = nonsense();

            message.body[j] = i % 3 == 0   ? word
                              : i % 3 == 1 ? word & 0x000000ff1100ffffu
                                           : word % 3;
        }
        message.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
                                                  MACH_MSG_TYPE_MAKE_SEND_ONCE);
        if (i % 4 == 3)
            message.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
        message.header.msgh_size = sizeof(message.header) + words * 8;
        message.header.msgh_remote_port = port;
        message.header.msgh_local_port = reply;
        message.header.msgh_id = 7100 + (int)(nonsense() % 16);
        if (mach_msg(&message.header,
                     MACH_SEND_MSG | MACH_RCV_MSG | MACH_RCV_TIMEOUT,
                     message.header.msgh_size, sizeof(message), reply, 20,
                     MACH_PORT_NULL) == MACH_MSG_SUCCESS)
            answered++;
    }
    printf("# %u of %u answered\n", answered, count);
    mach_port_mod_refs(mach_task_self(), reply, MACH_PORT_RIGHT_RECEIVE, -1);
}

/* What a wrapped-around array length would be: types right, length not. */
static void
send_long_key(mach_port_t session, uint32_t length)
{
    struct {
        mach_msg_header_t header;
        mach_msg_type_t map_type;
        uint64_t map;
        mach_msg_type_t key_type;
        uint64_t key[8];
    } message = {
        .header =
            {
                .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
                                            MACH_MSG_TYPE_MAKE_SEND_ONCE),
                .msgh_size = 56,
                .msgh_remote_port = session,
                .msgh_local_port = mach_reply_port(),
                .msgh_id = 7106,
            },
        .map_type = {.msgt_name = MACH_MSG_TYPE_INTEGER_32,
                     .msgt_size = 32,
                     .msgt_number = 1,
                     .msgt_inline = TRUE},
        .key_type = {.msgt_name = MACH_MSG_TYPE_CHAR,
                     .msgt_size = 8,
                     .msgt_number = length,
                     .msgt_inline = TRUE},
    };
    mach_port_t reply = message.header.msgh_local_port;
    kern_return_t kr =
        mach_msg(&message.header, MACH_SEND_MSG | MACH_RCV_MSG, 56,
                 sizeof(message), reply, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);

    check(kr == MACH_MSG_SUCCESS &&
              ((mig_reply_header_t *)&message)->RetCode != KERN_SUCCESS,
          "a key of %u bytes in a message of none is an error", length);
    mach_port_mod_refs(mach_task_self(), reply, MACH_PORT_RIGHT_RECEIVE, -1);
}

/* A message like the kernel's when the last right has gone. */
static void
forge_no_senders(mach_port_t session)
{
    mach_no_senders_notification_t message = {
        .not_header =
            {
                .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
                .msgh_size = sizeof(message),
                .msgh_remote_port = session,
                .msgh_id = MACH_NOTIFY_NO_SENDERS,
            },
        .not_type = {.msgt_name = MACH_MSG_TYPE_INTEGER_32,
                     .msgt_size = 32,
                     .msgt_number = 1,
                     .msgt_inline = TRUE},
    };
    struct probe_kernel kernel;

    mach_msg(&message.not_header, MACH_SEND_MSG, sizeof(message), 0,
             MACH_PORT_NULL, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
    check_is(probe_describe(session, (char *)&kernel), KERN_SUCCESS,
             "a forged notification ends no session");
}

static uint64_t
free_pages(void)
{
    struct vm_statistics vm;

    vm_statistics(mach_task_self(), &vm);
    return vm.free_count;
}

static uint64_t
use_session(void)
{
    mach_port_t session = session_open();
    uint32_t program = program_record(session, 4), probe;
    vm_address_t rings;
    vm_size_t stride;
    natural_t count, map;

    probe_map_create(session, PROBE_MAP_HASH, 8, 8, 100, &map);
    probe_rings_map(session, PROBE_RING_SIZE_MIN, &rings, &stride, &count);
    attach(session, symbol(session, "vm_map_enter"), PROBE_ENTRY, program, 0,
           &probe);
    session_close(session);
    return rings;
}

static void
nothing_is_left(void)
{
    vm_address_t rings = 0;
    char *data;
    mach_msg_type_number_t size;
    uint64_t before, after;

    for (unsigned i = 0; i < 20; i++)
        rings = use_session();
    before = free_pages();
    for (unsigned i = 0; i < 1000; i++)
        rings = use_session();
    after = free_pages();
    printf("# free pages: %" PRIu64 ", then %" PRIu64 "\n", before, after);
    check(after + 8 >= before, "1000 sessions leave no memory taken");
    check(vm_read(mach_task_self(), rings, vm_page_size, (vm_offset_t *)&data,
                  &size) != KERN_SUCCESS,
          "a session's rings go with it");
}

int
main(void)
{
    mach_port_t session;

    refused_without_privilege();
    if (task_ports.host == MACH_PORT_NULL)
        return check_end(); /* booted without privilege: that was all */
    refused_to_another_task();
    version_is_checked();
    session = session_open();
    kernel_is_described(session);
    symbols_are_found(session);
    other_ports_are_no_sessions();
    session_close(session);
    sessions_are_limited();

    session = session_open();
    send_nonsense(task_ports.host, 2000);
    send_nonsense(session, 2000);
    send_long_key(session, 1);
    send_long_key(session, 0xfffffffd);
    send_long_key(session, 100000);
    forge_no_senders(session);
    session_close(session);
    nothing_is_left();
    return check_end();
}
