#!/usr/bin/env bash
# Runs every test of the repository. The last line is: N passed, N failed, N skipped
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
readonly project_limit=10m

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cannot_start() {
  echo "FAILED: $1"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

if [[ -f tests/interop/package.json ]]; then
  echo "== npm packages"
  npm ci --prefix tests/interop --no-audit --no-fund --silent || cannot_start "npm ci in tests/interop"
fi

echo "== build"
dotnet build WebhookKit.sln --configuration Release --disable-build-servers -v quiet || cannot_start "dotnet build"

# One line per test: outcome, tab, full name.
results() {
  grep -o '<UnitTestResult [^>]*>' "$1" 2>/dev/null \
    | sed -E 's/.* testName="([^"]*)".* outcome="([^"]*)".*/\2\t\1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' || true
}

problems=()
for project in tests/*.Tests/*.csproj; do
  name="$(basename "$project" .csproj)"
  echo "== $name"
  mkdir -p "$work/tmp" "$work/$name"
  code=0
  TMPDIR="$work/tmp" timeout --kill-after=30s "$project_limit" \
    dotnet test "$project" --configuration Release --no-build \
    --logger "trx;LogFileName=$name.trx" --results-directory "$work/$name" \
    >"$work/$name/output.txt" 2>&1 || code=$?

  results "$work/$name/$name.trx" >"$work/$name/results.txt"
  failed="$(grep -c '^Failed' "$work/$name/results.txt" || true)"
  if [[ ! -s "$work/$name/results.txt" ]]; then
    problems+=("$name ran no test (dotnet test ended with $code)")
  elif [[ $code -ne 0 && $failed -eq 0 ]]; then
    problems+=("$name ended with $code although no test failed")
  fi
  if [[ $code -ne 0 ]]; then
    cat "$work/$name/output.txt"
  else
    grep -E '^(Passed!|Skipped!)' "$work/$name/output.txt" || true
  fi
  rm -rf "$work/tmp"
done

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
