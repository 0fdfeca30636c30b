# zlib is what libelf itself needs, so its header is there with libelf's.
IMAGE_WORDS := -ldw -lelf -lZydis -lz -lpthread

$(eval $(call host_library,image,$(filter-out image/main.c,$(wildcard image/*.c))))
$(eval $(call host_program,machtap-kernel,image/main.c,image support,$(IMAGE_WORDS)))
