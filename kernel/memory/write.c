/*
 * Writing to the kernel from a program, in probe context.
 *
 * As with reading, each page is translated first; here it must be one that
 * the kernel itself may write.  Text and our own part of the image stay as they
 * are, by whatever address they are reached: a probe's bytes in the text are
 * looked after by point.c alone.
 */

#include "kernel/machine/frame.h"
#include "kernel/machine/string.h"
#include "kernel/memory/memory.h"
#include "kernel/points/tables.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"

extern const uint8_t probe_image_start[], probe_image_end[];

/* Whether PHYSICAL is between START and END, which are in one piece. */
static bool
is_within(uint64_t physical, uint64_t start, uint64_t end)
{
    uint64_t first;

    return memory_translate(MEMORY_KERNEL, start, &first) &&
           physical >= first && physical - first < end - start;
}

static bool
is_kept(uint64_t physical)
{
    return is_within(physical, image_header.text_base,
                     image_header.text_base + image_header.text_size) ||
           is_within(physical, (uintptr_t)probe_image_start,
                     (uintptr_t)probe_image_end);
}

void *
memory_place_to_write(uint32_t size, uint64_t address)
{
    uint64_t physical;

    if (!memory_translate(MEMORY_KERNEL_WRITABLE, address, &physical) ||
        is_kept(physical) || is_kept(physical + size - 1))
        return NULL;
    return (void *)(uintptr_t)memory_direct(physical);
}

/* At once, if SIZE is a word's and the place is aligned. */
static void
store(void *place, const void *buffer, uint32_t size)
{
    uint64_t value = 0;

    if ((uintptr_t)place % size != 0 || size > sizeof(value)) {
        memcpy(place, buffer, size);
        return;
    }
    memcpy(&value, buffer, size);
    switch (size) {
    case 1:
        *(volatile uint8_t *)place = (uint8_t)value;
        break;
    case 2:
        *(volatile uint16_t *)place = (uint16_t)value;
        break;
    case 4:
        *(volatile uint32_t *)place = (uint32_t)value;
        break;
    case 8:
        *(volatile uint64_t *)place = value;
        break;
    default:
        memcpy(place, buffer, size);
        break;
    }
}

int64_t
environment_write_kernel(const void *buffer, uint32_t size, uint64_t address)
{
    uint32_t first = MEMORY_PAGE_SIZE - address % MEMORY_PAGE_SIZE;
    void *place, *rest = NULL;

    if (size == 0 || size > MEMORY_PAGE_SIZE)
        return -(int64_t)PROBE_ERROR_ARGUMENT;
    if (first > size)
        first = size;
    place = memory_place_to_write(first, address);
    if (size > first)
        rest = memory_place_to_write(size - first, address + first);
    if (place == NULL || (size > first && rest == NULL))
        return -(int64_t)PROBE_ERROR_FAULT;
    store(place, buffer, first);
    if (rest != NULL)
        memcpy(rest, (const char *)buffer + first, size - first);
    return 0;
}

int64_t
environment_write_register(struct probe_context *context, uint64_t number,
                           uint64_t value)
{
    if (number >= PROBE_CONTEXT_REGISTERS ||
        (FRAME_REGISTERS_LOADED & 1u << number) == 0)
        return -(int64_t)PROBE_ERROR_ARGUMENT;
    context->registers[number] = value;
    return 0;
}
