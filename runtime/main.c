#include "runtime/events/loop.h"

int
main(int argc, char **argv)
{
    struct rt_arguments arguments;

    if (!rt_arguments_parse(&arguments, argc, argv))
        return 2;
    return rt_run(&rt_program, &arguments);
}
