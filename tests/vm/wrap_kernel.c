/* A kernel as Debian ships it, in the form that QEMU boots: the tool for
 * tests that compare with kernels that are not linked. */

#include <stdio.h>

#include "image/image.h"

int
main(int argc, char **argv)
{
    struct error error = {0};

    if (argc != 3) {
        fprintf(stderr, "usage: wrap-kernel KERNEL OUTPUT\n");
        return 2;
    }
    if (image_wrap_elf32(argv[1], argv[2], &error) == 0)
        return 0;
    fprintf(stderr, "wrap-kernel: %s\n", error.text);
    return 1;
}
