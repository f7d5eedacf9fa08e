#!/usr/bin/env bash
# Makes the snippet sets of all kernels of the catalog in a folder, each from the package that the cache keeps, or fetched.
#
#   sets.sh WALKER FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."

walker=$1
folder=$2
mkdir -p "$folder"
cp kernel-snippets/catalog.json "$folder"
mapfile -t kernels < <(sed -n 's/^ *"name": "\(.*\)",$/\1/p' kernel-snippets/catalog.json)
for kernel in "${kernels[@]}"; do
  "$walker" kernels add "$kernel" --if-stale --snippets "$folder" --annotations Annotations --timeout 3600 >&2 || {
    echo "package: the kernel $kernel could not be added: check the network and apt's sources" >&2
    exit 1
  }
done
"$walker" kernels verify --snippets "$folder" --annotations Annotations >&2
