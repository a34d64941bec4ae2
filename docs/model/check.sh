#!/usr/bin/env bash
# Searches the model of the failover (failover.pml) with spin: the protocol as it is must have no error, each broken variant
# must have one, and each SHOW variant proves that the model gets as far as it should. README.md beside this file tells more.
#   check.sh                  everything, a line each; about 100 s of processor time on two cores, and 2 GB
#   check.sh story VARIANT    the shortest way to that variant's error, step by step
#   check.sh deep             the protocol alone, within larger bounds; minutes, and up to 6 GB
set -uo pipefail
model=$(cd "$(dirname "$0")" && pwd)/failover.pml

if ! command -v spin >/dev/null || ! command -v gcc >/dev/null; then
    echo "skipped: spin or gcc is not here"
    echo "RESULT passed=0 failed=0 skipped=1"
    exit 0
fi

work=$(mktemp -d)
running=()
cleanup() {
    # Each of them ends its own search.
    ((${#running[@]} == 0)) || kill "${running[@]}" 2>/dev/null
    wait
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# NAME  DEFINES  KIND OF SEARCH. Breadth first finds a shortest story; depth first needs less for the deep ones.
variants() {
    cat <<'END'
SHOW_COMMIT          EPOCHS=3,RECORDS=3          breadth
SHOW_CUT             EPOCHS=3,RECORDS=3          breadth
SHOW_FAILOVER        EPOCHS=3,RECORDS=3          breadth
SHOW_FAILOVER_TWICE  EPOCHS=3,RECORDS=4          depth
ACK_BEFORE_DURABLE   EPOCHS=3,RECORDS=3          breadth
VOLATILE_PROMISE     EPOCHS=3,RECORDS=3          breadth
LATE_ACK             EPOCHS=3,RECORDS=3          breadth
ANY_WINNER           EPOCHS=3,RECORDS=3          breadth
MAJORITY_OF_ONE      EPOCHS=3,RECORDS=3          breadth
OLD_TAIL_COUNTED     EPOCHS=3,RECORDS=3          breadth
TWO_LEADS            EPOCHS=3,RECORDS=3          breadth
SAME_EPOCH_TWICE     EPOCHS=3,RECORDS=3          breadth
LEARNER_VOTES        EPOCHS=3,RECORDS=3,LEARNER  depth
LEARNER_ACKS         EPOCHS=3,RECORDS=3,LEARNER  depth
COMMIT_OLD_EPOCH     EPOCHS=4,RECORDS=3,SORTED   depth
END
}

# search DIRECTORY DEFINES KIND SECONDS, in a subshell: leaves pan's words in DIRECTORY/out. The exit code says nothing, they do.
search() {
    local directory=$1 defines=$2 kind=$3 seconds=$4 pan= flags=(-DNOREDUCE -O2) limits=(-m100000 -w24)
    trap '[[ -z $pan ]] || kill "$pan"; exit 143' TERM
    trap - EXIT
    mkdir -p "$directory"
    cp "$model" "$directory"
    cd "$directory" || return
    # A short search ends before a long compilation would.
    if [[ $kind == breadth ]]; then
        flags=(-DNOREDUCE -O0 -DBFS)
    fi
    # What spin and the compiler say goes the same way: a model that is not built is a model that was not searched.
    # shellcheck disable=SC2086
    spin $(printf ' -D%s' ${defines//,/ }) -a failover.pml >out 2>&1 &&
        gcc -w -DSAFETY -DMEMLIM=6000 "${flags[@]}" -o pan pan.c >>out 2>&1 || return
    timeout "$seconds" ./pan "${limits[@]}" >>out 2>&1 &
    pan=$!
    wait "$pan"
}

# The same, waited for so that a signal is heard at once.
search_and_wait() {
    local mine
    search "$@" &
    mine=$!
    running+=("$mine")
    wait "$mine"
    unset 'running[-1]'
}

size() {
    local states time
    states=$(awk '/states, stored/ { print $1; exit }' "$1/out")
    time=$(awk '/pan: elapsed time/ { print $4; exit }' "$1/out")
    echo "${states:-?} states, ${time:-?} s"
}

# Which of the assertions it was.
broken() {
    local words
    words=$(grep -m1 '^pan:1: assertion violated' "$1/out") || return
    case $words in
        *led\[*) echo "one leader per epoch" ;;
        *truthEpoch*) echo "a leader has all that was committed before" ;;
        *place*) echo "committed prefixes agree" ;;
        *) echo "reached" ;;
    esac
}

# Nothing found counts only if the search was complete.
is_exhausted() {
    grep -q 'errors: 0$' "$1/out" && ! grep -qE 'search not completed|max search depth too small|out of memory|MEMLIM|Interrupted' "$1/out"
}

passed=0 failed=0
say() {
    printf '%-7s %-20s %s\n' "$1" "$2" "$3"
    if [[ $1 == passed ]]; then
        ((passed += 1))
    else
        ((failed += 1))
    fi
}

expect_nothing() {
    local name=$1 directory=$2 bounds=$3
    if is_exhausted "$directory"; then
        say passed "$name" "no error, exhaustive ($bounds): $(size "$directory")"
    else
        say FAILED "$name" "$(grep -m1 -iE '^pan:1:|error|memory|syntax' "$directory/out" || echo "not finished in time") ($bounds): $(size "$directory")"
    fi
}

expect_error() {
    local name=$1 directory=$2 what
    what=$(broken "$directory")
    if [[ -z $what ]]; then
        say FAILED "$name" "nothing found: $(size "$directory") $(grep -m1 -iE '^spin:.*error|error:' "$directory/out")"
    elif [[ $name == SHOW_* && $what == reached ]]; then
        say passed "$name" "$what: $(size "$directory")"
    elif [[ $name == SHOW_* || $what == reached ]]; then
        say FAILED "$name" "another assertion broke: $what"
    else
        say passed "$name" "caught, \"$what\": $(size "$directory")"
    fi
}

story() {
    local name defines
    read -r name defines _ < <(variants | grep "^$1 ") || { echo "no such variant: $1" >&2; exit 2; }
    search_and_wait "$work/story" "${defines%,SORTED},$name" breadth 600
    (cd "$work/story" && ./pan -r | grep -E '^(replica|coordinator|pan:)')
}

all() {
    search "$work/sound" EPOCHS=3,RECORDS=4,SORTED depth 180 &
    local sound=$!
    running+=("$sound")
    local name defines kind
    while read -r name defines kind; do
        search_and_wait "$work/$name" "$defines,$name" "$kind" 60
        expect_error "$name" "$work/$name"
        rm -rf "${work:?}/$name"
    done < <(variants)
    # A learner multiplies the states, so it gets two epochs: enough for a stale leader and a new one.
    search_and_wait "$work/small" EPOCHS=2,RECORDS=3 depth 60
    search_and_wait "$work/learner" EPOCHS=2,RECORDS=3,LEARNER,SORTED depth 60
    wait "$sound"
    running=()
    expect_nothing sound-unsorted "$work/small" "2 epochs, 3 records"
    expect_nothing sound-learner "$work/learner" "2 epochs, 3 records, one disk lost"
    expect_nothing sound "$work/sound" "3 epochs, 4 records"
}

deep() {
    search_and_wait "$work/more-epochs" EPOCHS=4,RECORDS=3,SORTED depth 3600
    expect_nothing more-epochs "$work/more-epochs" "4 epochs, 3 records"
    search_and_wait "$work/more-records" EPOCHS=3,RECORDS=5,SORTED depth 3600
    expect_nothing more-records "$work/more-records" "3 epochs, 5 records"
    search_and_wait "$work/learner" EPOCHS=3,RECORDS=3,LEARNER,SORTED depth 3600
    expect_nothing sound-learner "$work/learner" "3 epochs, 3 records, one disk lost"
}

case ${1:-all} in
    story)
        story "${2:?which variant}"
        exit
        ;;
    deep) deep ;;
    all) all ;;
    *)
        echo "check.sh [story VARIANT | deep]" >&2
        exit 2
        ;;
esac
echo "RESULT passed=$passed failed=$failed skipped=0"
((failed == 0))
