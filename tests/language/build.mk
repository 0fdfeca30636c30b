$(eval $(call test_program,stp-parse,tests/language/stp_parse.c \
    tests/language/points.c,language support))
