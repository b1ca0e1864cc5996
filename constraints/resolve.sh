#!/usr/bin/env bash
# Resolves what is installed: one file per supported Airflow, the same for every Python from 3.10 to 3.13, with
# hashes and without the address of any index. Called by `make constraints`, which says where uv is.
set -euo pipefail
cd "$(dirname "$0")/.."

compile=("${UV:-uv}" pip compile --quiet --universal --python-version 3.10 --generate-hashes
  --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make constraints")

# version, and the last day whose releases it still starts with (empty: today's)
airflows() {
  echo "3.1.8"
  echo "3.2.2 2026-06-20"
  echo "3.3.2"
}

airflows | while read -r version newest; do
  echo "Airflow $version"
  "${compile[@]}" ${newest:+--exclude-newer "$newest"} --upgrade --group dev \
    --constraint <(echo "apache-airflow==$version") -o "constraints/airflow-$version.txt" pyproject.toml
done

# The tools that come before the rest change only by hand: keep the versions, renew the hashes.
for name in uv node; do
  grep -o '^[a-z-]*==[^ ]*' "constraints/$name.txt" | "${compile[@]}" -o "constraints/$name.txt" -
done
