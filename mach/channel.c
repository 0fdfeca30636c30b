/*
 * Finding the channel among the PCI devices and mapping it.
 */

#include "mach/console_i.h"

#include <device/device_types.h>

#include "mach/ioport.h"
#include "mach/time.h"
#include "mig/device_user.h"

/* PCI 3.0, 3.2.2.3.2 (configuration mechanism #1) and 6.1, 6.2.5.1. */
#define PCI_ADDRESS     0xcf8
#define PCI_DATA        0xcfc
#define PCI_ENABLE      0x80000000u
#define PCI_SLOTS       32
#define PCI_ID          0x00
#define PCI_BAR(n)      (0x10 + 4 * (n))
#define PCI_BAR_64      0x4
#define PCI_BAR_ADDRESS (~(uint64_t)0xf)

#define CHANNEL_BAR 2

/* The kernel lets one task at a time configure; others are soon done. */
#define GRANT_TRIES 100

static uint32_t
pci_read(unsigned slot, unsigned offset)
{
    ioport_write32(PCI_ADDRESS, PCI_ENABLE | slot << 11 | offset);
    return ioport_read32(PCI_DATA);
}

static uint64_t
pci_bar(unsigned slot, unsigned number)
{
    uint64_t bar = pci_read(slot, PCI_BAR(number));

    if (bar & PCI_BAR_64)
        bar |= (uint64_t)pci_read(slot, PCI_BAR(number + 1)) << 32;
    return bar & PCI_BAR_ADDRESS;
}

/* Physical address of the channel, or 0. */
static uint64_t
find_channel(mach_port_t device)
{
    mach_port_t permission;
    kern_return_t kr;
    uint64_t address = 0;

    for (unsigned tries = 0;; tries++) {
        kr = ioport_grant(device, PCI_ADDRESS, PCI_DATA + 3, &permission);
        if (kr == KERN_SUCCESS)
            break;
        if (kr != KERN_PROTECTION_FAILURE || tries == GRANT_TRIES)
            return 0;
        time_sleep(1);
    }
    for (unsigned slot = 0; slot < PCI_SLOTS && address == 0; slot++)
        if (pci_read(slot, PCI_ID) ==
            (CHANNEL_PCI_DEVICE << 16 | CHANNEL_PCI_VENDOR))
            address = pci_bar(slot, CHANNEL_BAR);
    ioport_withdraw(permission);
    return address;
}

/*
 * Map SIZE bytes of physical memory.  The kernel has one pager for each
 * address that is mapped this way, so the header and each lane are mapped by
 * themselves: then each mapping of an address has the same size.
 */
static void *
map_physical(mach_port_t memory, uint64_t address, vm_size_t size)
{
    const vm_prot_t access = VM_PROT_READ | VM_PROT_WRITE;
    mach_port_t pager;
    vm_address_t place = 0;
    kern_return_t kr;

    kr = device_map(memory, access, address, size, &pager, FALSE);
    if (kr != KERN_SUCCESS)
        return NULL;
    kr = vm_map(mach_task_self(), &place, size, 0, TRUE, pager, 0, FALSE,
                access, access, VM_INHERIT_NONE);
    mach_port_deallocate(mach_task_self(), pager);
    return kr == KERN_SUCCESS ? (void *)place : NULL;
}

struct channel_lane *
channel_open(mach_port_t device, struct channel **channel, uint32_t *lane_size)
{
    uint64_t address = find_channel(device);
    struct channel_lane *lane = NULL;
    struct channel *header;
    mach_port_t memory;
    uint32_t number;

    if (address == 0 || device_open(device, D_READ | D_WRITE, (char *)"mem",
                                    &memory) != KERN_SUCCESS)
        return NULL;
    header = map_physical(memory, address, CHANNEL_HEADER_SIZE);
    if (header != NULL && header->magic == CHANNEL_MAGIC &&
        header->version == CHANNEL_VERSION) {
        *channel = header;
        *lane_size = header->lane_size;
        number = __atomic_fetch_add(&header->taken, 1, __ATOMIC_RELAXED);
        if (number < header->lanes)
            lane = map_physical(
                memory, address + CHANNEL_LANE_OFFSET(*lane_size, number),
                CHANNEL_LANE_STRIDE(*lane_size));
    }
    mach_port_deallocate(mach_task_self(), memory);
    return lane;
}
