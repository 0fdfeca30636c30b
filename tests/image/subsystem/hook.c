#include "kernel_types.h"
#include "protocol/image.h"

extern const struct image_header image_header;
extern uint8_t probe_image_end[];

int probe_original_kobject_notify(void *request, void *reply);
int probe_kobject_notify(void *request, void *reply);
void probe_breakpoint_entry(void);
int probe_descriptor_memory(vm_offset_t size, vm_offset_t *physical);

uint64_t hits;
static uint8_t zeroes[100000];

int
probe_kobject_notify(void *request, void *reply)
{
    struct thread *thread = percpu_array[0].active_thread;

    printf("message from %s, end %p, %u functions, %u zeroes\n",
           thread->task->name, probe_image_end, image_header.functions,
           zeroes[hits]);
    return probe_original_kobject_notify(request, reply);
}

int
probe_descriptor_memory(vm_offset_t size, vm_offset_t *physical)
{
    return 0;
}

__asm__(".globl probe_breakpoint_entry\n"
        "probe_breakpoint_entry:\n"
        "    incl hits\n"
        "    jmp t_int3\n");
