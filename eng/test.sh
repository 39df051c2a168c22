#!/usr/bin/env bash
# Runs every test of the repository. The last line is: N passed, N failed, N skipped
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
readonly project_limit=30m

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cannot_start() {
  echo "FAILED: $1"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

if [[ -f eng/postgres.sh && -z "${WEBHOOKKIT_POSTGRES:-}" ]] && ! eng/postgres.sh </dev/null >/dev/null 2>&1; then
  echo "== PostgreSQL"
  if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql; } >/dev/null \
      || cannot_start "apt-get install postgresql"
  fi
  eng/postgres.sh </dev/null >/dev/null || cannot_start "a private PostgreSQL; install it, or name a server in WEBHOOKKIT_POSTGRES"
fi

if [[ -f tests/interop/package.json ]]; then
  echo "== npm packages"
  npm ci --prefix tests/interop --no-audit --no-fund --silent || cannot_start "npm ci in tests/interop"
fi

echo "== build"
dotnet build WebhookKit.sln --configuration Release --disable-build-servers -v quiet || cannot_start "dotnet build"

# Both print one line per test: outcome, tab, full name.
trx_results() {
  grep -o '<UnitTestResult [^>]*>' "$1"/*.trx 2>/dev/null \
    | sed -E 's/.* testName="([^"]*)".* outcome="([^"]*)".*/\2\t\1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' || true
}

tap_results() {
  sed -nE 's/^(not )?ok [0-9]+ - (.*) # (SKIP|TODO).*/NotExecuted\tinterop: \2/p; t
    s/^ok [0-9]+ - /Passed\tinterop: /p; s/^not ok [0-9]+ - /Failed\tinterop: /p' "$1/output.txt"
}

problems=()
run() {
  local name="$1" read_results="$2" code=0 failed
  shift 2
  echo "== $name"
  mkdir -p "$work/tmp" "$work/$name"
  TMPDIR="$work/tmp" timeout --kill-after=30s "$project_limit" "$@" >"$work/$name/output.txt" 2>&1 || code=$?

  "$read_results" "$work/$name" >"$work/$name/results.txt"
  failed="$(grep -c '^Failed' "$work/$name/results.txt" || true)"
  if [[ ! -s "$work/$name/results.txt" ]]; then
    problems+=("$name ran no test (ended with $code)")
  elif [[ $code -ne 0 && $failed -eq 0 ]]; then
    problems+=("$name ended with $code although no test failed")
  fi
  if [[ $code -ne 0 ]]; then
    cat "$work/$name/output.txt"
  else
    grep -E '^(Passed!|Skipped!|# interop)' "$work/$name/output.txt" || true
  fi
  rm -rf "$work/tmp"
}

for project in tests/*.Tests/*.csproj; do
  name="$(basename "$project" .csproj)"
  run "$name" trx_results dotnet test "$project" --configuration Release --no-build \
    --logger "trx;LogFileName=$name.trx" --results-directory "$work/$name"
done
if [[ -f tests/interop/package.json ]]; then
  run interop tap_results npm test --prefix tests/interop --silent -- --test-reporter=tap
fi

cat "$work"/*/results.txt >"$work/all.txt"
passed="$(grep -c '^Passed' "$work/all.txt" || true)"
failed="$(grep -c '^Failed' "$work/all.txt" || true)"
skipped="$(grep -cvE '^(Passed|Failed)' "$work/all.txt" || true)"

sed -E '/^[[:space:]]*(#|$)/d; s/[[:space:]]+#.*$//' eng/allowed-skips.txt >"$work/allowed.txt"
while IFS= read -r test; do
  problems+=("$test was skipped and is not in eng/allowed-skips.txt")
done < <(grep -vE '^(Passed|Failed)' "$work/all.txt" | cut -f2- | grep -vxFf "$work/allowed.txt" || true)

while IFS= read -r test; do
  echo "FAILED: $test"
done < <(grep '^Failed' "$work/all.txt" | cut -f2- || true)
for problem in "${problems[@]}"; do
  echo "FAILED: $problem"
done

failed=$((failed + ${#problems[@]}))
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]
