# Tasks that test the probe port in a linked kernel; each prints TAP.  Lines
# for a boot script: FILE --host-port=${host-port} --device-port=${device-port}
# --halt $(task-create) $(task-resume).
KERNEL_TESTS := $(patsubst tests/kernel/%_test.c,%,$(wildcard tests/kernel/*_test.c))
$(foreach test,$(KERNEL_TESTS),\
    $(eval $(call test_task,kernel-$(test),tests/kernel/$(test)_test.c \
        tests/kernel/kit.c tests/kernel/text.c gen/mig/machprobe_user.c,mach)))

# Parts of the kernel's side that also run here.
$(eval $(call unit_test,kernel-library,tests/kernel/host/library_test.c \
    kernel/i386/library.c))
$(eval $(call unit_test,kernel-slot,tests/kernel/host/slot_test.c \
    kernel/points/slot.c))
