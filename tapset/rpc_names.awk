# From CALL(NUMBER, NAME) lines to a script with the names by number.
BEGIN {
    FS = "[(), ]+"
    print "/* Made from the interfaces of the kernel; see rpc_names.awk. */\n"
    print "private global names\n"
    print "/**"
    print " * sfunction rpc_name - the routine of the kernel that a message calls"
    print " *"
    print " * @id: the message's number"
    print " */"
    print "function rpc_name:string(id:long) {"
    print "    return id in names ? names[id] : sprintf(\"message %d\", id)"
    print "}\n"
    print "probe begin(-9223372036854775807) {"
}
/^CALL/ { printf "    names[%d] = \"%s\"\n", $2, $3 }
END { print "}" }
