$(eval $(call host_library,language,$(wildcard language/*.c language/*/*.c)))
