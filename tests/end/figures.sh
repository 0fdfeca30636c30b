# Shell functions for tests that compare a script's counts with what the
# workload says that it did; sourced after tap.sh.  Both are in $WORK/out, that
# of the last run; a script prints its own as "script: WORDS NUMBER" or
# "script: NAME=VALUE".

# figure NAME: the workload's.
figure() {
    sed -n "s/^workload:.* $1=\([0-9]*\).*/\1/p" "$WORK/out" | tail -n 1
}

# counted WORDS: the script's.
counted() {
    sed -n -e "s/^script: $1=\(.*\)$/\1/p" \
        -e "s/^script: $1 \([^ =]*\)$/\1/p" "$WORK/out"
}

# traced KERNEL PROCESSORS OPTION...: run machtap with this workload on it.
traced() {
    run timeout -k 5 120 "$BIN/machtap" --kernel "$1" --smp "$2" \
        --timeout 100 "${@:3}" \
        -c 'rpc=100 vm=20 threads=9 waits=3 ports=15 parallel=20'
}

# on_kernels COMMAND...: each with a kernel of every kind and how many
# processors it is given.
on_kernels() {
    local kernel command processors
    for kernel in ${MACHTAP_KERNEL:-trixie-amd64-up sid-amd64-smp \
        forky-486-up}; do
        processors=1
        [ "${kernel%-smp}" = "$kernel" ] || processors=2
        for command; do
            "$command" "$kernel" "$processors"
        done
    done
}
