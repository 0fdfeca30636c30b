# Macros that print arrays, one for each number of keys: they differ only in
# how often a key is named.  -v which=prints or prometheus says which.
#
# Their variables are those of the probe that they stand in, so each has names
# that no other has.

# "PREFIX1SUFFIX, PREFIX2SUFFIX, ..." with SEPARATOR between.
function each(count, prefix, suffix, separator,    list, i) {
    for (i = 1; i <= count; i++)
        list = list (i > 1 ? separator : "") prefix i suffix
    return list
}
function times(count, text, separator,    list, i) {
    for (i = 1; i <= count; i++)
        list = list (i > 1 ? separator : "") text
    return list
}
function document(name, count, summary,    i) {
    print "\n/**\n * macro " name " - " summary " with " \
        (count > 1 ? count " keys" : "one key")
    print " *\n * @array: the array"
}

function prints(count,    keys, element) {
    keys = each(count, "_prints" count "_", "", ", ")
    element = "@array[" keys "]"
    document("prints" count, count, "print the elements of an array")
    print " */"
    print "@define prints" count "(array) %("
    print "    foreach ([" keys "] in @array-)"
    print "        printf(\"[" times(count, "%s", ",") "] \""
    print "            \"@count=%d @min=%d @max=%d @sum=%d @avg=%d\\n\","
    print "            " each(count, "sprint(_prints" count "_", ")", ", ") ","
    print "            @count(" element "), @min(" element "),"
    print "            @max(" element "), @sum(" element "),"
    print "            @avg(" element "))"
    print "%)"
}

# KIND is "" for the plain macro, or "_map" or "_map_unquoted" for those that
# put value and keys through functions first.
function prometheus(count, kind,    name, macro, keys, key, value, i) {
    name = "_prometheus" count
    macro = "prometheus_dump_array" count kind
    document(macro, count, "print an array")
    print " * @name: the metric's name, a string"
    for (i = 1; i <= count; i++)
        print " * @label" i ": what key " i " is called, a string"
    if (kind != "")
        print " * @map0: the function that makes text of a value, such as sprint"
    for (i = 1; kind != "" && i <= count; i++)
        print " * @map" i ": the one for key " i \
            (kind == "_map" ? "" : ", quotes and all")
    print " */"
    keys = "array, name, " each(count, "label", "", ", ")
    if (kind != "")
        keys = keys ", map0, " each(count, "map", "", ", ")
    print "@define " macro "(" keys ") %("
    print "    foreach (" name " = [" each(count, name "_", "", ", ") \
        "] in @array)"
    key = kind == "_map_unquoted" ? "%s=%s" : "%s=\\\"%s\\\""
    print "        printf(\"%s{" times(count, key, ",") "} %s\\n\", @name,"
    for (i = 1; i <= count; i++) {
        value = (kind == "" ? "sprint" : "@map" i) "(" name "_" i ")"
        if (kind != "_map_unquoted")
            value = "_prometheus(" value ")"
        print "            @label" i ", " value ","
    }
    print "            sprint(" (kind == "" ? "" : "@map0") "(" name ")))"
    print "%)"
}

BEGIN {
    if (which == "prints") {
        print "/*\n * Statistics as text: arrays.\n *"
        print " * A line for each element, with its keys in front and the"
        print " * greatest count first.\n */"
        for (n = 1; n <= 9; n++)
            prints(n)
    } else {
        print "/*\n * Values for Prometheus, in its text format.\n *"
        print " * A line for each element of an array of numbers:\n *"
        print " *     rpcs{task=\"ext2fs\",routine=\"vm_map\"} 17\n *"
        print " * One of them twice in a probe must have keys of the same"
        print " * types.\n */"
        for (n = 1; n <= 8; n++) {
            prometheus(n, "")
            prometheus(n, "_map")
            prometheus(n, "_map_unquoted")
        }
    }
}
