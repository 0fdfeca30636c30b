$(eval $(call test_program,debuginfo-dump,tests/debuginfo/dump.c,\
    debuginfo support,-ldw -lelf))
$(eval $(call test_program,debuginfo-resolve,tests/debuginfo/resolve.c,\
    translate debuginfo runtime language image program support,\
    -ldw -lelf -lZydis -lz -lpthread))
