#include "command/passes/pass.h"

#include <stdio.h>
#include <unistd.h>

static double
milliseconds(const struct timeval *from, const struct timeval *to)
{
    return (double)(to->tv_sec - from->tv_sec) * 1e3 +
           (double)(to->tv_usec - from->tv_usec) / 1e3;
}

void
stopwatch_start(struct stopwatch *watch)
{
    getrusage(RUSAGE_SELF, &watch->self);
    getrusage(RUSAGE_CHILDREN, &watch->children);
    clock_gettime(CLOCK_MONOTONIC, &watch->real);
}

/* proc(5): statm has sizes in pages, data being the sixth. */
static void
print_memory(void)
{
    long virt = 0, res = 0, shr = 0, data = 0;
    long kilobytes = sysconf(_SC_PAGESIZE) / 1024;
    FILE *file = fopen("/proc/self/statm", "re");

    if (file == NULL)
        return;
    if (fscanf(file, "%ld %ld %ld %*d %*d %ld", &virt, &res, &shr, &data) == 4)
        fprintf(stderr, " using %ldvirt/%ldres/%ldshr/%lddata kb,",
                virt * kilobytes, res * kilobytes, shr * kilobytes,
                data * kilobytes);
    fclose(file);
}

void
pass_report(struct stopwatch *watch, int verbose, int pass, const char *what)
{
    struct stopwatch now;

    stopwatch_start(&now);
    if (verbose > 0) {
        fprintf(stderr, "Pass %d: %s", pass, what);
        print_memory();
        fprintf(
            stderr, " in %.0fusr/%.0fsys/%.0freal ms.\n",
            milliseconds(&watch->self.ru_utime, &now.self.ru_utime) +
                milliseconds(&watch->children.ru_utime, &now.children.ru_utime),
            milliseconds(&watch->self.ru_stime, &now.self.ru_stime) +
                milliseconds(&watch->children.ru_stime, &now.children.ru_stime),
            (double)(now.real.tv_sec - watch->real.tv_sec) * 1e3 +
                (double)(now.real.tv_nsec - watch->real.tv_nsec) / 1e6);
    }
    *watch = now;
}

int
pass_failed(int pass)
{
    static const char *const what[] = {
        "", "parse", "analysis", "translation", "compilation", "run"};

    fprintf(stderr, "Pass %d: %s failed.  [man error::pass%d]\n", pass,
            what[pass], pass);
    return 1;
}
