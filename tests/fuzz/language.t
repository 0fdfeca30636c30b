#!/bin/bash
# Some seconds of made-up scripts; make fuzz runs minutes.
. tests/tap.sh

mkdir "$WORK/corpus"
run build/fuzz/fuzz-language -max_total_time=5 -verbosity=0 -timeout=10 -rss_limit_mb=4096 \
    -max_len=2048 -seed=1 -dict=tests/fuzz/words.dict \
    -artifact_prefix="$WORK/" "$WORK/corpus" tests/scripts/*/
ok "no script breaks passes 1 to 3" test "$status" = 0 || show "$WORK/err"
tap_done
