#include "runtime/values/float.h"

#include <string.h>

#include "runtime/base/scratch.h"

#define PRECISION_MAX 17

/* From here on a double has no fraction and may not fit a long. */
#define NO_FRACTION 0x1p53
#define LONG_END    0x1p63

static double
number(int64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

static int64_t
bits_of(double value)
{
    int64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* ---- arithmetic ------------------------------------------------------ */

int64_t
rt_fp_add(int64_t left, int64_t right)
{
    return bits_of(number(left) + number(right));
}

int64_t
rt_fp_sub(int64_t left, int64_t right)
{
    return bits_of(number(left) - number(right));
}

int64_t
rt_fp_mul(int64_t left, int64_t right)
{
    return bits_of(number(left) * number(right));
}

int64_t
rt_fp_div(int64_t left, int64_t right)
{
    return bits_of(number(left) / number(right));
}

/* The x87's step of the remainder leaves bit 10 of its status set as long as
 * there is more to do. */
int64_t
rt_fp_rem(int64_t left, int64_t right)
{
    long double value = number(left);
    long double divisor = number(right);
    uint16_t status;

    do {
        __asm__("fprem1\n\tfnstsw %1"
                : "+t"(value), "=a"(status)
                : "u"(divisor)
                : "cc");
    } while (status & 0x400);
    return bits_of((double)value);
}

/* The processor's own instruction: the C library's is not there in a task. */
int64_t
rt_fp_sqrt(int64_t value)
{
    double root = number(value);

#ifdef __SSE2__
    __asm__("sqrtsd %0, %0" : "+x"(root));
#else
    long double wide = root;

    __asm__("fsqrt" : "+t"(wide));
    root = (double)wide;
#endif
    return bits_of(root);
}

int64_t
rt_fp_eq(int64_t left, int64_t right)
{
    return number(left) == number(right);
}

int64_t
rt_fp_le(int64_t left, int64_t right)
{
    return number(left) <= number(right);
}

int64_t
rt_fp_lt(int64_t left, int64_t right)
{
    return number(left) < number(right);
}

/* ---- conversions ----------------------------------------------------- */

int64_t
rt_long_to_fp(int64_t value)
{
    return bits_of((double)value);
}

int64_t
rt_fp32_to_fp64(int64_t value)
{
    uint32_t bits = (uint32_t)value;
    float single;

    memcpy(&single, &bits, sizeof(single));
    return bits_of((double)single);
}

enum rounding { NEAR_EVEN, TO_ZERO, DOWN, UP, NEAR_AWAY, TO_ODD = 6 };

/* Whether to go one further from zero than WHOLE, REST being what it lacks. */
static bool
goes_further(int64_t mode, bool negative, bool odd, double rest)
{
    switch (mode) {
    case TO_ZERO:
        return false;
    case DOWN:
        return negative && rest > 0;
    case UP:
        return !negative && rest > 0;
    case NEAR_AWAY:
        return rest >= 0.5;
    case TO_ODD:
        return rest > 0 && !odd;
    default:
        return rest > 0.5 || (rest == 0.5 && odd);
    }
}

int64_t
rt_fp_to_long(int64_t value, int64_t mode, int64_t exact)
{
    double all = number(value);
    bool negative = all < 0;
    double amount = negative ? -all : all;
    uint64_t whole;

    (void)exact;
    if (!(amount < LONG_END))
        return negative ? INT64_MIN : INT64_MAX;
    whole = (uint64_t)amount;
    if (amount < NO_FRACTION)
        whole +=
            goes_further(mode, negative, whole & 1, amount - (double)whole);
    return (int64_t)(negative ? 0 - whole : whole);
}

/* ---- text ------------------------------------------------------------ */

/* A number of any size as words of nine digits, the lowest first. */
#define WORD  1000000000u
#define WORDS 40

struct big {
    uint32_t words[WORDS];
    unsigned count;
};

static void
big_multiply_add(struct big *big, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;
    unsigned i;

    for (i = 0; i < big->count || carry != 0; i++) {
        if (i == big->count)
            big->words[big->count++] = 0;
        carry += (uint64_t)big->words[i] * factor;
        big->words[i] = (uint32_t)(carry % WORD);
        carry /= WORD;
    }
}

/* The digits of a whole number of 2^53 or more: its 53 bits, doubled. */
static char *
put_large(char *at, double amount)
{
    struct big big = {.count = 0};
    uint64_t bits = (uint64_t)bits_of(amount);
    unsigned doublings = (unsigned)(bits >> 52 & 0x7ff) - 1075;
    uint64_t mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
    bool leading = true;
    unsigned i;

    big_multiply_add(&big, 1, (uint32_t)(mantissa >> 28));
    big_multiply_add(&big, 1u << 28, (uint32_t)mantissa & 0xfffffff);
    while (doublings-- > 0)
        big_multiply_add(&big, 2, 0);
    for (i = big.count; i-- > 0;) {
        uint32_t unit;

        for (unit = WORD / 10; unit > 0; unit /= 10) {
            unsigned digit = big.words[i] / unit % 10;

            leading = leading && digit == 0;
            if (!leading)
                *at++ = (char)('0' + digit);
        }
    }
    return at;
}

static char *
put_whole(char *at, uint64_t whole)
{
    char digits[24];
    char *end = digits + sizeof(digits);
    char *start = end;

    do {
        *--start = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole != 0);
    memcpy(at, start, (size_t)(end - start));
    return at + (end - start);
}

/* WHOLE.FRACTION with PRECISION digits, rounded. */
static char *
put_fraction(char *at, double amount, unsigned precision)
{
    uint64_t whole = (uint64_t)amount;
    uint64_t scale = 1;
    long double scaled;
    uint64_t fraction;
    unsigned i;

    for (i = 0; i < precision; i++)
        scale *= 10;
    scaled = ((long double)amount - (long double)whole) * (long double)scale;
    fraction = (uint64_t)scaled;
    scaled -= (long double)fraction;
    if (scaled > 0.5L || (scaled == 0.5L && (fraction & 1)))
        fraction++;
    if (fraction >= scale) {
        fraction -= scale;
        whole++;
    }
    at = put_whole(at, whole);
    if (precision > 0)
        *at++ = '.';
    for (i = 0; i < precision; i++) {
        scale /= 10;
        *at++ = (char)('0' + fraction / scale % 10);
    }
    return at;
}

struct rt_string
rt_fp_to_string(int64_t value, int64_t precision)
{
    double all = number(value);
    double amount = all < 0 ? -all : all;
    char text[WORDS * 9 + PRECISION_MAX + 4];
    char *at = text;

    if (precision < 0)
        precision = 0;
    if (precision > PRECISION_MAX)
        precision = PRECISION_MAX;
    if (all != all)
        return RT_TEXT("nan");
    if (value < 0)
        *at++ = '-';
    if (amount > 0x1.fffffffffffffp1023) {
        memcpy(at, "inf", 3);
        at += 3;
    } else if (amount < NO_FRACTION) {
        at = put_fraction(at, amount, (unsigned)precision);
    } else {
        at = put_large(at, amount);
        if (precision > 0)
            *at++ = '.';
        memset(at, '0', (size_t)precision);
        at += precision;
    }
    return rt_hold((struct rt_string){text, (size_t)(at - text)});
}

/* VALUE times ten to the POWER. */
static long double
scale_by(long double value, int power)
{
    long double ten = 10;
    unsigned left = (unsigned)(power < 0 ? -power : power);

    for (; left > 0; left /= 2, ten *= ten) {
        if (left % 2 == 0)
            continue;
        value = power < 0 ? value / ten : value * ten;
    }
    return value;
}

int64_t
rt_string_to_fp(struct rt_string string)
{
    const char *at = string.text;
    bool negative = *at == '-';
    long double value = 0;
    int power = 0, exponent = 0;
    bool down;

    if (*at == '-' || *at == '+')
        at++;
    for (; *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (*at - '0');
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++, power--)
            value = value * 10 + (*at - '0');
    }
    if (*at == 'e' || *at == 'E') {
        at++;
        down = *at == '-';
        if (*at == '-' || *at == '+')
            at++;
        for (; *at >= '0' && *at <= '9' && exponent < 10000; at++)
            exponent = exponent * 10 + (*at - '0');
        power += down ? -exponent : exponent;
    }
    value = scale_by(value, power);
    return bits_of((double)(negative ? -value : value));
}
