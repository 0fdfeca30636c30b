# From CALL(NUMBER, NAME) lines to an alias for each routine of the kernel:
# MIG calls the function that serves it _X and the name.
BEGIN {
    FS = "[(), ]+"
    print "/* Made from the interfaces of the kernel; see mach_rpc.awk. */"
}
/^CALL/ {
    printf "\n/**\n * probe mach_rpc.%s - the kernel serves message %d\n", $3, $2
    printf " *\n * @name: \"%s\"\n * @id: %d\n */\n", $3, $2
    printf "probe mach_rpc.%s = kernel.function(\"_X%s\") ? {\n", $3, $3
    printf "    name = \"%s\"\n    id = %d\n}\n", $3, $2
}
