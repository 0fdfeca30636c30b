/*
 * A task with marks, written as <sys/sdt.h> writes them, which has no place in
 * a program without a C library: an instruction, and a note that says its
 * address, its names, and where the assembler has the arguments.
 */

#include <stdio.h>

#include <mach.h>

#ifdef __x86_64__
#define WORD    ".8byte"
#define POINTER "8"
#else
#define WORD    ".4byte"
#define POINTER "4"
#endif

#define MARK(provider, name, arguments, ...)                        \
    __asm__ volatile("990: nop\n"                                   \
                     ".pushsection .note.stapsdt,\"\",\"note\"\n"   \
                     ".balign 4\n"                                  \
                     ".4byte 992f-991f, 994f-993f, 3\n"             \
                     "991: .asciz \"stapsdt\"\n"                    \
                     "992: .balign 4\n"                             \
                     "993: " WORD " 990b\n" WORD " 0\n" WORD " 0\n" \
                     ".asciz \"" provider "\"\n"                    \
                     ".asciz \"" name "\"\n"                        \
                     ".asciz \"" arguments "\"\n"                   \
                     "994: .balign 4\n"                             \
                     ".popsection\n" ::__VA_ARGS__)

static const char *const goods[] = {"bread", "milk", "salt"};
static volatile short stock[] = {-5, 7, 300};

static __attribute__((noinline)) int
sell(int number, unsigned char byte)
{
    const char *what = goods[number % 3];

    MARK("shop", "sold", "-4@%0 1@%1 " POINTER "@%2 -2@%3 -4@%4", "r"(-number),
         "q"(byte), "r"(what), "m"(stock[number % 3]), "n"(-12));
    return number;
}

int
main(int argc, char **argv)
{
    int sum = 0;

    for (int i = 0; i < 9; i++)
        sum += sell(i, (unsigned char)(250 + i));
    MARK("shop", "closed", "-4@%0", "r"(sum));
    printf("marks: sum=%d\n", sum);
    return 0;
}
