$(eval $(call test_program,debuginfo-dump,tests/debuginfo/dump.c,\
    debuginfo support,-ldw -lelf))
