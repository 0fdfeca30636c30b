# From CALL(NUMBER, NAME) lines in the order of the numbers to a function
# that finds the name by halving: it has no state, so scripts that use it get
# no other probe.
function search(first, last, indent,    middle) {
    if (first == last) {
        printf "%sreturn id == %d ? \"%s\" : sprintf(\"message %%d\", id)\n", \
            indent, number[first], name[first]
        return
    }
    middle = int((first + last + 1) / 2)
    printf "%sif (id < %d) {\n", indent, number[middle]
    search(first, middle - 1, indent "  ")
    printf "%s} else {\n", indent
    search(middle, last, indent "  ")
    printf "%s}\n", indent
}
BEGIN { count = 0; FS = "[(), ]+" }
/^CALL/ { number[count] = $2; name[count++] = $3 }
END {
    print "/* Made from the interfaces of the kernel; see rpc_names.awk. */\n"
    print "/**"
    print " * sfunction rpc_name - the routine of the kernel that a message calls"
    print " *"
    print " * @id: the message's number"
    print " */"
    print "function rpc_name:string(id:long) {"
    search(0, count - 1, "    ")
    print "}"
}
