/*
 * What tests of image/ share: the kernels, temporary files, other programs'
 * answers.
 */

#ifndef TESTS_IMAGE_KIT_H
#define TESTS_IMAGE_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/image.h"
#include "support/text.h"

/* The kernels that all tests know. */
#define TRIXIE  "build/home/kernels/trixie-amd64-up"
#define SID     "build/home/kernels/sid-amd64-up"
#define SMP     "build/home/kernels/sid-amd64-smp"
#define I386    "build/home/kernels/forky-486-up"
#define PAE     "build/home/kernels/forky-486-pae"
#define I386SMP "build/home/kernels/sid-486-smp"

#define KIT_KERNELS 6
extern const char *const kit_kernels[KIT_KERNELS];

/* The smallest subsystem that links. */
#define KIT_SOURCES "tests/image/subsystem"

/* A path in a folder of this process; kit_clean removes it. */
const char *kit_path(const char *name);
int kit_clean(void **state);

/* What a shell command prints; the test fails if it fails. */
struct text kit_run(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Link with the smallest subsystem; the test fails with the message. */
void kit_link(const char *kernel, const char *output,
              enum image_container container);

#endif /* TESTS_IMAGE_KIT_H */
