#!/usr/bin/env bash
# Prints a Python that has jsonschema and PyYAML: the machine's, else one in a virtual environment that is made once.
#
#   schema-tests.sh FOLDER
set -euo pipefail

folder=$1
wants='import jsonschema, yaml; jsonschema.Draft202012Validator'
for python in python3 "$folder/bin/python"; do
  if command -v "$python" >/dev/null && "$python" -c "$wants" 2>/dev/null; then
    echo "$python"
    exit
  fi
done
rm -rf "$folder"
{ python3 -m venv "$folder" && "$folder/bin/pip" install --quiet jsonschema pyyaml; } >&2 || {
  echo "schema tests: jsonschema can't be installed: check the network, or install python3-venv" >&2
  exit 1
}
echo "$folder/bin/python"
