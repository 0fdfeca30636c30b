$(foreach test,code identity types tables link refuse,\
    $(eval $(call unit_test,image-$(test),tests/image/$(test)_test.c \
        tests/image/kit.c image/info.c,image support,$(IMAGE_WORDS))))
