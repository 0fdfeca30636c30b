#!/bin/bash
# Limits that cannot be: -D with a wrong name or value is refused.
. tests/tap.sh

refused() {
    run "$BUILD/test/stp-host" -D "$1" -e 'probe begin { exit() }'
    is "-D $1: status" "$status" 1
    matches "-D $1: message" "$WORK/err" "$2"
}

refused NOSUCH=1 'no such limit; there are MAXSTRINGLEN, MAXMAPENTRIES,'
refused MAXSTRINGLEN 'MAXSTRINGLEN takes a number from 16 to 1048576'
refused MAXSTRINGLEN=1 'MAXSTRINGLEN takes a number from 16'
refused MAXACTION=many 'MAXACTION takes a number from 1'
refused MAXERRORS=-1 'MAXERRORS takes a number from 0'
refused MAXMAPENTRIES=10x 'MAXMAPENTRIES takes a number'
tap_done
