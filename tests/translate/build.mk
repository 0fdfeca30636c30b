$(eval $(call test_program,translate-script,\
    tests/translate/translate_script.c tests/translate/run_programs.c,\
    translate language debuginfo image program support,\
    -ldw -lelf -lZydis -lz -lpthread))
$(eval $(call unit_test,translate-record,tests/translate/record_test.c,\
    translate debuginfo image program support,\
    -ldw -lelf -lZydis -lz -lpthread))
