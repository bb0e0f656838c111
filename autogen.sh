#!/bin/sh
# SPDX-License-Identifier: MIT
# Make configure from configure.ac.  Needs autoconf, automake and pkg-config.
set -eu
cd "$(dirname "$0")"
exec autoreconf --install --force
