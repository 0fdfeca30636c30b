$(eval $(call host_program,machtap,$(wildcard command/*.c command/*/*.c), \
    translate debuginfo language image vm program support, \
    -ldw -lelf -lZydis -lz))
