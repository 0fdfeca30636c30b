#!/usr/bin/env bash
# A script's values in formats that others read.
. tests/tap.sh

run "$BIN/machtap" examples/metrics.stp -c 'calls=1 vm=40 rpc=30'
is "the example for Prometheus runs" "$status" 0 || show "$WORK/err"
tr -d '\r' <"$WORK/out" | grep -v '^workload:' >"$WORK/metrics"
ok "each line is a metric of its text format" eval '! grep -Ev \
    "^[a-z_]+\{[a-z]+=\"[^\"]+\"(,[a-z]+=\"[^\"]+\")?\} [0-9]+\$" "$WORK/metrics"'
sed -n 's/.* vm_allocate=\([0-9]*\).*/\1/p' "$WORK/out" >"$WORK/allocated"
matches "with what the workload says of itself" "$WORK/metrics" \
    "^mach_rpcs_total\\{task=\"workload\",routine=\"vm_allocate\"\\} $(cat "$WORK/allocated")\$"

cat >"$WORK/json.stp" <<'END'
global rpcs
probe begin {
    json_set_prefix("mach")
    json_add_string_metric("kernel", "")
    json_add_array("tasks", "")
    json_add_array_numeric_metric("tasks", "vm_allocate", "", "")
}
probe rpc.request { rpcs[execname()] += name == "vm_allocate" }
probe json_data {
    @json_output_data_start
    @json_output_string_value("kernel", "GNU \"Mach\"")
    foreach (task in rpcs)
        @json_output_array_numeric_value("tasks", task, "vm_allocate",
                                         rpcs[task])
    @json_output_data_end
}
END
run "$BIN/machtap" "$WORK/json.stp" -c 'calls=1 vm=40 rpc=30'
tr -d '\r' <"$WORK/out" | grep -v '^workload:' >"$WORK/object"
sed -n 's/.* vm_allocate=\([0-9]*\).*/\1/p' "$WORK/out" >"$WORK/allocated"
is "a JSON parser finds them" "$(perl -MJSON::PP -e '
    my $data = decode_json(<STDIN>)->{mach};
    print "$data->{kernel} $data->{tasks}{workload}{vm_allocate}"' \
    <"$WORK/object")" "GNU \"Mach\" $(cat "$WORK/allocated")" ||
    show "$WORK/object"
tap_done
