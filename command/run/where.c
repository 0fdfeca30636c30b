#include "command/run/where.h"

#include <string.h>

#include "command/run/host.h"
#include "support/text.h"

/*
 * What scripts compare with kernel_v and kernel_vr, from the identity: "GNU
 * Mach 1.8+git20250702-up-amd64-dbg HASH".
 */
static int
find_version(struct machtap *machtap, struct error *error)
{
    static const char system[] = "GNU Mach ";
    char identity[PROBE_IDENTITY_MAX];
    const char *start = identity;

    if (image_identity(machtap->kernel.path, identity, error) != 0)
        return -1;

    if (strncmp(start, system, strlen(system)) == 0)
        start += strlen(system);
    machtap->version = xstrndup(start, strspn(start, "0123456789."));
    machtap->release = xstrndup(start, strcspn(start, "- "));
    return 0;
}

int
where_kernel(struct machtap *machtap, struct error *error)
{
    if (kernel_find(&machtap->kernel, machtap->options.kernel, error) != 0)
        return -1;
    return find_version(machtap, error);
}

int
where_find(struct machtap *machtap, struct error *error)
{
    const struct options *options = &machtap->options;

    machtap->kernel_needed = host_declined(options);
    if (options->host && machtap->kernel_needed)
        return error_set(error, "--host boots no machine, so no option can "
                                "say what it is to be like");
    if (machtap->kernel_needed)
        return where_kernel(machtap, error);
    if (!options->host)
        where_kernel(machtap, &machtap->no_kernel);
    return 0;
}

int
where_prepare(struct machtap *machtap, struct error *error)
{
    const struct options *options = &machtap->options;

    if (kernel_link(&machtap->kernel, options->no_cache, options->verbose,
                    error) != 0)
        return -1;

    machtap->tables = image_read_tables(machtap->kernel.linked, error);
    if (machtap->tables == NULL)
        return -1;
    if (!options->no_cache)
        index_read(&machtap->kernel, &machtap->index);

    pass_report(&machtap->watch, machtap->options.pass_verbose[2], 0,
                "linked the kernel, or found it linked");
    return 0;
}

int
where_need(void *data, struct kernel_source *source, struct error *error)
{
    struct machtap *machtap = data;

    machtap->kernel_needed = true;
    if (options_unprivileged(&machtap->options))
        return error_set(error, "this needs a kernel, which users of "
                                "--privilege=stapusr may not probe");
    if (machtap->options.host)
        return error_set(error, "this needs a kernel, and --host runs "
                                "scripts without one");
    if (machtap->no_kernel.text[0] != '\0') {
        *error = machtap->no_kernel;
        return -1;
    }
    if (machtap->tables == NULL && where_prepare(machtap, error) != 0)
        return -1;
    source->path = machtap->kernel.path;
    source->tables = machtap->tables;
    source->index = machtap->index.bytes;
    source->index_size = machtap->index.size;
    return 0;
}
