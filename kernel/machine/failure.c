#include "kernel/machine/failure.h"

static uint32_t left;

uint32_t
failure_plan(uint32_t number)
{
    uint32_t before = left;

    left = number;
    return before;
}

bool
failure_now(void)
{
    return left != 0 && --left == 0;
}
