/*
 * The kernel's allocator waits until there is memory, if need be for ever,
 * since what a session takes is wired and nothing can be paged out for it.
 * So it is asked before.
 *
 * Not all that is free can be had: of each segment of physical memory the
 * allocator keeps 5 % for itself, at least 500 pages, and its pageout daemon
 * keeps more than that.  A tenth of the memory is left alone therefore, and
 * at least RESERVE_MIN pages.
 */

#include "kernel/memory/room.h"

#include "kernel_types.h"

#define PAGE_BYTES  4096u
#define RESERVE_MIN 1500u

bool
room_for(uint64_t size)
{
    uint64_t pages = vm_page_mem_free();
    uint64_t reserve = vm_page_mem_size() / PAGE_BYTES / 10;

    if (reserve < RESERVE_MIN)
        reserve = RESERVE_MIN;
    return pages > reserve && size / PAGE_BYTES <= (pages - reserve) / 2;
}
