$(eval $(call test_program,stp-parse,tests/language/stp_parse.c \
    tests/language/points.c,language support))
$(eval $(call unit_test,language-lexer,tests/language/lexer_test.c,\
    language support))
$(eval $(call unit_test,language-garbage,tests/language/garbage_test.c \
    tests/language/points.c,language support))
$(eval $(call unit_test,language-library,tests/language/library_test.c \
    tests/language/points.c,language support))
