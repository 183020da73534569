#!/bin/sh
# Try an installed or unpacked BreastView from end to end, and fail loudly at the first thing that is wrong.
#   sh smoke.sh PROGRAM [VERSION] [SECONDS for each step]
# Needs a shell and nothing else: no Python, no checkout. With DISPLAY set the window is opened on it too.
# With REPORT set the report is kept there, for somebody to look at.
set -eu

program=$1
version=${2:-}
limit=${3:-600}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export BREASTVIEW_HOME="$place/home" NO_COLOR=1 COLUMNS=200
unset BREASTVIEW_MODELS PYTHONPATH PYTHONHOME

fail() {
    printf 'SMOKE TEST FAILED: %s\n' "$1" >&2
    [ -s "$place/said" ] && tail -n 30 "$place/said" >&2
    exit 1
}

step() {
    printf '  %s\n' "$1"
    shift
    timeout "$limit" "$@" >"$place/said" 2>&1 || fail "ended with $?: $*"
}

says() {
    grep -q -- "$1" "$place/said" || fail "it does not say \"$1\""
}

written() {
    [ -s "$1" ] || fail "$1 was not written"
}

# The window on a folder: painted, then painted with the AI's answer. Told to end then, it closes well.
window() {
    printf '  the window, %s\n' "$1"
    : >"$place/said"
    BREASTVIEW_TRACE=1 QT_QPA_PLATFORM=$1 "$program" view "$place/scans" >"$place/said" 2>&1 &
    running=$!
    waited=0
    until grep -q "first overlay after" "$place/said"; do
        kill -0 "$running" 2>/dev/null || fail "the window closed by itself"
        [ "$waited" -lt "$limit" ] || fail "no overlay was painted in $limit s"
        sleep 1
        waited=$((waited + 1))
    done
    kill "$running"
    wait "$running" || fail "told to end, it ended with $?"
    if grep -q leaked "$place/said"; then fail "told to end, it left something behind"; fi
    sed 's/^/    /' "$place/said"
}

step "version" "$program" --version
says "BreastView $version"
step "support report" "$program" --version --diagnose
for bundle in mg-attentive-mobilenetv2-1 sm-patch-colour-1 us-attentive-3 us-resnet50v2-xception-1; do
    says "$bundle: verified"
done
if grep -q REFUSED "$place/said"; then fail "a model is refused"; fi
step "every command is found" "$program" --help
for command in analyse archive bench bundle compare demo evaluate export keys leak models report train view; do
    says " $command "
done

step "demo study" "$program" demo --to "$place/scans"
step "analysis, table, record, masks, report" \
    "$program" analyse "$place/scans" --out "$place/results"
for file in readings.csv readings.json report.pdf; do
    written "$place/results/$file"
done
if grep -q "could not read" "$place/results/readings.csv"; then fail "pictures were not analysed"; fi
[ "$(wc -l <"$place/results/readings.csv")" -gt 20 ] || fail "the table is too short"
[ "$(head -c 5 "$place/results/report.pdf")" = "%PDF-" ] || fail "the report is no PDF"
[ "$(wc -c <"$place/results/report.pdf")" -gt 50000 ] || fail "the report has no pictures"
[ -z "${REPORT:-}" ] || cp "$place/results/report.pdf" "$REPORT"
step "every output" "$program" export "$place/scans/dicom" \
    --to dicom,seg,sr,sc,gsps,ko,epdf,pdf,csv,json,fhir,png,masks --output "$place/exported" --every-frame
step "keys as a PDF" "$program" keys --pdf "$place/keys.pdf"
written "$place/keys.pdf"

window offscreen
if [ -n "${DISPLAY:-}" ]; then
    window xcb
fi
printf 'the packaged program works\n'
