#!/usr/bin/env bash
# Functions that read memory at the hit: the kernel's name is a string that is
# known, and address 8 is nobody's.
. tests/tap.sh

cat >"$WORK/memory.stp" <<'END'
# Told at the end, when the workload is silent.
global lines
function say(line) { lines[++told] = line }
global told
probe end { foreach (n+ in lines) print(lines[n]) }

global seen
probe kernel.function("vm_map_enter") {
    if (execname() != "workload" || seen++)
        next
    # "GNU Mach 1.8...": the kernel says it of itself.
    say(sprintf("n %s\n", kernel_string_n(&@var("version"), 8)))
    say(sprintf("quoted %s\n",
           substr(kernel_string_quoted(&@var("version")), 0, 9)))
    say(sprintf("buffer %s\n", kernel_buffer_quoted(&@var("version"), 8)))
    say(sprintf("cut %s\n", kernel_buffer_quoted(&@var("version"), 8, 9)))
    say(sprintf("either %s\n",
           substr(kernel_or_user_string_quoted(&@var("version")), 0, 9)))
    say(sprintf("atomic %x %x\n", atomic_read(&@var("version")),
           atomic_long_read(&@var("version")) & 0xffff))
    # Two letters are one of UTF-16: 0x47 and 0x4e, 0x55 and 0x20, ...
    say(sprintf("utf16 %s\n",
           substr(kernel_string_quoted_utf16(&@var("version")), 0, 13)))
    say(sprintf("plain16 %s\n",
           substr(kernel_string_utf16(&@var("version")), 0, 6)))
    say(sprintf("either16 %s\n",
           substr(kernel_or_user_string_quoted_utf16(&@var("version")), 0, 7)))
    # Four are none of UTF-32.
    say(sprintf("utf32 %s\n", kernel_string_utf32(&@var("version"), "bad")))
    try { kernel_string_utf32(&@var("version")) } catch (e) {
        say(sprintf("error32 %s\n", e))
    }
    try { kernel_string_quoted_utf32(&@var("version")) } catch (e) {
        say(sprintf("quoted32 %s\n", e))
    }
    try { kernel_or_user_string_quoted_utf32(&@var("version")) } catch (e) {
        say(sprintf("either32 %s\n", e))
    }

}

global tried
probe kernel.function("vm_map_enter") {
    if (execname() != "workload" || tried++)
        next
    say(sprintf("none %d%d%d%d%d%d%d\n", user_char(8), user_short(8),
           user_int(8), user_long(8), user_ushort(8), user_uint(8), user_ulong(8)))
    say(sprintf("none %d%d%d%d%d%d%d%d\n", user_int8(8), user_int16(8),
           user_int32(8), user_int64(8), user_uint8(8), user_uint16(8),
           user_uint32(8), user_uint64(8)))
    say(sprintf("none [%s][%s][%s][%s]\n", user_string(8, "x"),
           user_string_n(8, 4, "y"), user_string_nofault(8),
           user_string_n_nofault(8, 4)))
    say(sprintf("none %s %s %s %s %s %s %s\n", kernel_string_quoted(8),
           user_string_quoted(8), user_string_n_quoted(8, 20),
           user_string_n_quoted(8, 20, 9), kernel_buffer_quoted(8, 4),
           user_buffer_quoted(8, 4, 9), kernel_or_user_string_quoted(8)))
    say(sprintf("none %s %s %s\n", user_string_utf16(8, "u16"),
           user_string_utf32(8, "u32"), kernel_string_utf16(8, "k16")))

}

global warned
probe kernel.function("vm_map_enter") {
    if (execname() != "workload" || warned++)
        next
    say(sprintf("warned %d%d%d%d%d%d%d[%s][%s][%s][%s]\n", user_char_warn(8),
           user_short_warn(8), user_int_warn(8), user_long_warn(8),
           user_ushort_warn(8), user_uint_warn(8), user_ulong_warn(8),
           user_string_warn(8), user_string_warn(8, "w"),
           user_string_n_warn(8, 4), user_string_n_warn(8, 4, "n")))
}

global failed
probe kernel.function("vm_map_enter") {
    if (execname() != "workload" || failed++)
        next
    faults = 0
    try { user_char_error(8) } catch { faults++ }
    try { user_short_error(8) } catch { faults++ }
    try { user_int_error(8) } catch { faults++ }
    try { user_long_error(8) } catch { faults++ }
    try { user_ushort_error(8) } catch { faults++ }
    try { user_uint_error(8) } catch { faults++ }
    try { user_ulong_error(8) } catch { faults++ }
    try { user_int8_error(8) } catch { faults++ }
    try { user_int16_error(8) } catch { faults++ }
    try { user_int32_error(8) } catch { faults++ }
    try { user_int64_error(8) } catch { faults++ }
    try { user_uint8_error(8) } catch { faults++ }
    try { user_uint16_error(8) } catch { faults++ }
    try { user_uint32_error(8) } catch { faults++ }
    try { user_uint64_error(8) } catch { faults++ }
    try { user_string(8) } catch { faults++ }
    try { user_string_n(8, 4) } catch { faults++ }
    try { user_buffer_quoted_error(8, 4, 9) } catch { faults++ }
    try { kernel_buffer_quoted_error(8, 4, 9) } catch { faults++ }
    try { user_string_utf16(8) } catch { faults++ }
    try { user_string_utf32(8) } catch { faults++ }
    try { user_string_quoted_utf16(8) } catch { faults++ }
    try { user_string_quoted_utf32(8) } catch { faults++ }
    try { kernel_string(8) } catch { faults++ }
    try { kernel_string_n(8, 4) } catch { faults++ }
    try { kernel_char(8) } catch { faults++ }
    try { kernel_short(8) } catch { faults++ }
    try { kernel_int(8) } catch { faults++ }
    try { kernel_long(8) } catch { faults++ }
    try { kernel_int64(8) } catch { faults++ }
    try { kernel_uint8(8) } catch { faults++ }
    try { kernel_uint16(8) } catch { faults++ }
    try { kernel_uint32(8) } catch { faults++ }
    try { kernel_uint64(8) } catch { faults++ }
    try { kernel_pointer(8) } catch { faults++ }
    say(sprintf("faults %d\n", faults))
}

# What a message to the kernel begins with, by several ways to read it.
global sent
probe kernel.function("mach_msg_trap") {
    if (execname() != "workload" || !($option & 1) || sent++)
        next
    bits = user_uint32($msg)
    say(sprintf("bits %d %d\n", bits == (user_int($msg) & 0xffffffff),
           bits == user_uint8($msg) + (user_uint8($msg + 1) << 8) +
                   (user_uint16($msg + 2) << 16)))
    say(sprintf("bytes %d\n", user_buffer_quoted($msg, 1, 100) ==
           string_quoted(sprintf("%c", user_char($msg)))))
    say(sprintf("types %s\n", msg_bits_names(bits)))
}
END

run "$BIN/machtap" "$WORK/memory.stp" \
    -c 'vm=200 rpc=0 threads=0 waits=0 ports=0 parallel=0'
is "a script that reads memory in each way runs" "$status" 0 ||
    show "$WORK/err"
tr -d '\r' <"$WORK/out" | grep -v '^workload' >"$WORK/got"
cat >"$WORK/wanted" <<'END'
n GNU Mach
quoted "GNU Mach
buffer "GNU Mach"
cut "GNU "...
either "GNU Mach
atomic 20554e47 4e47
utf16 "\u4E47\u2055
plain16 乇⁕
either16 "\u4E47
utf32 bad
none 0000000
none 00000000
none [x][y][][]
none 0x8 0x8 0x8 0x8 0x8 0x8 0x8
none u16 u32 k16
warned 0000000[][w][][n]
faults 35
bits 1 1
bytes 1
END
grep -v '^[a-z]*32 inv\|^types' "$WORK/got" | sort >"$WORK/sorted"
sort "$WORK/wanted" | diff - "$WORK/sorted" >"$WORK/diff"
ok "and gives what the manual says" test ! -s "$WORK/diff" || show "$WORK/diff"
is "what is no character is an error" \
    "$(grep -c '32 invalid character in a string of UTF-32$' "$WORK/got")" 3
warning='^WARNING: memory at 0x8 cannot be read$'
is "each warning is said" "$(grep -c "$warning" "$WORK/err")" 11
matches "a message's rights have names" "$WORK/got" \
    '^types (copy|make)-send,make-send-once(,complex)?$'
tap_done
