/* The smallest task: a line of output and a status. */

#include <stdio.h>
#include <stdlib.h>

#include "mach/console.h"

int
main(int argc, char **argv)
{
    printf("hello from %s over console %d\n", argv[0], console_kind());
    for (int i = 1; i < argc; i++)
        printf("argument %d: %s\n", i, argv[i]);
    fputs("this is stderr\n", stderr);
    return argc > 1 ? atoi(argv[1]) : 0;
}
